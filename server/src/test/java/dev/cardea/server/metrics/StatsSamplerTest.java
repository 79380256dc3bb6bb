package dev.cardea.server.metrics;

import static dev.cardea.server.api.ApiServer.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.cardea.messaging.hub.SlowConsumer;
import dev.cardea.server.api.ApiServer;
import dev.cardea.testkit.websocket.CentrifugeSocket;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class StatsSamplerTest {
    private static final long SECOND = 1_000_000_000L;
    private long nowNanos;
    private long cpuNanos;

    @Test
    void ratesAreOverTheTimeSinceTheSampleBefore() throws Exception {
        try (ApiServer server = ApiServer.withKey();
                CentrifugeSocket alice = server.connect("alice", "news")) {
            assertThat(alice.seen()).isNotEmpty();
            StatsSampler sampler = new StatsSampler(server.node, () -> nowNanos, () -> cpuNanos);
            for (int i = 0; i < 5; i++) {
                server.post("/api/publish", "{\"channel\":\"news\",\"data\":1}");
            }
            nowNanos += SECOND / 2;
            cpuNanos += SECOND / 4;
            ServerStats stats = sample(sampler);
            assertThat(stats.connections()).isEqualTo(1);
            assertThat(stats.subscriptions()).isEqualTo(1);
            assertThat(stats.publicationsPerSecond()).isEqualTo(10);
            assertThat(stats.lapped()).containsOnlyKeys(SlowConsumer.values());
            assertThat(stats.heapBytes()).isPositive();
            assertThat(stats.cpu()).isEqualTo(0.5 / Jvm.cores(), within(1e-9));
            nowNanos += SECOND;
            assertThat(sample(sampler).publicationsPerSecond()).isZero();
        }
    }

    @Test
    void deliveriesAreCountedOnAllLoops() throws Exception {
        try (ApiServer server = ApiServer.withKey();
                CentrifugeSocket alice = server.connect("alice", "news");
                CentrifugeSocket bob = server.connect("bob", "news")) {
            assertThat(alice.seen()).isNotEmpty();
            assertThat(bob.seen()).isNotEmpty();
            StatsSampler sampler = new StatsSampler(server.node, () -> nowNanos, () -> cpuNanos);
            server.post("/api/publish", "{\"channel\":\"news\",\"data\":1}");
            double delivered = 0;
            long deadline = System.nanoTime() + SOON.toNanos();
            while (delivered < 2 && System.nanoTime() < deadline) {
                nowNanos += SECOND;
                delivered += sample(sampler).deliveriesPerSecond();
            }
            assertThat(delivered).isEqualTo(2);
        }
    }

    @Test
    void cpuOfAShortWhileIsThatOfTheWhileBefore() {
        CpuMeter meter = new CpuMeter(0, 0);
        assertThat(meter.cores(SECOND, 2 * SECOND)).isEqualTo(2);
        assertThat(meter.cores(SECOND + 1, 3 * SECOND)).isEqualTo(2);
        assertThat(meter.cores(2 * SECOND, 3 * SECOND)).isEqualTo(1);
        assertThat(meter.cores(3 * SECOND, 0)).isZero();
    }

    private static ServerStats sample(StatsSampler sampler) throws Exception {
        return sampler.sample().toCompletableFuture().get(SOON.toSeconds(), TimeUnit.SECONDS);
    }
}
