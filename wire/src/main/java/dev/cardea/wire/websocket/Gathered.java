package dev.cardea.wire.websocket;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * What has arrived of a payload that isn't whole yet. Grows with the bytes, not with what a header
 * claims: at most twice what has arrived.
 */
final class Gathered {
    private static final int FIRST_BYTES = 64;

    private byte[] array = {};
    private int length;

    int length() {
        return length;
    }

    int capacity() {
        return array.length;
    }

    /**
     * Takes bytes off the buffer and unmasks them.
     *
     * @param wanted how many bytes are known to follow, these included
     * @return the mask for the byte that follows
     */
    int append(ByteBuffer in, int count, int wanted, int mask) {
        int needed = Math.addExact(length, count);
        if (needed > array.length) {
            int doubled =
                    Math.max(FIRST_BYTES, (int) Math.min(array.length * 2L, Integer.MAX_VALUE - 8));
            int atMost = Math.addExact(length, wanted);
            array = Arrays.copyOf(array, Math.max(needed, Math.min(doubled, atMost)));
        }
        in.get(array, length, count);
        int rest = mask == 0 ? 0 : Mask.apply(mask, array, length, needed);
        length = needed;
        return rest;
    }

    /** A view of the bytes from {@code index} on. */
    ByteBuffer from(int index) {
        return ByteBuffer.wrap(array, index, length - index);
    }

    ByteBuffer all() {
        return ByteBuffer.wrap(array, 0, length);
    }
}
