package dev.cardea.server.dev;

import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** What drives the feeds: one thread that runs tasks again and again. */
@FunctionalInterface
public interface FeedTimer {
    /**
     * Runs the task in each period.
     *
     * @return ends it; from any thread
     */
    Runnable every(Duration period, Runnable task);

    /** A Netty event loop is such an executor. */
    static FeedTimer of(ScheduledExecutorService executor) {
        return (period, task) -> {
            long nanos = period.toNanos();
            ScheduledFuture<?> running =
                    executor.scheduleAtFixedRate(task, nanos, nanos, TimeUnit.NANOSECONDS);
            return () -> running.cancel(false);
        };
    }
}
