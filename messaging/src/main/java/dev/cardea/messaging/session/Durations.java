package dev.cardea.messaging.session;

import java.util.concurrent.atomic.LongAdder;

/**
 * How long something took, as a histogram: how often it took no longer than each of a few bounds.
 * Thread safe, without contention; adding costs two increments and allocates nothing.
 */
public final class Durations {
    private static final long[] BOUNDS_NANOS = {
        100_000,
        500_000,
        2_000_000,
        10_000_000,
        50_000_000,
        250_000_000,
        1_000_000_000,
        5_000_000_000L
    };

    /** One more than bounds: the last is for what took longer than any. */
    private final LongAdder[] counts = new LongAdder[BOUNDS_NANOS.length + 1];

    private final LongAdder nanos = new LongAdder();

    public Durations() {
        for (int i = 0; i < counts.length; i++) counts[i] = new LongAdder();
    }

    /**
     * @param tookNanos below 0 counts as 0: clocks of two cores may differ
     */
    public void add(long tookNanos) {
        int place = 0;
        while (place < BOUNDS_NANOS.length && tookNanos > BOUNDS_NANOS[place]) place++;
        counts[place].increment();
        nanos.add(Math.max(0, tookNanos));
    }

    /** The upper bounds in seconds, without the last one, which is infinity. */
    public static double[] boundsSeconds() {
        double[] seconds = new double[BOUNDS_NANOS.length];
        for (int i = 0; i < seconds.length; i++) seconds[i] = BOUNDS_NANOS[i] / 1e9;
        return seconds;
    }

    /** How often it took up to each bound, but longer than up to the one before; the rest last. */
    public long[] counts() {
        long[] now = new long[counts.length];
        for (int i = 0; i < now.length; i++) now[i] = counts[i].sum();
        return now;
    }

    public long count() {
        long sum = 0;
        for (LongAdder count : counts) sum += count.sum();
        return sum;
    }

    /** What all of it took together. */
    public double seconds() {
        return nanos.sum() / 1e9;
    }
}
