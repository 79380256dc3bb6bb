package dev.cardea.wire.json;

import dev.cardea.wire.ByteWriter;
import dev.cardea.wire.Bytes;

/**
 * The pieces of JSON text, written straight into a {@link ByteWriter}. It holds no state and makes
 * no garbage: whether a comma is due is seen from the byte written last. Brackets are put by the
 * caller.
 */
public final class JsonWriter {
    private static final String HEX = "0123456789abcdef";

    private JsonWriter() {}

    /** Writes a comma unless an opening bracket or nothing at all came before. */
    public static void comma(ByteWriter out) {
        int last = out.last();
        if (last != '{' && last != '[' && last != -1) out.put(',');
    }

    /**
     * Begins a member, with its comma if one is due; its value is to follow.
     *
     * @param name ASCII that needs no escape
     */
    public static void name(ByteWriter out, String name) {
        comma(out);
        out.put('"').putAscii(name).put('"').put(':');
    }

    /** Begins a member whose name may be any text. */
    public static void anyName(ByteWriter out, String name) {
        comma(out);
        string(out, name);
        out.put(':');
    }

    /** A string value; surrogates without their partner become U+FFFD. */
    public static void string(ByteWriter out, String text) {
        out.put('"');
        int length = text.length();
        int i = 0;
        while (i < length) {
            int run = i;
            while (run < length && isPlain(text.charAt(run))) run++;
            out.putAscii(text, i, run);
            i = run;
            if (i == length) break;
            int codePoint = text.codePointAt(i);
            if (codePoint < 0x80) escape(out, codePoint);
            else out.putCodePoint(codePoint);
            i += Character.charCount(codePoint);
        }
        out.put('"');
    }

    /** A string value; the text is valid UTF-8 already. */
    public static void string(ByteWriter out, Bytes utf8) {
        out.put('"');
        for (int i = 0; i < utf8.length(); i++) {
            byte b = utf8.at(i);
            if (b < 0 || (b >= 0x20 && b != '"' && b != '\\')) out.put(b);
            else escape(out, b);
        }
        out.put('"');
    }

    private static boolean isPlain(char c) {
        return c >= 0x20 && c < 0x80 && c != '"' && c != '\\';
    }

    private static void escape(ByteWriter out, int c) {
        out.put('\\');
        switch (c) {
            case '"', '\\' -> out.put(c);
            case '\n' -> out.put('n');
            case '\r' -> out.put('r');
            case '\t' -> out.put('t');
            case '\b' -> out.put('b');
            case '\f' -> out.put('f');
            default -> out.putAscii("u00").put(HEX.charAt(c >> 4)).put(HEX.charAt(c & 15));
        }
    }

    /**
     * A value that is JSON text already. Line feeds are left out: in valid JSON they stand between
     * tokens only, and they would break protocols that separate messages by them.
     */
    public static void raw(ByteWriter out, Bytes json) {
        out.putWithout('\n', json);
    }
}
