package dev.cardea.messaging.peerjs;

import java.time.Duration;

/**
 * How fast a peer may speak: five seconds' worth at once, then as it comes in. Whoever is faster is
 * listened to later. A long message counts for several.
 */
final class Pace {
    private static final long SECOND_NANOS = Duration.ofSeconds(1).toNanos();
    private static final int BURST_SECONDS = 5;
    private static final int UNIT_BYTES = 4096;

    /** Without a limit. */
    static final Pace NONE = new Pace(0, 0);

    private final long unitNanos;

    /** When nothing counts any more of what it has said. */
    private long restedNanos;

    /**
     * @param perSecond 0: any number
     */
    Pace(int perSecond, long nowNanos) {
        this.unitNanos = perSecond == 0 ? 0 : SECOND_NANOS / perSecond;
        this.restedNanos = nowNanos;
    }

    /** For how long to leave the next message unread. */
    long spoken(int bytes, long nowNanos) {
        if (unitNanos == 0) return 0;
        if (restedNanos - nowNanos < 0) restedNanos = nowNanos;
        restedNanos += unitNanos * (1 + bytes / UNIT_BYTES);
        return Math.max(0, restedNanos - nowNanos - BURST_SECONDS * SECOND_NANOS);
    }
}
