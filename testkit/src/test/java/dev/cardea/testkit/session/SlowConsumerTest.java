package dev.cardea.testkit.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cardea.messaging.hub.SlowConsumer;
import dev.cardea.testkit.ChannelSettings;
import dev.cardea.testkit.ClientSettings;
import dev.cardea.testkit.ScriptedClient;
import dev.cardea.testkit.SimulatedNode;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.centrifuge.Push;
import dev.cardea.wire.centrifuge.SubscribeResult;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** A window of 8 entries, and a reader that stops while more than that is published. */
@ParameterizedClass
@EnumSource
class SlowConsumerTest {
    @Parameter Setup setup = Setup.EMBEDDED_JSON;

    private SimulatedNode node(ChannelSettings settings) {
        return setup.node()
                .client(new ClientSettings().highWater(1))
                .channels(settings.window(8, 1 << 20))
                .start();
    }

    private static ChannelSettings history(SlowConsumer policy) {
        return ChannelSettings.of("")
                .history(100, Duration.ofMinutes(5))
                .forceRecovery()
                .slowConsumer(policy);
    }

    /** Publication 1 is on its way to the reader, who has stopped; 2 to 20 are published after. */
    private ScriptedClient lapped(SimulatedNode node) {
        ScriptedClient client = node.client(setup.encoding).connected();
        client.subscribe("news");
        client.stall();
        for (int i = 1; i <= 20; i++) node.publish("news", Integer.toString(i));
        node.simulation().run();
        client.resume();
        return client;
    }

    @Test
    void aLappedReaderSubscribesAgainAndRecovers() {
        SimulatedNode node = node(history(SlowConsumer.RECOVER));
        ScriptedClient client = lapped(node);

        assertThat(client.pushes().getLast())
                .isEqualTo(new Push.Unsubscribe("news", 2500, "insufficient state"));
        assertThat(client.data("news")).containsExactly("1");
        SubscribeResult result = client.recover("news", RecoveryTest.epoch(node), 1);
        assertThat(result.recovered()).isTrue();
        assertThat(result.publications()).hasSize(19);
        assertThat(node.node().counters().lappedBy(SlowConsumer.RECOVER)).isEqualTo(1);
        assertThat(node.node().counters().unsubscribes().get(2500)).hasToString("1");
    }

    @Test
    void whatAReaderMissedBeyondHistoryIsNotRecovered() {
        SimulatedNode node = node(history(SlowConsumer.RECOVER).history(10, Duration.ofMinutes(5)));
        ScriptedClient client = lapped(node);

        assertThat(client.recover("news", RecoveryTest.epoch(node), 1).recovered()).isFalse();
    }

    @Test
    void aReaderThatIsLappedAgainAndAgainIsDisconnected() {
        SimulatedNode node = node(history(SlowConsumer.RECOVER));
        ScriptedClient client = lapped(node);
        for (int lap = 2; lap <= 3; lap++) {
            lapAgain(node, client);
            assertThat(client.pushes().getLast()).isInstanceOf(Push.Unsubscribe.class);
        }

        lapAgain(node, client);

        assertThat(client.closeCode()).isEqualTo(3008);
    }

    @Test
    void lapsThatAreLongAgoAreForgiven() {
        SimulatedNode node = node(history(SlowConsumer.RECOVER));
        ScriptedClient client = lapped(node);
        for (int lap = 2; lap <= 6; lap++) {
            node.simulation().run(Duration.ofSeconds(25));
            lapAgain(node, client);
        }

        assertThat(client.closed()).isNull();
    }

    private static void lapAgain(SimulatedNode node, ScriptedClient client) {
        client.recover("news", "", 0);
        client.stall();
        for (int i = 1; i <= 20; i++) node.publish("news", Integer.toString(i));
        node.simulation().run();
        client.resume();
    }

    @Test
    void withoutHistoryALappedReaderIsDisconnected() {
        SimulatedNode node = node(ChannelSettings.of("").slowConsumer(SlowConsumer.RECOVER));
        assertThat(lapped(node).closeCode()).isEqualTo(3008);
    }

    @Test
    void aReaderOfTheLatestGoesOnWithTheLatest() {
        SimulatedNode node = node(ChannelSettings.of("").slowConsumer(SlowConsumer.LATEST));
        ScriptedClient client = lapped(node);
        node.publish("news", "21");
        node.simulation().run();

        assertThat(client.data("news")).containsExactly("1", "20", "21");
        assertThat(client.closed()).isNull();
        assertThat(node.node().counters().lappedBy(SlowConsumer.LATEST)).isEqualTo(1);
    }

    @Test
    void aReaderThatSkipsIsToldHowManyBeforeItGoesOn() {
        SimulatedNode node = node(ChannelSettings.of("").slowConsumer(SlowConsumer.SKIP));
        ScriptedClient client = lapped(node);
        node.simulation().run();

        assertThat(client.data("news"))
                .containsExactly("1", "13", "14", "15", "16", "17", "18", "19", "20");
        assertThat(client.pushes().get(1))
                .isEqualTo(
                        new Push.Message(
                                Bytes.utf8("{\"skipped\":{\"channel\":\"news\",\"count\":11}}")));
    }

    @Test
    void aReaderThatMustNotLagIsDisconnected() {
        SimulatedNode node = node(history(SlowConsumer.DISCONNECT));
        assertThat(lapped(node).closeCode()).isEqualTo(3008);
        assertThat(node.node().counters().disconnects().get(3008)).hasToString("1");
    }

    @Test
    void aReaderThatIsBehindButNotLappedGetsEverything() {
        SimulatedNode node = node(ChannelSettings.of("").slowConsumer(SlowConsumer.DISCONNECT));
        ScriptedClient client = node.client(setup.encoding).connected();
        client.subscribe("news");
        client.stall();
        for (int i = 1; i <= 9; i++) node.publish("news", Integer.toString(i));
        node.simulation().run();
        client.resume();

        assertThat(client.data("news"))
                .containsExactly("1", "2", "3", "4", "5", "6", "7", "8", "9");
    }

    @Test
    void aWindowIsBoundedInBytesToo() {
        SimulatedNode node =
                setup.node()
                        .client(new ClientSettings().highWater(1))
                        .channels(
                                ChannelSettings.of("")
                                        .window(1000, 4_000)
                                        .slowConsumer(SlowConsumer.SKIP))
                        .start();
        ScriptedClient client = node.client(setup.encoding).connected();
        client.subscribe("news");
        client.stall();
        for (int i = 1; i <= 10; i++) node.publish("news", "\"" + "x".repeat(998) + "\"");
        node.simulation().run();
        client.resume();

        assertThat(client.data("news")).hasSize(1 + 3); // 3 of 1,192 bytes fit
    }
}
