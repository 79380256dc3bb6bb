package dev.cardea.server.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cardea.messaging.broker.Broker.PublishOptions;
import dev.cardea.server.nodes.Load;
import dev.cardea.server.nodes.Nodes;
import dev.cardea.testkit.ScriptedClient;
import dev.cardea.testkit.SimulatedEncoding;
import dev.cardea.testkit.SimulatedNode;
import dev.cardea.testkit.Simulation;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.centrifuge.Publication;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a node does when a connection to Redis is lost, or no good any more. */
@Timeout(90)
class RedisReconnectTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Simulation simulation = Simulation.live(9);

    @Test
    void aSubscriptionThatIsDeafIsNoticedAndMadeAnew() throws Exception {
        try (RedisServer redis = RedisServer.start();
                DeafRelay relay = new DeafRelay(redis.port());
                Nodes nodes = Configured.nodes(simulation)) {
            SimulatedNode deaf =
                    nodes.node(
                            "deaf",
                            "io_timeout: 400ms, address: '127.0.0.1:%d'".formatted(relay.port()));
            SimulatedNode other = nodes.node("other", "address: '" + redis.url() + "'");
            ScriptedClient client = deaf.client(SimulatedEncoding.JSON).connected();
            client.subscribe("live:news"); // no history from which to learn what is missing
            other.publish("live:news", "1");
            simulation.runUntil(() -> client.data("live:news").size() == 1, PATIENCE);

            relay.deafen();
            // The connection answers every ping. Only what the node tells itself doesn't come.
            simulation.runUntil(() -> !nodes.brokers().getFirst().isReachable(), PATIENCE);
            simulation.runUntil(nodes::areReachable, PATIENCE);
            other.publish("live:news", "2");
            simulation.runUntil(() -> client.data("live:news").contains("2"), PATIENCE);
        }
    }

    @Test
    void thousandsOfChannelsAreListenedToAgainInBatches() throws Exception {
        try (RedisServer redis = RedisServer.start();
                Nodes nodes = Configured.nodes(simulation)) {
            SimulatedNode node = nodes.node("node", "address: '" + redis.url() + "'");
            List<String> channels = IntStream.range(0, 5_000).mapToObj(i -> "news" + i).toList();
            List<CompletableFuture<?>> following = new ArrayList<>();
            for (String channel : channels)
                following.add(
                        node.broker().follow(channel, node.options(channel)).toCompletableFuture());
            node.await(CompletableFuture.allOf(following.toArray(CompletableFuture<?>[]::new)));
            ScriptedClient client = node.client(SimulatedEncoding.JSON).connected();
            client.subscribe("news4321");

            redis.ask("CONFIG RESETSTAT");
            redis.ask("CLIENT KILL TYPE pubsub");
            simulation.runUntil(() -> listened(redis).contains(":1\r\n"), PATIENCE);
            String calls = redis.ask("INFO commandstats");
            assertThat(calls).containsPattern("cmdstat_subscribe:calls=1[0-3],");
            node.publish("news4321", "after");
            simulation.runUntil(() -> client.data("news4321").size() == 1, PATIENCE);
        }
    }

    private static String listened(RedisServer redis) {
        try {
            return redis.ask("PUBSUB NUMSUB centrifugo:ch:{news4321}");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aRedisThatComesBackEmptyIsAnotherStreamAndAllAreTold() throws Exception {
        try (RedisServer redis = RedisServer.start();
                Nodes nodes = Configured.nodes(simulation)) {
            SimulatedNode first = nodes.node("first", "address: '" + redis.url() + "'");
            SimulatedNode second = nodes.node("second", "address: '" + redis.url() + "'");
            Load load = new Load(simulation, List.of(first, second), List.of("news1", "news2"), 5);
            load.begin();
            load.goOn(50, PATIENCE);
            redis.kill();
            redis.restart();
            load.goOn(50, PATIENCE);
            load.end(PATIENCE);
            load.assertNothingIsMissingUntold();
            load.assertAllWereTold();
        }
    }

    @Test
    void whoeverWaitsForReplicasIsRefusedWhenThereAreNone() throws Exception {
        try (RedisServer redis = RedisServer.start();
                RedisServer replica =
                        RedisServer.start("--replicaof", "127.0.0.1", "" + redis.port());
                Nodes nodes = Configured.nodes(simulation)) {
            // the replica thinks so first; its master counts it from its first acknowledgement on
            RedisCluster.await(replica, "INFO replication", "master_link_status:up");
            RedisCluster.await(redis, "INFO replication", "state=online");
            SimulatedNode node =
                    nodes.node(
                            "node",
                            "wait_replicas: 1, wait_timeout: 300ms, address: '%s'"
                                    .formatted(redis.url()));
            assertThat(node.publish("news", "1").position().offset()).isEqualTo(1);
            assertThat(replica.ask("HGET centrifugo:top:{news} s")).contains("1");
            replica.kill();
            RedisCluster.await(redis, "INFO replication", "connected_slaves:0");
            CompletableFuture<?> published =
                    node.publishLater("news", Publication.of(Bytes.utf8("2")), PublishOptions.NONE)
                            .toCompletableFuture();
            simulation.runUntil(published::isDone, PATIENCE);
            assertThat(published).isCompletedExceptionally();
        }
    }
}
