package dev.cardea.wire.websocket;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The exclusive or of RFC 6455 section 5.3, eight bytes at a time.
 *
 * <p>A key is an int whose top byte belongs to the first byte of the payload.
 */
final class Mask {
    private static final VarHandle LONGS =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private Mask() {}

    /** Masks or unmasks a part of the array; returns the key for the byte that follows. */
    static int apply(int key, byte[] array, int from, int to) {
        long wide = widen(key);
        int i = from;
        for (; i <= to - Long.BYTES; i += Long.BYTES) {
            LONGS.set(array, i, (long) LONGS.get(array, i) ^ wide);
        }
        int rest = key;
        for (; i < to; i++) {
            array[i] ^= (byte) (rest >>> 24);
            rest = Integer.rotateLeft(rest, 8);
        }
        return rest;
    }

    /** Masks or unmasks all that remains in the buffer, which keeps its position. */
    static void apply(int key, ByteBuffer buffer) {
        long wide =
                buffer.order() == ByteOrder.BIG_ENDIAN ? widen(key) : Long.reverseBytes(widen(key));
        int to = buffer.limit();
        int i = buffer.position();
        for (; i <= to - Long.BYTES; i += Long.BYTES) {
            buffer.putLong(i, buffer.getLong(i) ^ wide);
        }
        int rest = key;
        for (; i < to; i++) {
            buffer.put(i, (byte) (buffer.get(i) ^ (rest >>> 24)));
            rest = Integer.rotateLeft(rest, 8);
        }
    }

    private static long widen(int key) {
        return ((long) key << 32) | (key & 0xFFFF_FFFFL);
    }
}
