package dev.cardea.server.nats;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cardea.messaging.broker.NodeBroker;
import dev.cardea.server.nodes.Cables;
import dev.cardea.server.nodes.Cables.Cut;
import dev.cardea.server.nodes.Load;
import dev.cardea.testkit.ChannelSettings;
import dev.cardea.testkit.SimulatedNode;
import dev.cardea.testkit.Simulation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The network between one of two nodes and NATS is cut for a while, in both directions or in one.
 * {@code -Dcardea.cut.seconds=30} cuts it for longer.
 */
@Timeout(150)
class NatsCutTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration CUT = Duration.ofSeconds(Long.getLong("cardea.cut.seconds", 3));
    private static final List<String> CHANNELS = List.of("news1", "news2", "news3", "news4");

    private final Simulation simulation = Simulation.live(9);
    private final List<NodeBroker> brokers = new ArrayList<>();
    private final AtomicInteger epochs = new AtomicInteger();

    private SimulatedNode node(String id, String address) {
        return SimulatedNode.in(simulation)
                .id(id)
                .brokerOf(hub -> {
                    NodeBroker broker =
                            NatsNode.start(
                                    Configured.nats("url: 'nats://" + address + "'"),
                                    hub,
                                    id,
                                    () -> "epoch" + epochs.incrementAndGet(),
                                    Duration.ofSeconds(2));
                    brokers.add(broker);
                    return broker.broker();
                })
                .channels(
                        ChannelSettings.of("")
                                .history(100_000, Duration.ofMinutes(10))
                                .forceRecovery())
                .start();
    }

    @AfterEach
    void closeAll() {
        brokers.forEach(NodeBroker::close);
    }

    @ParameterizedTest
    @EnumSource(Cut.class)
    void eachClientHasAllOfItWhenTheCableIsMended(Cut way) throws Exception {
        try (Cables cables = Cables.lay(Cables.Broker.NATS, 2)) {
            SimulatedNode cut = node("cut", cables.address(0));
            SimulatedNode other = node("other", cables.address(1));
            Load load = new Load(simulation, List.of(cut, other), CHANNELS, 5);
            load.begin();
            load.goOn(50, PATIENCE);

            cables.cut(0, way);
            long mended = System.nanoTime() + CUT.toNanos();
            simulation.runUntil(() -> !brokers.getFirst().isReachable(), PATIENCE);
            simulation.runUntil(() -> System.nanoTime() > mended, CUT.plusSeconds(30));
            assertThat(brokers.getFirst().isReachable()).isFalse();
            assertThat(brokers.getLast().isReachable()).isTrue();

            cables.mend(0, way);
            load.goOn(50, PATIENCE);
            load.end(PATIENCE);
            load.assertNothingIsMissing();
            load.assertNobodyWasSentAway();
            simulation.runUntil(() -> brokers.stream().allMatch(NodeBroker::isReachable), PATIENCE);
        }
    }
}
