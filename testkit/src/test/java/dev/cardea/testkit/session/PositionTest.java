package dev.cardea.testkit.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cardea.messaging.broker.Broker.PublishOptions;
import dev.cardea.testkit.ChannelSettings;
import dev.cardea.testkit.FaultyBroker;
import dev.cardea.testkit.ScriptedClient;
import dev.cardea.testkit.SimulatedEncoding;
import dev.cardea.testkit.SimulatedNode;
import dev.cardea.testkit.Simulation;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.centrifuge.Publication;
import dev.cardea.wire.centrifuge.Push;
import dev.cardea.wire.centrifuge.StreamPosition;
import dev.cardea.wire.centrifuge.SubscribeResult;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whether clients are told that the broker's stream isn't any more the one that they follow. */
class PositionTest {
    private final Simulation simulation = Simulation.seeded(1);
    private final FaultyBroker[] faulty = new FaultyBroker[1];
    private final SimulatedNode node =
            SimulatedNode.in(simulation)
                    .loops(2)
                    .broker(behind -> faulty[0] = new FaultyBroker(behind, simulation))
                    .channels(
                            ChannelSettings.of("")
                                    .history(100, Duration.ofHours(1))
                                    .forcePositioning())
                    .channels(ChannelSettings.of("free").history(100, Duration.ofHours(1)))
                    .start();
    private final ScriptedClient client = node.client(SimulatedEncoding.JSON).connected();

    private static final Push TOLD = new Push.Unsubscribe("news", 2500, "insufficient state");

    @Test
    void aStreamThatBeganAnewIsNoticedAtTheNextCheck() {
        client.subscribe("news");
        node.publish("news", "1");
        faulty[0].loseState("news", new StreamPosition(0, "another"));

        simulation.run(Duration.ofSeconds(45));

        assertThat(client.pushes()).contains(TOLD);
        assertThat(node.node().counters().subscriptions()).isZero();
        SubscribeResult again = client.subscribe("news");
        assertThat(again.epoch()).isEqualTo("another");
    }

    @Test
    void aStreamThatWentBackIsNoticedAtTheNextCheck() {
        SubscribeResult result = client.subscribe("news");
        node.publish("news", "1");
        node.publish("news", "2");
        faulty[0].loseState("news", new StreamPosition(1, result.epoch()));

        simulation.run(Duration.ofSeconds(45));

        assertThat(client.pushes()).contains(TOLD);
    }

    @Test
    void whoDoesNotAskForItsPositionIsNotChecked() {
        client.subscribe("free:a");
        node.publish("free:a", "1");
        faulty[0].loseState("free:a", new StreamPosition(0, "another"));

        simulation.run(Duration.ofMinutes(2));

        assertThat(client.pushes()).hasSize(1);
    }

    @Test
    void aBrokerThatFailsToAnswerIsAskedAgain() {
        client.subscribe("news");
        faulty[0].fail(1);
        simulation.run(Duration.ofMinutes(3));
        assertThat(client.pushes()).isEmpty();
        faulty[0].fail(0);
        faulty[0].loseState("news", new StreamPosition(0, "another"));

        simulation.run(Duration.ofSeconds(45));

        assertThat(client.pushes()).containsExactly(TOLD);
    }

    /** The answer to a check is always a little old, and the client a little further by then. */
    @ParameterizedTest
    @EnumSource(Setup.class)
    void aBusyStreamIsNeverTakenForALostOne(Setup setup) {
        Simulation busy = Simulation.seeded(2);
        SimulatedNode busyNode =
                setup.node(busy)
                        .channels(
                                ChannelSettings.of("")
                                        .history(100, Duration.ofHours(1))
                                        .forcePositioning())
                        .start();
        ScriptedClient reader = busyNode.client(setup.encoding).connected();
        reader.subscribe("news");
        for (int i = 0; i < 12_000; i++) {
            var _ =
                    busyNode.publishLater(
                            "news", Publication.of(Bytes.utf8("1")), PublishOptions.NONE);
            busy.run(Duration.ofMillis(10));
        }
        busy.run(Duration.ofSeconds(1));

        assertThat(reader.pushes()).hasSize(12_000).allMatch(Push.Pub.class::isInstance);
    }
}
