package dev.cardea.wire;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * An immutable run of bytes: a payload that the server carries and never looks into. Safe to share
 * between threads.
 */
public final class Bytes {
    public static final Bytes EMPTY = new Bytes(new byte[0]);

    private final byte[] array;

    private Bytes(byte[] array) {
        this.array = array;
    }

    /** Copies what remains in the buffer and leaves its position alone. */
    public static Bytes copyOf(ByteBuffer buffer) {
        if (!buffer.hasRemaining()) return EMPTY;
        byte[] copy = new byte[buffer.remaining()];
        buffer.get(buffer.position(), copy);
        return new Bytes(copy);
    }

    /** Takes the array over: the caller must not write to it again. */
    public static Bytes wrap(byte[] array) {
        return array.length == 0 ? EMPTY : new Bytes(array);
    }

    public static Bytes utf8(String text) {
        return wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    public int length() {
        return array.length;
    }

    public boolean isEmpty() {
        return array.length == 0;
    }

    public byte at(int index) {
        return array[index];
    }

    /** A read-only view. */
    public ByteBuffer buffer() {
        return ByteBuffer.wrap(array).asReadOnlyBuffer();
    }

    public byte[] toArray() {
        return array.clone();
    }

    public String toUtf8() {
        return new String(array, StandardCharsets.UTF_8);
    }

    /** Copies all of it to where the target has room for it. */
    public void copyTo(byte[] target, int offset) {
        System.arraycopy(array, 0, target, offset, array.length);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Bytes that && Arrays.equals(array, that.array);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(array);
    }

    /** The length only: payloads don't belong in logs. */
    @Override
    public String toString() {
        return "Bytes[" + array.length + "]";
    }
}
