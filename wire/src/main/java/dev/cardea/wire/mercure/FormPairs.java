package dev.cardea.wire.mercure;

import dev.cardea.wire.Malformed;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Names and values of a form or of a URL's query ({@code application/x-www-form-urlencoded}, as the
 * URL standard reads it), in their order.
 */
public final class FormPairs {
    /** One of them. */
    public record Pair(String name, String value) {}

    private FormPairs() {}

    /**
     * Reads pairs.
     *
     * @param most with more than this nothing is read
     * @throws Malformed there are more, or something isn't UTF-8
     */
    public static List<Pair> read(String text, int most) {
        List<Pair> pairs = new ArrayList<>();
        int at = 0;
        while (at < text.length()) {
            int end = text.indexOf('&', at);
            if (end < 0) end = text.length();
            if (end > at) {
                if (pairs.size() == most) throw new Malformed("more than " + most + " parameters");
                int equals = text.indexOf('=', at);
                boolean hasValue = equals >= 0 && equals < end;
                String name = text(text.substring(at, hasValue ? equals : end));
                pairs.add(new Pair(name, hasValue ? text(text.substring(equals + 1, end)) : ""));
            }
            at = end + 1;
        }
        return pairs;
    }

    /** All values of one name. */
    public static List<String> values(List<Pair> pairs, String name) {
        List<String> values = new ArrayList<>();
        for (Pair pair : pairs) if (pair.name().equals(name)) values.add(pair.value());
        return values;
    }

    private static String text(String escaped) {
        boolean isPlain = escaped.chars().allMatch(c -> c < 128 && c != '%' && c != '+');
        if (isPlain) return escaped;
        String text = strictUtf8(decoded(escaped, true));
        if (text == null) throw new Malformed("a parameter isn't UTF-8");
        return text;
    }

    /** A percent sign without two digits behind it stands for itself. */
    static byte[] decoded(String text, boolean plusIsSpace) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        int length = 0;
        for (int i = 0; i < bytes.length; i++) {
            int high = bytes[i] == '%' && i + 2 < bytes.length ? digit(bytes[i + 1]) : -1;
            int low = high < 0 ? -1 : digit(bytes[i + 2]);
            if (low >= 0) {
                bytes[length++] = (byte) (high * 16 + low);
                i += 2;
            } else {
                bytes[length++] = plusIsSpace && bytes[i] == '+' ? (byte) ' ' : bytes[i];
            }
        }
        return Arrays.copyOf(bytes, length);
    }

    private static int digit(byte b) {
        return b < 0 ? -1 : Character.digit(b, 16);
    }

    /** Null: it isn't UTF-8. */
    static @Nullable String strictUtf8(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException _) {
            return null;
        }
    }
}
