package dev.cardea.wire.websocket;

import java.nio.ByteBuffer;

/**
 * Checks UTF-8 that arrives in pieces (RFC 3629 section 4), at the first byte that can't be right.
 *
 * <p>The state between two pieces is one int: how many bytes the character still needs, and the
 * range in which the next must be. That range is what tells overlong forms, surrogates and what is
 * above U+10FFFF from the rest.
 */
public final class Utf8 {
    /** The state before the first byte, and after each whole character. */
    public static final int WHOLE = 0;

    /** The state after a byte that can't be right; no way leads out of it. */
    public static final int INVALID = -1;

    private static final long NOT_ASCII = 0x8080_8080_8080_8080L;

    private Utf8() {}

    public static boolean isValid(ByteBuffer text) {
        return advance(WHOLE, text) == WHOLE;
    }

    /**
     * Reads all that remains in the buffer, which keeps its position.
     *
     * @param state {@link #WHOLE}, or what the call for the piece before returned
     * @return the state behind the piece; {@link #WHOLE} if it doesn't end inside a character
     */
    public static int advance(int state, ByteBuffer piece) {
        int to = piece.limit();
        int i = piece.position();
        int now = state;
        while (i < to && now != INVALID) {
            if (now == WHOLE) {
                i = skipAscii(piece, i, to);
                if (i == to) return WHOLE;
            }
            now = step(now, piece.get(i++) & 0xFF);
        }
        return now;
    }

    private static int skipAscii(ByteBuffer piece, int from, int to) {
        int i = from;
        while (i <= to - Long.BYTES && (piece.getLong(i) & NOT_ASCII) == 0) i += Long.BYTES;
        while (i < to && piece.get(i) >= 0) i++;
        return i;
    }

    private static int step(int state, int next) {
        if (state == WHOLE) return lead(next);
        if (next < ((state >> 8) & 0xFF) || next > (state & 0xFF)) return INVALID;
        int missing = (state >> 16) - 1;
        return missing == 0 ? WHOLE : state(missing, 0x80, 0xBF);
    }

    private static int lead(int next) {
        if (next < 0x80) return WHOLE;
        if (next < 0xC2) return INVALID; // a continuation, or overlong
        if (next < 0xE0) return state(1, 0x80, 0xBF);
        if (next == 0xE0) return state(2, 0xA0, 0xBF); // lower would be overlong
        if (next == 0xED) return state(2, 0x80, 0x9F); // higher would be a surrogate
        if (next < 0xF0) return state(2, 0x80, 0xBF);
        if (next == 0xF0) return state(3, 0x90, 0xBF); // lower would be overlong
        if (next < 0xF4) return state(3, 0x80, 0xBF);
        if (next == 0xF4) return state(3, 0x80, 0x8F); // higher would be above U+10FFFF
        return INVALID;
    }

    private static int state(int missing, int low, int high) {
        return (missing << 16) | (low << 8) | high;
    }
}
