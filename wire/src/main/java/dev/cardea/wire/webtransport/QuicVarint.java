package dev.cardea.wire.webtransport;

import dev.cardea.wire.ByteWriter;
import java.nio.ByteBuffer;

/** QUIC's numbers of 1, 2, 4 or 8 bytes (RFC 9000 section 16). */
public final class QuicVarint {
    public static final long MAX = (1L << 62) - 1;

    /** {@link #read} hasn't got all of it. */
    public static final long INCOMPLETE = -1;

    private QuicVarint() {}

    /**
     * Takes a number off the buffer, in any of its lengths. Where it isn't all there, the position
     * stays and {@link #INCOMPLETE} is returned.
     */
    public static long read(ByteBuffer in) {
        if (!in.hasRemaining()) return INCOMPLETE;
        int first = in.get(in.position()) & 0xff;
        int length = 1 << (first >> 6);
        if (in.remaining() < length) return INCOMPLETE;
        in.get();
        long value = first & 0x3f;
        for (int i = 1; i < length; i++) value = (value << 8) | (in.get() & 0xff);
        return value;
    }

    /**
     * Writes a number as short as it can be.
     *
     * @param value 0 to {@link #MAX}
     */
    public static void write(long value, ByteWriter out) {
        if (value < 0 || value > MAX) throw new IllegalArgumentException("no varint: " + value);
        int log = value < (1 << 6) ? 0 : value < (1 << 14) ? 1 : value < (1 << 30) ? 2 : 3;
        int length = 1 << log;
        out.put((int) (value >>> (8 * (length - 1))) | (log << 6));
        for (int i = length - 2; i >= 0; i--) out.put((int) (value >>> (8 * i)));
    }
}
