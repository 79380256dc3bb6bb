package dev.cardea.testkit.hub;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cardea.messaging.broker.Broker.PublishOptions;
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
import org.junit.jupiter.api.Test;

class GatheringTest {
    private static final int CROWD = 160;
    private static final Duration WRITE = Duration.ofNanos(10_000);
    private static final Duration TURN = Duration.ofNanos(1_000);

    private final Simulation simulation = Simulation.seeded(1);
    private final SimulatedNode node =
            SimulatedNode.in(simulation).loops(1).channels(ChannelSettings.of("")).start();
    private final List<ScriptedClient> readers = new ArrayList<>();

    private void readers(int count) {
        for (int i = 0; i < count; i++) {
            ScriptedClient reader = node.client(SimulatedEncoding.JSON).connected();
            reader.subscribe("news");
            readers.add(reader);
        }
        simulation.run();
        simulation.workTakes(WRITE, TURN);
    }

    private void publish(String data) {
        node.publish("news", data);
        simulation.run();
    }

    /** Three publications, 20 microseconds apart, the first of them that long from now. */
    private long writesForThreeMore() {
        long before = simulation.writes();
        for (int i = 1; i <= 3; i++) {
            String data = Integer.toString(i);
            simulation.after(
                    Duration.ofNanos(20_000L * i),
                    () -> {
                        var _ =
                                node.publishLater(
                                        "news",
                                        Publication.of(Bytes.utf8(data)),
                                        PublishOptions.NONE);
                    });
        }
        simulation.run(Duration.ofMillis(20));
        for (ScriptedClient reader : readers) assertThat(reader.publications("news")).hasSize(4);
        return simulation.writes() - before;
    }

    @Test
    void whatIsPublishedToACrowdRightAfterItWasServedGoesOutTogether() {
        readers(CROWD);
        publish("0");
        assertThat(writesForThreeMore()).isEqualTo(CROWD);
    }

    @Test
    void aCrowdThatHadRestIsServedAtOnce() {
        readers(CROWD);
        publish("0");
        simulation.run(Duration.ofMillis(1));
        long start = simulation.nowNanos();
        publish("1");
        assertThat(simulation.nowNanos() - start)
                .isLessThan(CROWD * WRITE.toNanos() + 10 * TURN.toNanos());
    }

    @Test
    void fewReadersNeverWait() {
        readers(10);
        publish("0");
        assertThat(writesForThreeMore()).isGreaterThanOrEqualTo(20);
    }
}
