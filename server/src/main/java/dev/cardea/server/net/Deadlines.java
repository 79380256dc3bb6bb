package dev.cardea.server.net;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Deadlines of the same length, of many connections of one event loop: whoever starts later expires
 * later, so a linked list is already sorted and one timer serves them all. To start, move and stop
 * a deadline costs a few pointers.
 *
 * <p>Belongs to its event loop.
 */
final class Deadlines {
    private final EventExecutor loop;
    private final long lengthNanos;
    private final Deadline ends = new Deadline(() -> {});
    private @Nullable ScheduledFuture<?> timer;

    Deadlines(EventExecutor loop, long lengthNanos) {
        this.loop = loop;
        this.lengthNanos = lengthNanos;
        ends.before = ends;
        ends.after = ends;
    }

    /** One for each connection: it waits for one thing at a time. */
    static final class Deadline {
        private final Runnable onExpiry;
        private Deadline before = this;
        private Deadline after = this;
        private long atNanos;

        Deadline(Runnable onExpiry) {
            this.onExpiry = onExpiry;
        }

        void stop() {
            before.after = after;
            after.before = before;
            before = this;
            after = this;
        }

        boolean isRunning() {
            return after != this;
        }
    }

    /** Starts the deadline, or starts it anew; it may have been in another list. */
    void start(Deadline deadline) {
        deadline.stop();
        deadline.atNanos = loop.ticker().nanoTime() + lengthNanos;
        deadline.before = ends.before;
        deadline.after = ends;
        ends.before.after = deadline;
        ends.before = deadline;
        if (timer == null) schedule(lengthNanos);
    }

    private void schedule(long delayNanos) {
        timer = loop.schedule(this::expire, delayNanos, TimeUnit.NANOSECONDS);
    }

    private void expire() {
        long nowNanos = loop.ticker().nanoTime();
        try {
            while (ends.after != ends && ends.after.atNanos - nowNanos <= 0) {
                Deadline expired = ends.after;
                expired.stop();
                expired.onExpiry.run();
            }
        } finally {
            timer = null;
            if (ends.after != ends) schedule(Math.max(0, ends.after.atNanos - nowNanos));
        }
    }
}
