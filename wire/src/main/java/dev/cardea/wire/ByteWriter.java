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
        return putAscii(text, 0, text.length());
    }

    /** The low 8 bits of the characters from {@code from} to before {@code to}, all ASCII. */
    @SuppressWarnings("deprecation") // the one copy out of a String that makes no garbage
    public ByteWriter putAscii(String text, int from, int to) {
        reserve(to - from);
        text.getBytes(from, to, array, length);
        length += to - from;
        return this;
    }

    /** All the bytes except those that equal {@code dropped}. */
    public ByteWriter putWithout(int dropped, Bytes bytes) {
        int at = length;
        put(bytes);
        while (at < length && array[at] != dropped) at++;
        if (at == length) return this;
        int kept = at;
        for (; at < length; at++) {
            if (array[at] != dropped) array[kept++] = array[at];
        }
        length = kept;
        return this;
    }

    /** A text in UTF-8; a surrogate without its partner becomes U+FFFD. */
    public ByteWriter putUtf8(String text) {
        int count = text.length();
        reserve(count);
        int i = 0;
        while (i < count && text.charAt(i) < 0x80) array[length++] = (byte) text.charAt(i++);
        while (i < count) {
            int codePoint = text.codePointAt(i);
            putCodePoint(codePoint);
            i += Character.charCount(codePoint);
        }
        return this;
    }

    /** One Unicode character in UTF-8; a lone surrogate becomes U+FFFD. */
    public ByteWriter putCodePoint(int codePoint) {
        reserve(4);
        if (codePoint < 0x80) {
            array[length++] = (byte) codePoint;
        } else if (codePoint < 0x800) {
            array[length++] = (byte) (0xC0 | codePoint >> 6);
            array[length++] = (byte) (0x80 | (codePoint & 0x3F));
        } else if (codePoint < 0x10000) {
            int c = codePoint >= 0xD800 && codePoint < 0xE000 ? 0xFFFD : codePoint;
            array[length++] = (byte) (0xE0 | c >> 12);
            array[length++] = (byte) (0x80 | (c >> 6 & 0x3F));
            array[length++] = (byte) (0x80 | (c & 0x3F));
        } else {
            array[length++] = (byte) (0xF0 | codePoint >> 18);
            array[length++] = (byte) (0x80 | (codePoint >> 12 & 0x3F));
            array[length++] = (byte) (0x80 | (codePoint >> 6 & 0x3F));
            array[length++] = (byte) (0x80 | (codePoint & 0x3F));
        }
        return this;
    }

    /** An unsigned number in base 128, least significant group first, as Protobuf writes it. */
    public ByteWriter putVarint(long value) {
        reserve(10);
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            array[length++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        array[length++] = (byte) rest;
        return this;
    }

    /** A signed number in decimal digits. */
    public ByteWriter putDecimal(long value) {
        if (value >= 0) return putUnsignedDecimal(value);
        return put('-').putUnsignedDecimal(-value); // the smallest long is its own negative: 2^63
    }

    /** An unsigned 64-bit number in decimal digits. */
    public ByteWriter putUnsignedDecimal(long value) {
        reserve(20);
        int end = length + decimalDigits(value);
        int at = end;
        long rest = value;
        while (rest < 0 || rest > 9) {
            long tens = Long.divideUnsigned(rest, 10);
            array[--at] = (byte) ('0' + (rest - tens * 10));
            rest = tens;
        }
        array[--at] = (byte) ('0' + rest);
        length = end;
        return this;
    }

    private static int decimalDigits(long value) {
        int digits = 1;
        long rest = value;
        while (rest < 0 || rest > 9) {
            rest = Long.divideUnsigned(rest, 10);
            digits++;
        }
        return digits;
    }

    /** The byte written last, or -1 when there is none. */
    public int last() {
        return length == 0 ? -1 : array[length - 1];
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
