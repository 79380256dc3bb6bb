package dev.cardea.wire.mercure;

import dev.cardea.wire.Malformed;
import java.util.ArrayList;
import java.util.List;

/**
 * A URI template (RFC 6570) as a matcher: a text matches if the template could be expanded to it,
 * with some values or none.
 *
 * <p>No expansion has characters beyond ASCII where a variable stands: those are percent-encoded.
 */
final class UriTemplate {
    private static final CharSet UNRESERVED =
            CharSet.LETTER.or(CharSet.DIGIT).or(CharSet.of("-._~"));
    private static final CharSet RESERVED = CharSet.of(":/?#[]@!$&'()*+,;=");
    private static final CharSet NAME = CharSet.WORD.or(CharSet.of("."));
    private static final Shape ENCODED =
            Shape.sequence(
                    new Shape.Literal("%"), new Shape.One(CharSet.HEX), new Shape.One(CharSet.HEX));

    /**
     * A longer prefix ({@code {var:200}}) isn't taken: it is written out character by character.
     */
    private static final int MAX_PREFIX = 100;

    private UriTemplate() {}

    /** The operators of RFC 6570, appendix A. */
    private enum Operator {
        SIMPLE("", ",", false, false),
        RESERVED("", ",", false, true),
        FRAGMENT("#", ",", false, true),
        LABEL(".", ".", false, false),
        PATH("/", "/", false, false),
        PARAMETER(";", ";", true, false),
        QUERY("?", "&", true, false),
        CONTINUATION("&", "&", true, false);

        final String first;
        final String separator;
        final boolean isNamed;
        final boolean allowsReserved;

        Operator(String first, String separator, boolean isNamed, boolean allowsReserved) {
            this.first = first;
            this.separator = separator;
            this.isNamed = isNamed;
            this.allowsReserved = allowsReserved;
        }

        static Operator of(char c) {
            return switch (c) {
                case '+' -> RESERVED;
                case '#' -> FRAGMENT;
                case '.' -> LABEL;
                case '/' -> PATH;
                case ';' -> PARAMETER;
                case '?' -> QUERY;
                case '&' -> CONTINUATION;
                default -> SIMPLE;
            };
        }
    }

    /**
     * @throws Malformed it is no template, by the grammar of section 2
     */
    static Shape parse(String template) {
        List<Shape> parts = new ArrayList<>();
        int at = 0;
        while (at < template.length()) {
            int open = template.indexOf('{', at);
            String literal = template.substring(at, open < 0 ? template.length() : open);
            if (literal.indexOf('}') >= 0) throw new Malformed("a brace is closed that isn't open");
            if (!literal.isEmpty()) parts.add(new Shape.Literal(literal));
            if (open < 0) break;
            int close = template.indexOf('}', open);
            if (close < 0) throw new Malformed("a brace isn't closed");
            parts.add(expression(template.substring(open + 1, close)));
            at = close + 1;
        }
        return new Shape.Sequence(parts);
    }

    private static Shape expression(String text) {
        if (text.isEmpty()) throw new Malformed("an expression without a variable");
        Operator operator = Operator.of(text.charAt(0));
        String variables = operator == Operator.SIMPLE ? text : text.substring(1);
        String[] all = variables.split(",", -1);
        boolean explodes = false;
        for (String each : all) explodes |= each.endsWith("*");
        Shape value = value(operator, all[0], explodes);
        List<Shape> parts = new ArrayList<>();
        parts.add(new Shape.Literal(operator.first));
        parts.add(value);
        Shape.Literal separator = new Shape.Literal(operator.separator);
        for (int i = 1; i < all.length; i++)
            parts.add(Shape.optional(Shape.sequence(separator, value(operator, all[i], explodes))));
        if (explodes) parts.add(Shape.any(Shape.sequence(separator, value(operator, "v", true))));
        Shape whole = new Shape.Sequence(parts);
        return operator.first.isEmpty() ? whole : Shape.optional(whole);
    }

    /** What a variable can be expanded to; a list of values has commas, a named one its name. */
    private static Shape value(Operator operator, String variable, boolean explodes) {
        int most = checked(variable);
        CharSet allowed = UNRESERVED.or(CharSet.of(","));
        if (operator.allowsReserved) allowed = allowed.or(RESERVED);
        if (operator.isNamed || explodes) allowed = allowed.or(CharSet.of("="));
        Shape one = new Shape.Choice(List.of(new Shape.One(allowed), ENCODED));
        if (most == Shape.UNLIMITED || !operator.isNamed) return new Shape.Repeat(one, 0, most);
        String name = variable.substring(0, variable.indexOf(':'));
        return Shape.sequence(
                Shape.optional(new Shape.Literal(name)),
                Shape.optional(new Shape.Literal("=")),
                new Shape.Repeat(one, 0, most));
    }

    /** Sections 2.3 and 2.4. Returns the most characters of a prefix. */
    private static int checked(String variable) {
        int end = variable.length();
        int most = Shape.UNLIMITED;
        int colon = variable.indexOf(':');
        if (colon >= 0) {
            most = prefix(variable.substring(colon + 1));
            end = colon;
        } else if (variable.endsWith("*")) {
            end--;
        }
        if (end == 0) throw new Malformed("a variable without a name");
        for (int i = 0; i < end; i++) {
            char c = variable.charAt(i);
            boolean isEncoded =
                    c == '%'
                            && i + 2 < end
                            && CharSet.HEX.has(variable.charAt(i + 1))
                            && CharSet.HEX.has(variable.charAt(i + 2));
            if (c > 127 || !(NAME.has(c) || isEncoded)) throw new Malformed("a variable's name");
        }
        return most;
    }

    private static int prefix(String digits) {
        boolean isNumber =
                !digits.isEmpty()
                        && digits.length() <= 4
                        && digits.chars().allMatch(c -> c >= '0' && c <= '9')
                        && digits.charAt(0) != '0';
        if (!isNumber) throw new Malformed("a prefix is a number up to 9999");
        int most = Integer.parseInt(digits);
        if (most > MAX_PREFIX) throw new Malformed("a prefix of more than " + MAX_PREFIX);
        return most;
    }
}
