package dev.cardea.wire.websocket;

/**
 * The kinds of frames, and the bits around them.
 *
 * <pre>
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * |F|R|R|R|       |M|             |                               |  RFC 6455 section 5.2
 * |I|S|S|S|opcode |A|   length    | length, 16 bits if 126, 64 if |
 * |N|V|V|V|       |S|             | 127; then the 32 bits of the  |
 * | |1|2|3|       |K|             | mask if MASK is set; payload  |
 * </pre>
 */
public final class Opcode {
    public static final int CONTINUATION = 0x0;
    public static final int TEXT = 0x1;
    public static final int BINARY = 0x2;
    public static final int CLOSE = 0x8;
    public static final int PING = 0x9;
    public static final int PONG = 0xA;

    /** RSV1 beside the opcode of a data message: it is compressed (RFC 7692 section 6). */
    public static final int COMPRESSED = 0x40;

    static final int FIN = 0x80;
    static final int RESERVED = 0x70;
    static final int OPCODE = 0x0F;
    static final int MASKED = 0x80;
    static final int LENGTH = 0x7F;
    static final int LENGTH_16 = 126;
    static final int LENGTH_64 = 127;
    static final int MAX_CONTROL_BYTES = 125;

    private Opcode() {}

    static boolean isControl(int opcode) {
        return opcode >= CLOSE;
    }

    static boolean isKnown(int opcode) {
        return opcode <= BINARY || (opcode >= CLOSE && opcode <= PONG);
    }
}
