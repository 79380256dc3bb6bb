package dev.cardea.messaging.limit;

/**
 * A token bucket: {@code rate} at once, and as many again over each interval.
 *
 * <p>Its state is one number, the time at which it would be full again (the generic cell rate
 * algorithm), so that a million buckets are a million longs.
 */
public record Bucket(long intervalNanos, int rate) {
    public Bucket {
        if (intervalNanos <= 0 || rate <= 0) throw new IllegalArgumentException("nothing passes");
    }

    /** The state of a full bucket. */
    static long full(long nowNanos) {
        return nowNanos;
    }

    static boolean isFull(long state, long nowNanos) {
        return state - nowNanos <= 0;
    }

    /** The state with one token less. */
    long take(long state, long nowNanos) {
        return (isFull(state, nowNanos) ? nowNanos : state) + intervalNanos / rate;
    }

    boolean admits(long state, long nowNanos) {
        return take(state, nowNanos) - nowNanos <= intervalNanos;
    }
}
