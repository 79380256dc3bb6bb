package dev.cardea.wire.fossil;

import dev.cardea.wire.ByteWriter;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/** The format's numbers, and its checksum. */
final class Digits {
    private static final String DIGITS =
            "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz~";

    private static final byte[] VALUES = new byte[128];

    private static final VarHandle INTS =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

    static {
        Arrays.fill(VALUES, (byte) -1);
        for (int i = 0; i < DIGITS.length(); i++) VALUES[DIGITS.charAt(i)] = (byte) i;
    }

    private Digits() {}

    /** How many digits a number that isn't negative has. */
    static int count(int number) {
        int bits = Integer.SIZE - Integer.numberOfLeadingZeros(number);
        return Math.max(1, (bits + 5) / 6);
    }

    /** Writes the number as an unsigned one. */
    static void write(int number, ByteWriter out) {
        int bits = Integer.SIZE - Integer.numberOfLeadingZeros(number);
        for (int shift = Math.max(0, (bits - 1) / 6 * 6); shift >= 0; shift -= 6) {
            out.put(DIGITS.charAt(number >>> shift & 63));
        }
    }

    /** The value of a digit, or -1. */
    static int value(int digit) {
        return digit < 0 ? -1 : VALUES[digit];
    }

    static int checksum(byte[] bytes, int length) {
        int sum = 0;
        int i = 0;
        for (; i <= length - Integer.BYTES; i += Integer.BYTES) sum += (int) INTS.get(bytes, i);
        for (int shift = 24; i < length; i++, shift -= 8) sum += (bytes[i] & 0xFF) << shift;
        return sum;
    }
}
