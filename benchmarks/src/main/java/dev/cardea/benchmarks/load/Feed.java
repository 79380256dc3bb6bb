package dev.cardea.benchmarks.load;

import org.jspecify.annotations.Nullable;

/** A channel with its readers and its publisher: counts for each publication who still lacks it. */
final class Feed {
    private static final int RING = 4096; // publications that may be under way at once

    private final String channel;
    private final byte[] datum;
    private final Measurement measurement;
    private int[] lacking = {};
    private int readers;
    private @Nullable Client publisher;
    private boolean saturating;
    private long published;
    private long completed;

    Feed(String channel, int datumBytes, Measurement measurement) {
        this(channel, Datum.template(datumBytes), measurement);
    }

    /** The same with a datum of {@link Datum}. */
    Feed(String channel, byte[] datum, Measurement measurement) {
        this.channel = channel;
        this.datum = datum;
        this.measurement = measurement;
    }

    String channel() {
        return channel;
    }

    int datumBytes() {
        return datum.length;
    }

    int readers() {
        return readers;
    }

    /** How many must receive a publication before it counts as delivered. */
    void readers(int count) {
        readers = count;
    }

    void publisher(Client client) {
        publisher = client;
    }

    long published() {
        return published;
    }

    /** Publications which all readers have. */
    long completed() {
        return completed;
    }

    boolean isDrained() {
        return completed == published;
    }

    /** Keeps {@code outstanding} publications under way until {@link #stop}. */
    void saturate(int outstanding) {
        saturating = true;
        for (int i = 0; i < outstanding; i++) publish(System.nanoTime());
    }

    void stop() {
        saturating = false;
    }

    void publish(long stampNanos) {
        if (publisher == null) throw new IllegalStateException(channel + " has no publisher");
        if (published - completed >= RING) {
            throw new IllegalStateException(channel + ": " + RING + " publications are under way");
        }
        if (lacking.length == 0) lacking = new int[RING];
        published++;
        lacking[(int) published & (RING - 1)] = readers;
        Datum.write(datum, 0, published, stampNanos);
        publisher.publish(published + 2, channel, datum);
    }

    void delivered(Client to, long sequence, long stampNanos, long nowNanos) {
        if (!measurement.counts(to)) return;
        measurement.delivered(nowNanos - stampNanos);
        if (sequence > published || sequence <= completed)
            return; // told as a problem by the client
        if (--lacking[(int) sequence & (RING - 1)] > 0) return;
        completed++;
        if (saturating) publish(nowNanos);
    }
}
