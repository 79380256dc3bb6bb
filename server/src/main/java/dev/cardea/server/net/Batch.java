package dev.cardea.server.net;

import dev.cardea.messaging.log.Frame;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The bytes that one connection writes in one go. An event loop has one, used by its connections
 * one after the other: between the first byte and the flush it belongs to one of them.
 */
final class Batch {
    private static final Logger LOG = LoggerFactory.getLogger(Batch.class);

    private static final int INITIAL_BYTES = 128 * 1024;
    private static final int KEPT_BYTES = 1024 * 1024;

    private ByteBuf bytes = Unpooled.directBuffer(INITIAL_BYTES);
    private @Nullable SocketOutlet owner;

    void write(SocketOutlet connection, Frame frame) {
        claim(connection).writeBytes(frame.bytes());
    }

    void write(SocketOutlet connection, byte[] array, int offset, int length) {
        claim(connection).writeBytes(array, offset, length);
    }

    void write(SocketOutlet connection, ByteBuffer buffer) {
        claim(connection).writeBytes(buffer.duplicate());
    }

    private ByteBuf claim(SocketOutlet connection) {
        if (owner != null && owner != connection) giveUp();
        owner = connection;
        return bytes;
    }

    /**
     * Something was thrown while a connection was writing, which is a mistake of ours: half a batch
     * must not be sent, so that connection ends, and no other one.
     */
    void giveUp() {
        SocketOutlet failed = owner;
        if (failed == null) return;
        LOG.error("write_failed");
        clear();
        failed.giveUp();
    }

    boolean belongsTo(SocketOutlet connection) {
        return owner == connection;
    }

    /** What was written, to be sent from where it is. */
    ByteBuf written() {
        return bytes;
    }

    /** For the next connection. */
    void clear() {
        owner = null;
        bytes.clear();
        if (bytes.capacity() <= KEPT_BYTES) return;
        bytes.release();
        bytes = Unpooled.directBuffer(INITIAL_BYTES);
    }
}
