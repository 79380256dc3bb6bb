package dev.cardea.wire.fossil;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;

/** Payloads, and what they become when somebody edits them: text of several scripts, and bytes. */
final class RandomPayloads {
    /** Letters of one script have bytes in common; so have these emoji. */
    private static final String[] ALPHABETS = {
        "abcdefghij {}[]\",:0123456789\n\\",
        "абвгдежзийклмнопрстуфхцчшщъыьэюяАБВЁЂЃ ",
        "漢字仮名交じり文日本語中文",
        "🚪🗝🔑🔐🏠🏡🚫👨‍👩‍👧🇩🇪é̂",
        "aяé漢🚪 "
    };

    private RandomPayloads() {}

    static byte[] payload(SplittableRandom random, int longest) {
        int length = random.nextInt(longest + 1);
        if (random.nextInt(5) == 0) {
            byte[] bytes = new byte[length];
            random.nextBytes(bytes);
            if (random.nextBoolean()) { // long runs, and nothing but the inside of characters
                for (int i = 0; i < length; i++) bytes[i] = (byte) (0x80 | (i / 20 & 3));
            }
            return bytes;
        }
        return words(random, length).getBytes(StandardCharsets.UTF_8);
    }

    static String words(SplittableRandom random, int length) {
        int[] letters = ALPHABETS[random.nextInt(ALPHABETS.length)].codePoints().toArray();
        StringBuilder text = new StringBuilder();
        while (text.length() < length) {
            int used = random.nextInt(4) == 0 ? Math.min(3, letters.length) : letters.length;
            for (int i = random.nextInt(12); i >= 0; i--)
                text.appendCodePoint(letters[random.nextInt(used)]);
        }
        return text.toString();
    }

    /** Another payload, most often much like the first. */
    static byte[] edited(SplittableRandom random, byte[] payload, int longest) {
        if (random.nextInt(20) == 0) return payload(random, longest);
        boolean isText = isUtf8(payload);
        byte[] now = payload;
        for (int edits = random.nextInt(6); edits > 0; edits--) {
            now = isText ? editText(random, now) : editBytes(random, now);
        }
        return now;
    }

    static boolean isUtf8(byte[] bytes) {
        return Arrays.equals(
                new String(bytes, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_8), bytes);
    }

    private static byte[] editText(SplittableRandom random, byte[] payload) {
        int[] text = new String(payload, StandardCharsets.UTF_8).codePoints().toArray();
        int from = random.nextInt(text.length + 1);
        int to = Math.min(text.length, from + random.nextInt(1 + random.nextInt(60)));
        StringBuilder edited = new StringBuilder();
        edited.append(new String(text, 0, from));
        switch (random.nextInt(4)) {
            case 0 -> edited.append(words(random, random.nextInt(20)));
            case 1 -> { // the neighbour in the code chart: most often the last byte alone differs
                for (int i = from; i < to; i++) edited.appendCodePoint(neighbour(text[i]));
            }
            case 2 -> { // moved or repeated
                int at = random.nextInt(text.length + 1);
                edited.append(new String(text, at, Math.min(text.length - at, random.nextInt(80))));
            }
            default -> {} // cut out
        }
        return edited.append(new String(text, to, text.length - to))
                .toString()
                .getBytes(StandardCharsets.UTF_8);
    }

    private static int neighbour(int codePoint) {
        int next = codePoint ^ 1;
        return next >= 0xD800 && next < 0xE000 ? codePoint : next;
    }

    private static byte[] editBytes(SplittableRandom random, byte[] payload) {
        int from = random.nextInt(payload.length + 1);
        int to = Math.min(payload.length, from + random.nextInt(40));
        byte[] inserted = new byte[random.nextInt(40)];
        random.nextBytes(inserted);
        byte[] edited = new byte[payload.length - (to - from) + inserted.length];
        System.arraycopy(payload, 0, edited, 0, from);
        System.arraycopy(inserted, 0, edited, from, inserted.length);
        System.arraycopy(payload, to, edited, from + inserted.length, payload.length - to);
        return edited;
    }
}
