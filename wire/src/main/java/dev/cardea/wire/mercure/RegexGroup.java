package dev.cardea.wire.mercure;

import dev.cardea.wire.Malformed;
import java.util.ArrayList;
import java.util.List;

/**
 * The regular expression in a URL pattern's parentheses, as far as it describes a regular language:
 * alternatives, classes, groups, repetition. What looks around or back is refused.
 */
final class RegexGroup {
    private static final int MAX_DEPTH = 16;
    private static final int MAX_COUNT = 1000;
    private static final CharSet SPACE = CharSet.of(" \t\n\r\f\u000b");

    private final String text;
    private int at;

    private RegexGroup(String text) {
        this.text = text;
    }

    static Shape parse(String text) {
        RegexGroup reader = new RegexGroup(text);
        Shape shape = reader.alternatives(0);
        if (reader.at < text.length()) throw new Malformed("a parenthesis that isn't open");
        return shape;
    }

    private boolean isAt(char c) {
        return at < text.length() && text.charAt(at) == c;
    }

    private Shape alternatives(int depth) {
        if (depth > MAX_DEPTH) throw new Malformed("groups nest too deep");
        List<Shape> alternatives = new ArrayList<>();
        alternatives.add(sequence(depth));
        while (isAt('|')) {
            at++;
            alternatives.add(sequence(depth));
        }
        return new Shape.Choice(alternatives);
    }

    private Shape sequence(int depth) {
        List<Shape> parts = new ArrayList<>();
        while (at < text.length() && !isAt('|') && !isAt(')')) parts.add(repeated(atom(depth)));
        return new Shape.Sequence(parts);
    }

    private Shape atom(int depth) {
        char c = text.charAt(at++);
        return switch (c) {
            case '(' -> {
                if (!text.startsWith("?:", at))
                    throw new Malformed("a group that captures or looks around");
                at += 2;
                Shape inner = alternatives(depth + 1);
                if (!isAt(')')) throw new Malformed("a group isn't closed");
                at++;
                yield inner;
            }
            case '[' -> new Shape.One(characters());
            case '.' -> new Shape.One(CharSet.of("\n\r").not());
            case '\\' -> new Shape.One(escape());
            case '^', '$', '*', '+', '?', '{' -> throw new Malformed("an unescaped " + c);
            default -> new Shape.Literal(String.valueOf(c));
        };
    }

    private Shape repeated(Shape atom) {
        if (at == text.length()) return atom;
        int least = 0;
        int most = Shape.UNLIMITED;
        switch (text.charAt(at)) {
            case '*' -> at++;
            case '+' -> {
                least = 1;
                at++;
            }
            case '?' -> {
                most = 1;
                at++;
            }
            case '{' -> {
                at++;
                least = number();
                most = least;
                if (isAt(',')) {
                    at++;
                    most = isAt('}') ? Shape.UNLIMITED : number();
                }
                if (!isAt('}')) throw new Malformed("a count isn't closed");
                at++;
            }
            default -> {
                return atom;
            }
        }
        if (isAt('?')) at++; // lazy or not: it matches the same
        if (most != Shape.UNLIMITED && most < least) throw new Malformed("counts are turned round");
        return new Shape.Repeat(atom, least, most);
    }

    private int number() {
        int start = at;
        int value = 0;
        while (at < text.length()
                && Character.digit(text.charAt(at), 10) >= 0
                && value <= MAX_COUNT) value = value * 10 + Character.digit(text.charAt(at++), 10);
        if (at == start || value > MAX_COUNT) throw new Malformed("a count of 1000 at most");
        return value;
    }

    private CharSet characters() {
        boolean negated = isAt('^');
        if (negated) at++;
        CharSet set = CharSet.NONE;
        while (!isAt(']')) {
            if (at == text.length()) throw new Malformed("a class isn't closed");
            char from = text.charAt(at++);
            if (from == '\\') {
                set = set.or(escape());
                continue;
            }
            boolean isRange = isAt('-') && at + 1 < text.length() && text.charAt(at + 1) != ']';
            if (!isRange) {
                set = set.or(CharSet.range(from, from));
                continue;
            }
            char to = text.charAt(at + 1);
            at += 2;
            if (to == '\\' || to < from) throw new Malformed("a range is turned round");
            set = set.or(CharSet.range(from, to));
        }
        at++;
        return negated ? set.not() : set;
    }

    private CharSet escape() {
        if (at == text.length()) throw new Malformed("nothing is escaped");
        char c = text.charAt(at++);
        return switch (c) {
            case 'd' -> CharSet.DIGIT;
            case 'D' -> CharSet.DIGIT.not();
            case 'w' -> CharSet.WORD;
            case 'W' -> CharSet.WORD.not();
            case 's' -> SPACE;
            case 'S' -> SPACE.not();
            case 't' -> CharSet.of("\t");
            case 'n' -> CharSet.of("\n");
            case 'r' -> CharSet.of("\r");
            default -> {
                if (CharSet.WORD.has(c)) throw new Malformed("an escape of another kind");
                yield CharSet.range(c, c);
            }
        };
    }
}
