package dev.cardea.wire.stun;

import dev.cardea.wire.Malformed;
import java.nio.ByteBuffer;

/**
 * Data of a channel: four bytes instead of a message.
 *
 * <pre>
 *  |         Channel Number        |            Length             |  RFC 8656 section 12.4
 *  |                       Application Data ...
 * </pre>
 *
 * On a stream it is padded to a multiple of four bytes; the length is without the padding.
 */
public final class ChannelData {
    public static final int HEADER_BYTES = 4;
    public static final int MIN_CHANNEL = 0x4000;

    /**
     * RFC 8656 ends at 0x4FFF; clients of RFC 5766 may use all up to here. Nothing else that starts
     * like this comes to a TURN port.
     */
    public static final int MAX_CHANNEL = 0x7FFF;

    private ChannelData() {}

    public static boolean isChannel(int number) {
        return number >= MIN_CHANNEL && number <= MAX_CHANNEL;
    }

    /** Whether what starts with this byte is data of a channel (RFC 7983). */
    public static boolean startsWith(int firstByte) {
        return (firstByte & 0xC0) == 0x40;
    }

    /** The channel's number; the buffer has at least the header. */
    public static int channel(ByteBuffer in) {
        return Short.toUnsignedInt(in.getShort(in.position()));
    }

    /**
     * A view of the data.
     *
     * @throws Malformed there is less than the header says. More is padding, and fine
     */
    public static ByteBuffer data(ByteBuffer in) {
        if (in.remaining() < HEADER_BYTES) throw new Malformed("a channel's header has 4 bytes");
        if (!isChannel(channel(in))) throw new Malformed("no channel has this number");
        int length = Short.toUnsignedInt(in.getShort(in.position() + 2));
        if (length > in.remaining() - HEADER_BYTES)
            throw new Malformed("channel data is shorter than it says");
        return in.slice(in.position() + HEADER_BYTES, length);
    }

    public static int header(int channel, int dataBytes) {
        return channel << 16 | dataBytes;
    }

    /** What has to be added on a stream. */
    public static int paddingBytes(int dataBytes) {
        return -dataBytes & 3;
    }
}
