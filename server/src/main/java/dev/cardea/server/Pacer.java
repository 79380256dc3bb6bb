package dev.cardea.server;

import java.time.Duration;

/**
 * Says when the next connections are to be closed: the first at once, then at the {@link Pace} that
 * is right for those that are left.
 *
 * <p>What a busy machine has missed isn't made up for all at once: whoever is sent away comes to
 * servers that may be as busy.
 */
final class Pacer {
    private static final double CAUGHT_UP_SECONDS = 0.05;

    private final int rate;
    private final long deadlineNanos;
    private long lastNanos;
    private double earned = 1;

    /**
     * @param rate as of {@link Pace#of}
     * @param deadlineNanos when the last one is to be closed
     */
    Pacer(int rate, long nowNanos, long deadlineNanos) {
        this.rate = rate;
        this.lastNanos = nowNanos;
        this.deadlineNanos = deadlineNanos;
    }

    /** How many to close now, of so many that are left. */
    int due(int left, long nowNanos) {
        double perSecond =
                Pace.of(left, rate, Duration.ofNanos(deadlineNanos - nowNanos)).perSecond();
        double seconds = (nowNanos - lastNanos) / 1e9;
        lastNanos = nowNanos;
        double most = Math.max(1, perSecond * CAUGHT_UP_SECONDS);
        earned = Math.min(earned + seconds * perSecond, most);
        int due = (int) Math.min(earned, left);
        earned -= due;
        return due;
    }
}
