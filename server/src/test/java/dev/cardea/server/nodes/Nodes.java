package dev.cardea.server.nodes;

import dev.cardea.messaging.broker.NodeBroker;
import dev.cardea.messaging.hub.Hub;
import dev.cardea.testkit.ChannelSettings;
import dev.cardea.testkit.SimulatedNode;
import dev.cardea.testkit.Simulation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** Nodes of a test that share a broker, whose channels keep all that the test publishes. */
public final class Nodes implements AutoCloseable {
    private static final AtomicInteger EPOCHS = new AtomicInteger();

    /** How a node comes to its broker. */
    public interface Joining {
        /**
         * @param settings the broker's keys, as YAML in one line
         */
        NodeBroker join(String settings, Hub hub, String id, Supplier<String> newEpoch);
    }

    private final Simulation simulation;
    private final Joining joining;
    private final List<NodeBroker> brokers = new ArrayList<>();

    public Nodes(Simulation simulation, Joining joining) {
        this.simulation = simulation;
        this.joining = joining;
    }

    /**
     * @param settings the broker's keys, as YAML in one line
     */
    public SimulatedNode node(String id, String settings) {
        return SimulatedNode.in(simulation)
                .id(id)
                .loops(2)
                .brokerOf(hub -> {
                    NodeBroker broker =
                            joining.join(
                                    settings, hub, id, () -> "epoch" + EPOCHS.incrementAndGet());
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

    public boolean areReachable() {
        return brokers.stream().allMatch(NodeBroker::isReachable);
    }

    public List<NodeBroker> brokers() {
        return brokers;
    }

    @Override
    public void close() {
        brokers.forEach(NodeBroker::close);
        brokers.clear();
    }
}
