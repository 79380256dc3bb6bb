package dev.cardea.wire.websocket;

import dev.cardea.wire.ByteWriter;
import java.util.zip.Deflater;

/**
 * Compresses messages for {@code permessage-deflate} (RFC 7692 section 7.2.1), each by itself: what
 * came before doesn't matter, so anybody can inflate it. Not thread safe.
 */
public final class MessageDeflater implements AutoCloseable {
    /** Ends a flush; left out on the wire. */
    private static final int TAIL_BYTES = 4;

    private final Deflater deflater;
    private final byte[] piece = new byte[8 * 1024];

    /**
     * @param level 1, the quickest, to 9, the smallest
     */
    public MessageDeflater(int level) {
        deflater = new Deflater(level, true);
    }

    /** Writes the payload of a frame that has {@link Opcode#COMPRESSED} set. */
    public void deflate(byte[] message, int from, int length, ByteWriter out) {
        deflater.reset();
        deflater.setInput(message, from, length);
        int count;
        do {
            count = deflater.deflate(piece, 0, piece.length, Deflater.SYNC_FLUSH);
            out.put(piece, 0, count);
        } while (count == piece.length);
        out.truncate(out.length() - TAIL_BYTES);
    }

    /** Lets go of native memory. */
    @Override
    public void close() {
        deflater.end();
    }
}
