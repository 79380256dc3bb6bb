package dev.cardea.benchmarks.load;

import java.util.BitSet;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** Deliveries, their latency and the server's CPU time, from {@link #start} to {@link #stop}. */
final class Measurement {
    private static final long HIGHEST_NANOS = TimeUnit.SECONDS.toNanos(120);

    private final ServerProcess server;
    private final Histogram latency = new Histogram(HIGHEST_NANOS, 3);
    private final BitSet uncounted = new BitSet();
    private boolean running;
    private long deliveries;
    private long turns;
    private long idleTurns;
    private long startNanos;
    private long cpuTicks;

    Measurement(ServerProcess server) {
        this.server = server;
    }

    /** From now on this client's deliveries are checked, but not counted. */
    void exclude(Client client) {
        uncounted.set(client.index);
    }

    boolean counts(Client client) {
        return !uncounted.get(client.index);
    }

    void start() {
        latency.reset();
        deliveries = 0;
        turns = 0;
        idleTurns = 0;
        running = true;
        cpuTicks = server.cpuTicks();
        startNanos = System.nanoTime();
    }

    void delivered(long nanos) {
        if (!running) return;
        deliveries++;
        latency.recordValue(Math.clamp(nanos, 0, HIGHEST_NANOS));
    }

    /**
     * A look at the sockets that found something, or nothing: whether the generator has time to
     * spare.
     */
    void turned(boolean idle) {
        turns++;
        if (idle) idleTurns++;
    }

    /** Ends the window and gives its figures. */
    Map<String, Object> stop() {
        running = false;
        double seconds = (System.nanoTime() - startNanos) / 1e9;
        double cpuSeconds = (server.cpuTicks() - cpuTicks) / (double) ServerProcess.TICKS_A_SECOND;
        Map<String, Object> figures = new TreeMap<>();
        figures.put("seconds", seconds);
        figures.put("deliveries", deliveries);
        figures.put("deliveries_per_second", deliveries / seconds);
        figures.put("cpu_seconds", cpuSeconds);
        figures.put("cpu_seconds_per_million", deliveries == 0 ? 0 : cpuSeconds * 1e6 / deliveries);
        figures.put("p50_ms", latency.getValueAtPercentile(50) / 1e6);
        figures.put("p99_ms", latency.getValueAtPercentile(99) / 1e6);
        figures.put("p999_ms", latency.getValueAtPercentile(99.9) / 1e6);
        figures.put("max_ms", latency.getMaxValue() / 1e6);
        figures.put("generator_idle", turns == 0 ? 0 : (double) idleTurns / turns);
        return figures;
    }
}
