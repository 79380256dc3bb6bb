package dev.cardea.wire.stun;

import dev.cardea.wire.Malformed;

/** Where messages and channel data end on a stream, which their first four bytes tell. */
public final class StreamFrames {
    /** What has to be there to know how long a frame is. */
    public static final int PREFIX_BYTES = 4;

    private StreamFrames() {}

    /**
     * The length of a frame in bytes, with its padding.
     *
     * @param prefix the first four bytes
     * @throws Malformed no frame starts like this: the stream can't be read on
     */
    public static int frameBytes(int prefix) {
        int length = prefix & 0xFFFF;
        int kind = prefix >>> 30;
        if (kind == 0) {
            if ((length & 3) != 0)
                throw new Malformed("a STUN message's length is no multiple of 4");
            return StunReader.HEADER_BYTES + length;
        }
        if (kind == 1) return ChannelData.HEADER_BYTES + length + ChannelData.paddingBytes(length);
        throw new Malformed("neither a STUN message nor channel data");
    }
}
