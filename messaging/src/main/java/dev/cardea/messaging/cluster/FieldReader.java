package dev.cardea.messaging.cluster;

import dev.cardea.wire.Bytes;
import dev.cardea.wire.Malformed;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a {@link FieldWriter} has written. Nothing is allocated before its length is checked.
 */
public final class FieldReader {
    private final byte[] array;
    private int at;

    public FieldReader(Bytes message) {
        this.array = message.toArray();
    }

    public long number() {
        long value = 0;
        for (int shift = 0; shift < 70; shift += 7) {
            int b = next();
            value |= (long) (b & 0x7F) << shift;
            if (b >= 0) return value;
        }
        throw new Malformed("number longer than 10 bytes");
    }

    /** How many elements follow, of which each has a byte at least. */
    public int count() {
        long count = number();
        if (count < 0 || count > array.length - at) throw new Malformed("more than there is");
        return (int) count;
    }

    public boolean bool() {
        return next() != 0;
    }

    public @Nullable Boolean maybe() {
        return switch (next()) {
            case 0 -> null;
            case 1 -> false;
            default -> true;
        };
    }

    public String text() {
        int length = count();
        at += length;
        return new String(array, at - length, length, StandardCharsets.UTF_8);
    }

    public Bytes bytes() {
        int length = count();
        at += length;
        return Bytes.wrap(Arrays.copyOfRange(array, at - length, at));
    }

    private int next() {
        if (at == array.length) throw new Malformed("shorter than it says");
        return array[at++];
    }
}
