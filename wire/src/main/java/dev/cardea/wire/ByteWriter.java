package dev.cardea.wire;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * A growing byte array that codecs write into. Not thread safe; meant to be cleared and used again.
 */
public final class ByteWriter {
    private byte[] array;
    private int length;

    public ByteWriter() {
        this(256);
    }

    public ByteWriter(int capacityBytes) {
        array = new byte[Math.max(16, capacityBytes)];
    }

    public int length() {
        return length;
    }

    public ByteWriter put(int oneByte) {
        reserve(1);
        array[length++] = (byte) oneByte;
        return this;
    }

    public ByteWriter put(Bytes bytes) {
        reserve(bytes.length());
        bytes.copyTo(array, length);
        length += bytes.length();
        return this;
    }

    public ByteWriter put(byte[] bytes) {
        return put(bytes, 0, bytes.length);
    }

    public ByteWriter put(byte[] bytes, int offset, int count) {
        reserve(count);
        System.arraycopy(bytes, offset, array, length, count);
        length += count;
        return this;
    }

    /** Takes all that remains in the buffer, and leaves its position alone. */
    public ByteWriter put(ByteBuffer buffer) {
        int count = buffer.remaining();
        reserve(count);
        buffer.get(buffer.position(), array, length, count);
        length += count;
        return this;
    }

    /** The low 8 bits of a pure ASCII text. */
    public ByteWriter putAscii(String text) {
        int count = text.length();
        reserve(count);
        for (int i = 0; i < count; i++) array[length + i] = (byte) text.charAt(i);
        length += count;
        return this;
    }

    /** Overwrites one byte that was written before, for lengths that are known last. */
    public void set(int index, int oneByte) {
        if (index >= length) throw new IndexOutOfBoundsException(index);
        array[index] = (byte) oneByte;
    }

    /** Opens a gap of {@code count} bytes at {@code index}, for headers that are known last. */
    public void insert(int index, int count) {
        reserve(count);
        System.arraycopy(array, index, array, index + count, length - index);
        length += count;
    }

    public void truncate(int newLength) {
        if (newLength > length) throw new IndexOutOfBoundsException(newLength);
        length = newLength;
    }

    public void clear() {
        length = 0;
    }

    /** The array behind, valid up to {@link #length()} and until the next write. */
    public byte[] array() {
        return array;
    }

    /** A view of what was written, valid until the next write. */
    public ByteBuffer written() {
        return ByteBuffer.wrap(array, 0, length);
    }

    public byte[] toArray() {
        return Arrays.copyOf(array, length);
    }

    public Bytes toBytes() {
        return Bytes.wrap(toArray());
    }

    private void reserve(int count) {
        if (array.length - length < count) {
            array = Arrays.copyOf(array, Math.max(array.length * 2, Math.addExact(length, count)));
        }
    }
}
