package dev.cardea.server.metrics;

import dev.cardea.messaging.hub.Shard;
import dev.cardea.messaging.hub.SlowConsumer;
import dev.cardea.messaging.session.Counters;
import dev.cardea.messaging.session.Node;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;

/**
 * Takes samples of a node. Rates are over the time from one sample to the next, so whoever wants
 * some has a sampler of its own. Thread safe.
 */
public final class StatsSampler {
    private static final Duration LOOPS_WITHIN = Duration.ofMillis(200);

    private final Node node;
    private final LongSupplier nowNanos;
    private final LongSupplier cpuNanos;
    private final CpuMeter cpu;
    private final Rate publications;
    private final Rate deliveries;

    public StatsSampler(Node node) {
        this(node, System::nanoTime, Jvm::cpuNanos);
    }

    StatsSampler(Node node, LongSupplier nowNanos, LongSupplier cpuNanos) {
        this.node = node;
        this.nowNanos = nowNanos;
        this.cpuNanos = cpuNanos;
        long now = nowNanos.getAsLong();
        this.cpu = new CpuMeter(now, cpuNanos.getAsLong());
        this.publications = new Rate(now, node.counters().publications());
        this.deliveries = new Rate(now, deliveries());
    }

    /** Complete once every event loop was asked, on any thread. */
    public CompletionStage<ServerStats> sample() {
        return Backlog.gather(node.hub().shards(), LOOPS_WITHIN).thenApply(this::sample);
    }

    private ServerStats sample(Backlog backlog) {
        long now = nowNanos.getAsLong();
        Counters counters = node.counters();
        Map<SlowConsumer, Long> lapped = new EnumMap<>(SlowConsumer.class);
        for (SlowConsumer policy : SlowConsumer.values()) {
            lapped.put(policy, counters.lappedBy(policy));
        }
        return new ServerStats(
                node.unixMillis().getAsLong(),
                counters.connections(),
                counters.subscriptions(),
                publications.perSecond(now, counters.publications()),
                deliveries.perSecond(now, deliveries()),
                backlog.pendingBytes(),
                lapped,
                Jvm.heapBytes(),
                Math.min(1, cpu.cores(now, cpuNanos.getAsLong()) / Jvm.cores()));
    }

    private long deliveries() {
        long sum = 0;
        for (Shard shard : node.hub().shards()) sum += shard.deliveries();
        return sum;
    }

    /** A count's increase in time. */
    private static final class Rate {
        private long sinceNanos;
        private long sinceCount;

        Rate(long nowNanos, long count) {
            sinceNanos = nowNanos;
            sinceCount = count;
        }

        synchronized double perSecond(long nowNanos, long count) {
            long elapsedNanos = nowNanos - sinceNanos;
            if (elapsedNanos <= 0) return 0;
            double rate = (count - sinceCount) * 1e9 / elapsedNanos;
            sinceNanos = nowNanos;
            sinceCount = count;
            return rate;
        }
    }
}
