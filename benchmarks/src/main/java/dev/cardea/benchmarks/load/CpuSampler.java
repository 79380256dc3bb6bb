package dev.cardea.benchmarks.load;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Looks at a server's CPU time ten times a second, beside the clients. */
final class CpuSampler implements AutoCloseable {
    private static final int SAMPLES_A_SECOND = 10;

    private final ServerProcess server;
    private final long firstTicks;
    private final List<Long> ticks = new ArrayList<>();
    private final Thread thread;
    private volatile boolean stopped;

    private CpuSampler(ServerProcess server) {
        this.server = server;
        this.firstTicks = server.cpuTicks();
        this.thread = Thread.ofPlatform().daemon().unstarted(this::run);
    }

    static CpuSampler of(ServerProcess server) {
        CpuSampler sampler = new CpuSampler(server);
        sampler.thread.start();
        return sampler;
    }

    private void run() {
        long next = System.nanoTime();
        try {
            while (!stopped) {
                sample();
                next += TimeUnit.SECONDS.toNanos(1) / SAMPLES_A_SECOND;
                TimeUnit.NANOSECONDS.sleep(next - System.nanoTime());
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void sample() {
        ticks.add(server.cpuTicks());
    }

    /** Since the start. */
    double seconds() {
        return (server.cpuTicks() - firstTicks) / (double) ServerProcess.TICKS_A_SECOND;
    }

    /** Of one core, in the second that was busiest. */
    synchronized double peakPercent() {
        long most = 0;
        for (int i = 0; i < ticks.size(); i++) {
            int second = Math.min(ticks.size() - 1, i + SAMPLES_A_SECOND);
            most = Math.max(most, ticks.get(second) - ticks.get(i));
        }
        return 100.0 * most / ServerProcess.TICKS_A_SECOND;
    }

    @Override
    public void close() {
        stopped = true;
        thread.interrupt();
    }
}
