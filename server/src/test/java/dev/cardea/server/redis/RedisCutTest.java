package dev.cardea.server.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cardea.server.nodes.Cables;
import dev.cardea.server.nodes.Cables.Cut;
import dev.cardea.server.nodes.Load;
import dev.cardea.testkit.SimulatedNode;
import dev.cardea.testkit.Simulation;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The network between one of two nodes and Redis is cut for a while, in both directions or in one.
 * {@code -Dcardea.cut.seconds=30} cuts it for longer.
 */
@Timeout(150)
class RedisCutTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration CUT = Duration.ofSeconds(Long.getLong("cardea.cut.seconds", 3));
    private static final List<String> CHANNELS = List.of("news1", "news2", "news3", "news4");
    private static final String IMPATIENT = ", io_timeout: 500ms, connect_timeout: 200ms";

    private final Simulation simulation = Simulation.live(8);

    @ParameterizedTest
    @EnumSource(Cut.class)
    void eachClientHasAllOfItWhenTheCableIsMended(Cut way) throws Exception {
        try (Cables cables = Cables.lay(Cables.Broker.REDIS, 2);
                Nodes nodes = new Nodes(simulation)) {
            SimulatedNode cut =
                    nodes.node("cut", "address: '%s'".formatted(cables.address(0)) + IMPATIENT);
            SimulatedNode other =
                    nodes.node("other", "address: '%s'".formatted(cables.address(1)) + IMPATIENT);
            Load load = new Load(simulation, List.of(cut, other), CHANNELS, 5);
            load.begin();
            load.goOn(50, PATIENCE);

            cables.cut(0, way);
            long mended = System.nanoTime() + CUT.toNanos();
            simulation.runUntil(() -> !nodes.brokers().getFirst().isReachable(), PATIENCE);
            simulation.runUntil(() -> System.nanoTime() > mended, CUT.plusSeconds(5));
            assertThat(nodes.brokers().getFirst().isReachable()).isFalse();
            assertThat(nodes.brokers().getLast().isReachable()).isTrue();
            assertThat(load.failures()).isPositive();

            cables.mend(0, way);
            load.goOn(50, PATIENCE);
            load.end(PATIENCE);
            load.assertNothingIsMissing();
            load.assertNobodyWasSentAway();
            simulation.runUntil(nodes::areReachable, PATIENCE);
        }
    }
}
