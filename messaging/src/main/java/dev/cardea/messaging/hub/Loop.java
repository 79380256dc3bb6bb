package dev.cardea.messaging.hub;

import java.util.concurrent.Executor;

/**
 * One event loop, as the core sees it. Every connection, its session and its cursors belong to one.
 */
public interface Loop extends Executor {
    /** Whether the caller runs on this loop. */
    boolean isCurrent();

    /**
     * Asks for {@link Shard#turn(long)} soon. From any thread; many calls before the turn are one.
     */
    void wake();

    /**
     * Runs a task behind what the loop's sockets bring next: for work that is cut into pieces so
     * that others get their turns in between.
     */
    default void executeAfterIo(Runnable task) {
        execute(task);
    }

    /** Monotonic time in nanoseconds, for what was not started by an input that carries its own. */
    long nowNanos();
}
