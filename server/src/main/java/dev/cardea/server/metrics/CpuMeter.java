package dev.cardea.server.metrics;

/**
 * How much of the CPU the process took since it was asked last. Thread safe. Whoever asks regularly
 * has one of its own.
 */
final class CpuMeter {
    /** A shorter while says nothing: CPU time may be told in steps of 10 ms. */
    private static final long SHORTEST_NANOS = 200_000_000;

    private long sinceNanos;
    private long sinceCpuNanos;
    private double cores;

    CpuMeter(long nowNanos, long cpuNanos) {
        sinceNanos = nowNanos;
        sinceCpuNanos = cpuNanos;
    }

    /** In cores: 1.5 is one and a half at work. */
    synchronized double cores(long nowNanos, long cpuNanos) {
        long elapsedNanos = nowNanos - sinceNanos;
        if (elapsedNanos < SHORTEST_NANOS) return cores;
        cores = Math.max(0, (double) (cpuNanos - sinceCpuNanos) / elapsedNanos);
        sinceNanos = nowNanos;
        sinceCpuNanos = cpuNanos;
        return cores;
    }
}
