package dev.cardea.wire.mercure;

import dev.cardea.wire.Malformed;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** One component of a URL pattern (the URL Pattern standard, "parse a pattern string"). */
final class PatternPart {
    /**
     * How a component is read.
     *
     * @param delimiter what a name doesn't reach beyond; empty: nothing
     * @param prefix what belongs to the name behind it
     * @param encode what is fixed, as it stands in a URL
     */
    record Rules(String delimiter, String prefix, UnaryOperator<String> encode) {}

    private final List<PatternToken> tokens;
    private final Rules rules;
    private final List<Shape> parts = new ArrayList<>();
    private final StringBuilder fixed = new StringBuilder();
    private int at;

    private PatternPart(String text, Rules rules) {
        this.tokens = PatternToken.split(text, true);
        this.rules = rules;
    }

    static Automaton compile(String text, Rules rules) {
        PatternPart reader = new PatternPart(text, rules);
        reader.read();
        return new Automaton(new Shape.Sequence(reader.parts));
    }

    private void read() {
        while (true) {
            PatternToken c = take(PatternToken.Kind.CHAR);
            PatternToken name = take(PatternToken.Kind.NAME);
            PatternToken value = value(name);
            if (name != null || value != null) {
                String prefix = c == null ? "" : c.value();
                if (!prefix.equals(rules.prefix())) {
                    fixed.append(prefix);
                    prefix = "";
                }
                add(prefix, name, value, "", modifier());
                continue;
            }
            PatternToken plain = c != null ? c : take(PatternToken.Kind.ESCAPED);
            if (plain != null) {
                fixed.append(plain.value());
                continue;
            }
            if (take(PatternToken.Kind.OPEN) == null) break;
            String prefix = text();
            PatternToken inner = take(PatternToken.Kind.NAME);
            PatternToken innerValue = value(inner);
            String suffix = text();
            require(PatternToken.Kind.CLOSE);
            add(prefix, inner, innerValue, suffix, modifier());
        }
        flush();
        require(PatternToken.Kind.END);
    }

    private @Nullable PatternToken take(PatternToken.Kind kind) {
        return tokens.get(at).kind() == kind ? tokens.get(at++) : null;
    }

    private void require(PatternToken.Kind kind) {
        if (take(kind) == null) throw new Malformed("something unexpected in the pattern");
    }

    private @Nullable PatternToken value(@Nullable PatternToken name) {
        PatternToken regexp = take(PatternToken.Kind.REGEXP);
        return regexp != null || name != null ? regexp : take(PatternToken.Kind.ASTERISK);
    }

    private String modifier() {
        PatternToken modifier = take(PatternToken.Kind.MODIFIER);
        if (modifier == null) modifier = take(PatternToken.Kind.ASTERISK);
        return modifier == null ? "" : modifier.value();
    }

    private String text() {
        StringBuilder text = new StringBuilder();
        while (true) {
            PatternToken token = take(PatternToken.Kind.CHAR);
            if (token == null) token = take(PatternToken.Kind.ESCAPED);
            if (token == null) return text.toString();
            text.append(token.value());
        }
    }

    private void flush() {
        if (fixed.isEmpty()) return;
        parts.add(new Shape.Literal(rules.encode().apply(fixed.toString())));
        fixed.setLength(0);
    }

    private void add(
            String prefix,
            @Nullable PatternToken name,
            @Nullable PatternToken value,
            String suffix,
            String modifier) {
        if (name == null && value == null) {
            if (modifier.isEmpty()) {
                fixed.append(prefix);
                return;
            }
            flush();
            Shape all = new Shape.Literal(rules.encode().apply(prefix));
            parts.add(repeated(Shape.NOTHING, all, Shape.NOTHING, modifier));
            return;
        }
        flush();
        Shape matched;
        if (value == null) {
            CharSet segment =
                    rules.delimiter().isEmpty() ? CharSet.ANY : CharSet.of(rules.delimiter()).not();
            matched = new Shape.Repeat(new Shape.One(segment), 1, Shape.UNLIMITED);
        } else if (value.kind() == PatternToken.Kind.ASTERISK) {
            matched = Shape.any(new Shape.One(CharSet.ANY));
        } else {
            matched = RegexGroup.parse(value.value());
        }
        parts.add(
                repeated(
                        new Shape.Literal(rules.encode().apply(prefix)),
                        matched,
                        new Shape.Literal(rules.encode().apply(suffix)),
                        modifier));
    }

    /** Between two of several stand the suffix of the one and the prefix of the other. */
    private static Shape repeated(Shape prefix, Shape value, Shape suffix, String modifier) {
        Shape once = Shape.sequence(prefix, value, suffix);
        return switch (modifier) {
            case "" -> once;
            case "?" -> Shape.optional(once);
            default -> {
                Shape several = Shape.sequence(once, Shape.any(once));
                yield modifier.equals("+") ? several : Shape.optional(several);
            }
        };
    }
}
