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
@SuppressWarnings("ReferenceEquality") // a connection is itself alone
final class Batch {
    private static final Logger LOG = LoggerFactory.getLogger(Batch.class);

    private static final int INITIAL_BYTES = 128 * 1024;
    private static final int KEPT_BYTES = 1024 * 1024;

    /** A connection, while it puts together what it sends. */
    interface Owner {
        /** A batch was left half done: nothing sensible can follow. */
        void giveUp();

        /** Bytes to be left free before the first: for a header that is known last. */
        default int headroomBytes() {
            return 0;
        }
    }

    private ByteBuf bytes = Unpooled.directBuffer(INITIAL_BYTES);
    private @Nullable Owner owner;

    void write(Owner connection, Frame frame) {
        claim(connection).writeBytes(frame.bytes());
    }

    void write(Owner connection, byte[] array, int offset, int length) {
        claim(connection).writeBytes(array, offset, length);
    }

    void write(Owner connection, ByteBuffer buffer) {
        claim(connection).writeBytes(buffer.duplicate());
    }

    private ByteBuf claim(Owner connection) {
        if (owner == connection) return bytes;
        if (owner != null) giveUp();
        owner = connection;
        int headroom = connection.headroomBytes();
        return bytes.setIndex(headroom, headroom);
    }

    /**
     * Something was thrown while a connection was writing, which is a mistake of ours: half a batch
     * must not be sent, so that connection ends, and no other one.
     */
    void giveUp() {
        Owner failed = owner;
        if (failed == null) return;
        LOG.error("write_failed");
        clear();
        failed.giveUp();
    }

    boolean belongsTo(Owner connection) {
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

    /** The loop has ended, and nobody writes any more. */
    void free() {
        bytes.release();
    }
}
