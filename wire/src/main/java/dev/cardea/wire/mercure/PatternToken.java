package dev.cardea.wire.mercure;

import dev.cardea.wire.Malformed;
import java.util.ArrayList;
import java.util.List;

/**
 * A piece of a URL pattern (the URL Pattern standard, "tokenizing").
 *
 * @param index where it begins
 * @param value its text: a name without the colon, a regular expression without parentheses
 */
record PatternToken(Kind kind, int index, String value) {
    enum Kind {
        OPEN,
        CLOSE,
        REGEXP,
        NAME,
        CHAR,
        ESCAPED,
        MODIFIER,
        ASTERISK,
        END,
        /** Something that isn't what it looks like; only where the text isn't judged yet. */
        INVALID
    }

    boolean isPlain(char c) {
        return value.length() == 1
                && value.charAt(0) == c
                && (kind == Kind.CHAR || kind == Kind.ESCAPED || kind == Kind.INVALID);
    }

    /**
     * @param strict what is broken is {@link Malformed} rather than a token
     */
    static List<PatternToken> split(String text, boolean strict) {
        List<PatternToken> tokens = new ArrayList<>();
        int at = 0;
        while (at < text.length()) {
            PatternToken token = next(text, at, strict);
            tokens.add(token);
            at += length(token);
        }
        tokens.add(new PatternToken(Kind.END, text.length(), ""));
        return tokens;
    }

    private static int length(PatternToken token) {
        return switch (token.kind()) {
            case REGEXP -> token.value().length() + 2;
            case NAME, ESCAPED -> token.value().length() + 1;
            case OPEN, CLOSE, CHAR, MODIFIER, ASTERISK, END, INVALID -> token.value().length();
        };
    }

    private static PatternToken next(String text, int at, boolean strict) {
        char c = text.charAt(at);
        return switch (c) {
            case '*' -> new PatternToken(Kind.ASTERISK, at, "*");
            case '+', '?' -> new PatternToken(Kind.MODIFIER, at, String.valueOf(c));
            case '{' -> new PatternToken(Kind.OPEN, at, "{");
            case '}' -> new PatternToken(Kind.CLOSE, at, "}");
            case '\\' ->
                    at + 1 < text.length()
                            ? new PatternToken(
                                    Kind.ESCAPED, at, Character.toString(text.codePointAt(at + 1)))
                            : broken(at, c, strict);
            case ':' -> {
                int end = at + 1;
                while (end < text.length() && isNamePart(text.codePointAt(end), end == at + 1))
                    end += Character.charCount(text.codePointAt(end));
                yield end == at + 1
                        ? broken(at, c, strict)
                        : new PatternToken(Kind.NAME, at, text.substring(at + 1, end));
            }
            case '(' -> {
                int end = regexpEnd(text, at + 1);
                yield end <= at + 1
                        ? broken(at, c, strict)
                        : new PatternToken(Kind.REGEXP, at, text.substring(at + 1, end));
            }
            default -> new PatternToken(Kind.CHAR, at, Character.toString(text.codePointAt(at)));
        };
    }

    private static PatternToken broken(int at, char c, boolean strict) {
        if (strict) throw new Malformed("a " + c + " that begins nothing");
        return new PatternToken(Kind.INVALID, at, String.valueOf(c));
    }

    private static boolean isNamePart(int codePoint, boolean first) {
        return first
                ? Character.isUnicodeIdentifierStart(codePoint)
                        || codePoint == '_'
                        || codePoint == '$'
                : Character.isUnicodeIdentifierPart(codePoint) || codePoint == '$';
    }

    /** Where its parenthesis is closed; -1: it is no regular expression. */
    private static int regexpEnd(String text, int from) {
        int depth = 1;
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c > 127 || (i == from && c == '?')) return -1;
            switch (c) {
                case '\\' -> i++;
                case '(' -> {
                    depth++;
                    if (i + 1 == text.length() || text.charAt(i + 1) != '?') return -1;
                }
                case ')' -> {
                    if (--depth == 0) return i;
                }
                default -> {}
            }
        }
        return -1;
    }
}
