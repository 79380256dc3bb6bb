package dev.cardea.wire.websocket;

import static dev.cardea.wire.websocket.CloseCode.INVALID_PAYLOAD;
import static dev.cardea.wire.websocket.CloseCode.TOO_BIG;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Inflates messages of {@code permessage-deflate} (RFC 7692 section 7.2.2), each by itself, so that
 * one serves many connections. Not thread safe.
 */
public final class MessageInflater implements AutoCloseable {
    /** What the sender has left out. */
    private static final byte[] TAIL = {0, 0, (byte) 0xFF, (byte) 0xFF};

    private static final int KEPT_BYTES = 128 * 1024;

    private final Inflater inflater = new Inflater(true);
    private byte[] inflated = new byte[4 * 1024];
    private int length;

    /**
     * Inflates one message, as far as it is within bounds.
     *
     * @param compressed all that remains in it
     * @return borrowed until the next call
     * @throws ProtocolError 1009 if the message is longer than {@code maxBytes}, 1007 if it isn't
     *     compressed as it should be
     */
    public ByteBuffer inflate(ByteBuffer compressed, int maxBytes) {
        if (inflated.length > KEPT_BYTES) inflated = new byte[4 * 1024];
        length = 0;
        inflater.reset();
        try {
            take(compressed, maxBytes);
            take(ByteBuffer.wrap(TAIL), maxBytes);
        } catch (DataFormatException e) {
            throw new ProtocolError(INVALID_PAYLOAD, "message is not compressed as agreed");
        }
        return ByteBuffer.wrap(inflated, 0, length);
    }

    /** The memory kept between two messages. */
    int heldBytes() {
        return inflated.length;
    }

    private void take(ByteBuffer compressed, int maxBytes) throws DataFormatException {
        inflater.setInput(compressed);
        while (true) {
            if (length == inflated.length) grow(maxBytes);
            int count = inflater.inflate(inflated, length, inflated.length - length);
            length += count;
            if (length > maxBytes) throw new ProtocolError(TOO_BIG, "message is too big");
            if (inflater.finished()) { // a block that says it is the last: others may follow
                int left = inflater.getRemaining();
                if (left == 0) return;
                ByteBuffer rest = compressed.slice(compressed.limit() - left, left);
                inflater.reset();
                inflater.setInput(rest);
            } else if (count == 0 && inflater.needsInput()) {
                return;
            } else if (inflater.needsDictionary()) {
                throw new DataFormatException();
            }
        }
    }

    /** One byte above the bound is room enough to see that it is passed. */
    private void grow(int maxBytes) {
        long doubled = Math.min(inflated.length * 2L, maxBytes + 1L);
        inflated = Arrays.copyOf(inflated, (int) Math.max(doubled, length + 1L));
    }

    /** Lets go of native memory. */
    @Override
    public void close() {
        inflater.end();
    }
}
