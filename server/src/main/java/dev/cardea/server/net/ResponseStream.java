package dev.cardea.server.net;

import dev.cardea.messaging.log.Frame;
import java.nio.ByteBuffer;

/**
 * The body of a response that goes on, over any HTTP version. Belongs to its connection's event
 * loop; the same rules as those of {@link dev.cardea.messaging.hub.Outlet}: what is written between
 * two flushes goes out in one piece, through the loop's {@link Batch}, and nothing more may be
 * written while some of it is pending.
 */
public interface ResponseStream {
    /** Nothing is pending, and the response goes on. */
    boolean isWritable();

    /** Puts bytes into the batch; a frame is shared, and copied before this returns. */
    void write(Frame frame);

    /** Puts bytes into the batch, which are copied before this returns. */
    void write(byte[] array, int offset, int length);

    /** Puts bytes into the batch, which are copied before this returns. */
    void write(ByteBuffer bytes);

    /** Sends the batch. Afterwards {@link #isWritable} tells whether the client took all of it. */
    void flush();

    /** Bytes that the client hasn't taken. */
    int pendingBytes();

    /** All bytes that the client has taken so far. */
    long takenBytes();

    /** Ends the response behind what is pending, within five seconds. */
    void end();

    /** Ends it at once, so that the client can tell that it was cut off. */
    void abort();
}
