package dev.cardea.server.nodes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cardea.server.nodes.Cables.Broker;
import dev.cardea.server.nodes.Cables.Cut;
import dev.cardea.testkit.SimulatedNode;
import dev.cardea.testkit.Simulation;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The network between one of two nodes and their broker is cut, in both directions or in one. */
@Timeout(150)
public abstract class CutSuite {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration CUT = Duration.ofSeconds(Long.getLong("cardea.cut.seconds", 3));
    private static final List<String> CHANNELS = List.of("news1", "news2", "news3", "news4");

    private final Broker broker;
    private final Duration noticesWithin;

    /**
     * @param noticesWithin how long a node may take to see that the broker is gone
     */
    protected CutSuite(Broker broker, Duration noticesWithin) {
        this.broker = broker;
        this.noticesWithin = noticesWithin;
    }

    protected abstract Nodes nodes(Simulation simulation);

    /** The broker's keys, as YAML in one line. */
    protected abstract String at(String address);

    /** What publishers have seen while the cable was cut. */
    protected void assertWhileCut(Load load) {}

    @ParameterizedTest
    @EnumSource(Cut.class)
    void eachClientHasAllOfItWhenTheCableIsMended(Cut way) throws Exception {
        Simulation simulation = Simulation.live(8);
        try (Cables cables = Cables.lay(broker, 2);
                Nodes nodes = nodes(simulation)) {
            SimulatedNode cut = nodes.node("cut", at(cables.address(0)));
            SimulatedNode other = nodes.node("other", at(cables.address(1)));
            Load load = new Load(simulation, List.of(cut, other), CHANNELS, 5);
            load.begin();
            load.goOn(50, PATIENCE);

            cables.cut(0, way);
            long mended = System.nanoTime() + CUT.toNanos();
            simulation.runUntil(() -> !nodes.brokers().getFirst().isReachable(), PATIENCE);
            simulation.runUntil(() -> System.nanoTime() > mended, CUT.plus(noticesWithin));
            assertThat(nodes.brokers().getFirst().isReachable()).isFalse();
            assertThat(nodes.brokers().getLast().isReachable()).isTrue();
            assertWhileCut(load);

            cables.mend(0, way);
            load.goOn(50, PATIENCE);
            load.end(PATIENCE);
            load.assertNothingIsMissing();
            load.assertNobodyWasSentAway();
            simulation.runUntil(nodes::areReachable, PATIENCE);
        }
    }
}
