package dev.cardea.wire.webtransport;

import dev.cardea.wire.Malformed;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Takes the capsules of one stream apart, however they are cut (RFC 9297 section 3.2). Only the end
 * of a session is kept, at most {@value #MAX_CLOSE_BYTES} bytes of it; everything else is passed
 * over, whatever its length: peers send unknown types on purpose.
 */
public final class CapsuleReader {
    /** Told what the peer says. */
    @FunctionalInterface
    public interface Listener {
        void closed(SessionClose close);
    }

    private static final int MAX_CLOSE_BYTES = 4 + SessionClose.MAX_REASON_BYTES;

    /** Type and length, while they aren't all there. */
    private final byte[] head = new byte[16];

    private int headBytes;

    /** What is left of the capsule that is being read; -1 between two. */
    private long left = -1;

    /** The payload of a close, as far as it is there. */
    private byte[] close = {};

    private int closeBytes;
    private boolean isClose;

    /**
     * Takes all that remains in the buffer.
     *
     * @throws Malformed a close capsule has a length that it can't have
     */
    public void read(ByteBuffer in, Listener listener) {
        while (true) {
            if (left < 0 && !readHead(in)) return;
            readPayload(in);
            if (left > 0) return;
            left = -1;
            if (!isClose) continue;
            isClose = false;
            listener.closed(SessionClose.read(ByteBuffer.wrap(close, 0, closeBytes)));
        }
    }

    private boolean readHead(ByteBuffer in) {
        while (in.hasRemaining()) {
            head[headBytes++] = in.get();
            ByteBuffer look = ByteBuffer.wrap(head, 0, headBytes);
            long type = QuicVarint.read(look);
            if (type == QuicVarint.INCOMPLETE) continue;
            long length = QuicVarint.read(look);
            if (length == QuicVarint.INCOMPLETE) continue;
            headBytes = 0;
            begin(type, length);
            return true;
        }
        return false;
    }

    private void begin(long type, long length) {
        isClose = type == SessionClose.TYPE;
        left = length;
        if (!isClose) return;
        if (length < 4 || length > MAX_CLOSE_BYTES)
            throw new Malformed("close capsule of " + length);
        closeBytes = 0;
        close = Arrays.copyOf(close, MAX_CLOSE_BYTES);
    }

    private void readPayload(ByteBuffer in) {
        int count = (int) Math.min(left, in.remaining());
        if (isClose) {
            in.get(close, closeBytes, count);
            closeBytes += count;
        } else {
            in.position(in.position() + count);
        }
        left -= count;
    }
}
