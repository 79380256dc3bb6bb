package dev.cardea.server;

import java.time.Duration;

/**
 * Says when the next connections are to be closed: the first at once, then at the {@link Pace} that
 * is right for those that are left. No second, wherever it begins, sees more than the pace.
 *
 * <p>What a busy machine has missed isn't made up for all at once: whoever is sent away comes to
 * servers that may be as busy. What may be made up for is part of the pace, not added to it.
 */
final class Pacer {
    /** Of the pace: what may be made up for at once. The rest is how fast that comes back. */
    private static final double CAUGHT_UP_PART = 0.05;

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

    /** What is right for so many that are left: as wanted, or as there is time for. */
    Pace pace(int left, long nowNanos) {
        long steadyNanos = (long) ((deadlineNanos - nowNanos) * (1 - CAUGHT_UP_PART));
        return Pace.of(left, rate, Duration.ofNanos(steadyNanos));
    }

    /** How many to close now, of so many that are left. */
    int due(int left, long nowNanos) {
        double perSecond = pace(left, nowNanos).perSecond();
        double seconds = (nowNanos - lastNanos) / 1e9;
        lastNanos = nowNanos;
        double atOnce = perSecond * CAUGHT_UP_PART;
        earned = Math.min(earned + seconds * (perSecond - atOnce), Math.max(1, atOnce));
        int due = (int) Math.min(earned, left);
        earned -= due;
        return due;
    }
}
