package dev.cardea.server.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cardea.messaging.broker.Broker.PublishOptions;
import dev.cardea.messaging.broker.NodeBroker;
import dev.cardea.testkit.ChannelSettings;
import dev.cardea.testkit.ScriptedClient;
import dev.cardea.testkit.SimulatedEncoding;
import dev.cardea.testkit.SimulatedNode;
import dev.cardea.testkit.Simulation;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.centrifuge.Publication;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A master, its replica, and a Sentinel that makes the one the other. */
@Timeout(90)
class RedisSentinelTest {
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    private final Simulation simulation = Simulation.live(4);
    private final List<NodeBroker> brokers = new ArrayList<>();

    private SimulatedNode node(String id, int sentinel) {
        return SimulatedNode.in(simulation)
                .id(id)
                .brokerOf(hub -> {
                    NodeBroker broker =
                            RedisNode.start(
                                    Configured.redis(
                                            "sentinel_address: ['127.0.0.1:%d'],"
                                                            .formatted(sentinel)
                                                    + " sentinel_master_name: m"),
                                    hub,
                                    id,
                                    () -> "epoch",
                                    Duration.ofSeconds(2));
                    brokers.add(broker);
                    return broker.broker();
                })
                .channels(
                        ChannelSettings.of("").history(100, Duration.ofMinutes(5)).forceRecovery())
                .start();
    }

    @Test
    void whenTheMasterDiesAnotherServerGoesOnAndNothingIsLost() throws Exception {
        try (RedisServer master = RedisServer.start();
                RedisServer replica =
                        RedisServer.start("--replicaof", "127.0.0.1", "" + master.port());
                RedisServer sentinel = RedisServer.sentinel(master.port())) {
            while (!replica.ask("INFO replication").contains("master_link_status:up"))
                Thread.onSpinWait();
            while (!sentinel.ask("SENTINEL REPLICAS m").contains("" + replica.port()))
                Thread.onSpinWait();
            SimulatedNode first = node("first", sentinel.port());
            SimulatedNode second = node("second", sentinel.port());
            ScriptedClient client = second.client(SimulatedEncoding.JSON).connected();
            client.subscribe("news");
            for (int i = 1; i <= 20; i++) first.publish("news", "" + i);
            simulation.runUntil(() -> client.data("news").size() == 20, PATIENCE);
            while (!replica.ask("HGET centrifugo:top:{news} s").contains("20")) Thread.onSpinWait();

            master.kill();
            int failed = 0;
            while (!isPublished(first, 21)) failed++;
            assertThat(failed).as("publishing fails while there is no master").isPositive();
            for (int i = 22; i <= 30; i++) first.publish("news", "" + i);
            simulation.runUntil(() -> client.data("news").size() >= 30, PATIENCE);
            List<String> all = new ArrayList<>();
            for (int i = 1; i <= 30; i++) all.add("" + i);
            assertThat(client.data("news")).isEqualTo(all);
            assertThat(client.closed()).isNull();
            assertThat(brokers).allMatch(NodeBroker::isReachable);
        } finally {
            brokers.forEach(NodeBroker::close);
        }
    }

    private boolean isPublished(SimulatedNode node, int number) {
        CompletableFuture<?> published =
                node.publishLater(
                                "news",
                                Publication.of(Bytes.utf8("" + number)),
                                PublishOptions.NONE)
                        .toCompletableFuture();
        simulation.runUntil(published::isDone, PATIENCE);
        return !published.isCompletedExceptionally();
    }
}
