package dev.cardea.server;

import java.time.Duration;

/**
 * How fast connections are closed, so that they don't all come back to the other servers at once.
 *
 * @param perSecond positive
 * @param isHurried whether that is more than was asked for, since there isn't the time
 */
record Pace(double perSecond, boolean isHurried) {
    /**
     * @param rate connections in a second, as wanted; 0: as few as there is time for
     * @param left until the last one is to be closed
     */
    static Pace of(int connections, int rate, Duration left) {
        double least = connections * 1e9 / Math.max(1, left.toNanos());
        if (rate == 0) return new Pace(Math.max(least, 1), false);
        return new Pace(Math.max(least, rate), least > rate);
    }

    /** How long all of them take. */
    Duration duration(int connections) {
        return Duration.ofNanos((long) (connections * 1e9 / perSecond));
    }
}
