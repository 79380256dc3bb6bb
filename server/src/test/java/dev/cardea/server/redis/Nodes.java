package dev.cardea.server.redis;

import dev.cardea.messaging.broker.NodeBroker;
import dev.cardea.testkit.ChannelSettings;
import dev.cardea.testkit.SimulatedNode;
import dev.cardea.testkit.Simulation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Nodes of a test over Redis, whose channels keep all that the test publishes. */
final class Nodes implements AutoCloseable {
    private static final Duration POSITION_CHECK = Duration.ofSeconds(2);
    private static final AtomicInteger EPOCHS = new AtomicInteger();

    private final Simulation simulation;
    private final List<NodeBroker> brokers = new ArrayList<>();

    Nodes(Simulation simulation) {
        this.simulation = simulation;
    }

    /**
     * @param redis keys of engine.redis, as YAML in one line
     */
    SimulatedNode node(String id, String redis) {
        return SimulatedNode.in(simulation)
                .id(id)
                .brokerOf(hub -> {
                    NodeBroker broker =
                            RedisNode.start(
                                    Configured.redis(redis),
                                    hub,
                                    id,
                                    () -> "epoch" + EPOCHS.incrementAndGet(),
                                    POSITION_CHECK);
                    brokers.add(broker);
                    return broker.broker();
                })
                .channels(
                        ChannelSettings.of("")
                                .history(100_000, Duration.ofMinutes(10))
                                .forceRecovery())
                .channels(ChannelSettings.of("live"))
                .start();
    }

    boolean areReachable() {
        return brokers.stream().allMatch(NodeBroker::isReachable);
    }

    List<NodeBroker> brokers() {
        return brokers;
    }

    @Override
    public void close() {
        brokers.forEach(NodeBroker::close);
    }
}
