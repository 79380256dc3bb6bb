package dev.cardea.server.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cardea.server.nodes.Load;
import dev.cardea.server.nodes.Nodes;
import dev.cardea.testkit.SimulatedNode;
import dev.cardea.testkit.Simulation;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A master dies in the middle of the load, and each client has its sequence. */
@Timeout(120)
class RedisFailoverTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final List<String> CHANNELS =
            IntStream.range(0, 12).mapToObj(i -> "news" + i).toList();

    private final Simulation simulation = Simulation.live(6);

    @Test
    void aMasterOfAClusterDiesUnderLoad() throws Exception {
        try (RedisCluster redis = RedisCluster.start(true);
                Nodes nodes = Configured.nodes(simulation)) {
            String config = redis.addresses() + ", io_timeout: 1s";
            SimulatedNode first = nodes.node("first", config);
            SimulatedNode second = nodes.node("second", config);
            Load load = new Load(simulation, List.of(first, second), CHANNELS, 3);
            load.begin();
            load.goOn(50, PATIENCE);

            redis.master(1).kill();
            load.goOn(50, PATIENCE);
            assertThat(load.failures()).as("refused while there was no master").isPositive();
            load.end(PATIENCE);
            // What the replica hadn't got yet when its master died is lost, and told.
            load.assertNothingIsMissingUntold();
            simulation.runUntil(nodes::areReachable, PATIENCE);
        }
    }

    @Test
    void theMasterThatSentinelsWatchDiesUnderLoad() throws Exception {
        try (RedisServer master = RedisServer.start("--repl-diskless-sync-delay", "0");
                RedisServer replica =
                        RedisServer.start("--replicaof", "127.0.0.1", "" + master.port());
                RedisServer other =
                        RedisServer.start("--replicaof", "127.0.0.1", "" + master.port());
                RedisServer sentinel = RedisServer.sentinel(master.port());
                Nodes nodes = Configured.nodes(simulation)) {
            RedisCluster.await(replica, "INFO replication", "master_link_status:up");
            RedisCluster.await(other, "INFO replication", "master_link_status:up");
            RedisCluster.await(sentinel, "SENTINEL REPLICAS m", "" + replica.port());
            RedisCluster.await(sentinel, "SENTINEL REPLICAS m", "" + other.port());
            String config =
                    "sentinel_address: ['127.0.0.1:%d'], sentinel_master_name: m, wait_replicas: 1"
                            .formatted(sentinel.port());
            SimulatedNode first = nodes.node("first", config);
            SimulatedNode second = nodes.node("second", config + ", io_timeout: 1s");
            Load load = new Load(simulation, List.of(first, second), CHANNELS, 3);
            load.begin();
            load.goOn(50, PATIENCE);

            master.kill();
            load.goOn(50, PATIENCE);
            assertThat(load.failures()).as("refused while there was no master").isPositive();
            load.end(PATIENCE);
            load.assertNothingIsMissingUntold();
            simulation.runUntil(nodes::areReachable, PATIENCE);
        }
    }
}
