package dev.cardea.messaging.hub;

import dev.cardea.messaging.log.Cursor.Progress;
import dev.cardea.messaging.log.FrameSink;
import dev.cardea.messaging.log.Runs;
import org.jspecify.annotations.Nullable;

/**
 * Something that one connection reads, in turn with what else it reads. Belongs to the connection's
 * event loop.
 */
public abstract class Reading {
    /** In its connection's queue of those that have something to read. */
    boolean due;

    @Nullable Reading nextDue;

    /** Whether it may be read at all. */
    boolean isStarted() {
        return true;
    }

    /**
     * Gives to the sink what there is, from where it stands on.
     *
     * @param roomBytes nothing is begun once so many bytes were written
     * @param runs of this event loop
     */
    protected abstract Progress advance(int roomBytes, Runs runs, FrameSink sink);

    /** Nothing more may be read now. */
    protected abstract void caughtUp(long nowNanos);

    /** What it would read next is gone; it has been taken off the queue. */
    protected abstract void lapped(long nowNanos);

    /** What waits for this connection. */
    public abstract long lag();
}
