package dev.cardea.wire.json;

import dev.cardea.wire.Malformed;

/** The well-formed byte sequences of Unicode 16 table 3-7: nothing overlong, no surrogates. */
final class JsonUtf8 {
    private JsonUtf8() {}

    /** How long the multi-byte character at {@code at} is. */
    static int lengthAt(byte[] array, int at, int end) {
        int lead = array[at] & 0xFF;
        int length = lead < 0xC2 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : lead < 0xF5 ? 4 : 0;
        if (length == 0 || end - at < length) throw new Malformed("invalid UTF-8");
        int second = array[at + 1] & 0xFF;
        int lowest = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
        int highest = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
        if (second < lowest || second > highest) throw new Malformed("invalid UTF-8");
        for (int i = 2; i < length; i++) {
            if ((array[at + i] & 0xC0) != 0x80) throw new Malformed("invalid UTF-8");
        }
        return length;
    }

    /** The character at {@code at}, whose length was checked before. */
    static int codePointAt(byte[] array, int at, int length) {
        int value = array[at] & (0x7F >> length);
        for (int i = 1; i < length; i++) value = value << 6 | (array[at + i] & 0x3F);
        return value;
    }

    /** What escapes can say and UTF-8 cannot: a surrogate without its partner becomes U+FFFD. */
    static void replaceLoneSurrogates(StringBuilder text) {
        for (int i = 0; i < text.length(); i++) {
            if (!Character.isSurrogate(text.charAt(i))) continue;
            if (Character.charCount(text.codePointAt(i)) == 2) i++;
            else text.setCharAt(i, '\uFFFD');
        }
    }
}
