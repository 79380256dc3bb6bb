package dev.cardea.messaging.hub;

import dev.cardea.messaging.log.Frame;
import dev.cardea.wire.ByteWriter;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A connection's way out. Belongs to its event loop.
 *
 * <p>What is written between two flushes goes out in one piece. What the peer doesn't take at once
 * is pending; nothing more may be written until all of it is gone, so that a connection never holds
 * more than one batch.
 */
public interface Outlet {
    /** Nothing is pending, and the connection is open. */
    boolean isWritable();

    /**
     * Puts a finished frame into the batch; it is shared: copied or referred to, never written to.
     */
    void write(Frame frame);

    /**
     * Puts a message of its own, which needs the transport's framing, into the batch. Copied before
     * this returns.
     */
    void message(ByteBuffer payload);

    /** Whether messages that wait together may go in one, separated as the encoding has it. */
    default boolean joinsMessages() {
        return true;
    }

    /** Whether the transport has pings of its own, and the client wants those. */
    default boolean pingsNatively() {
        return false;
    }

    /** Puts a ping of the transport's into the batch. Only where {@link #pingsNatively()}. */
    default void ping() {
        throw new UnsupportedOperationException("this transport has no pings");
    }

    /** Whether each message is to say where the connection stands behind it. */
    default boolean marksPositions() {
        return false;
    }

    /**
     * Puts the connection's position into the batch, before the message that takes it there. Only
     * where {@link #marksPositions()}.
     *
     * @param position borrowed until the call returns; empty: there is none any more
     */
    default void mark(ByteWriter position) {
        throw new UnsupportedOperationException("this transport has no positions");
    }

    /** Sends the batch. Afterwards {@link #isWritable()} tells whether the peer took all of it. */
    void flush();

    /** Bytes that the peer hasn't taken. */
    int pendingBytes();

    /** All bytes that the peer has taken so far: it stands still while the peer does. */
    long takenBytes();

    /** Stops or goes on taking input from the peer. */
    void pauseReads(boolean paused);

    /** Says why in the protocol's own words behind what is pending, and closes. */
    void close(int code, String reason);

    /** Closes at once, saying nothing. */
    void abort();

    /**
     * Opens a way of its own for a subscription.
     *
     * @param whenWritable run when all that was pending there is gone
     * @return null: it goes with everything else
     */
    default @Nullable Lane openLane(String channel, Runnable whenWritable) {
        return null;
    }
}
