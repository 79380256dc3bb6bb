package dev.cardea.testkit.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cardea.messaging.broker.Broker.PublishOptions;
import dev.cardea.testkit.ChannelSettings;
import dev.cardea.testkit.ClientSettings;
import dev.cardea.testkit.FaultyBroker;
import dev.cardea.testkit.ScriptedClient;
import dev.cardea.testkit.SimulatedNode;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.centrifuge.ClientInfo;
import dev.cardea.wire.centrifuge.Publication;
import dev.cardea.wire.centrifuge.SubscribeResult;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource
class ConflationTest {
    @Parameter Setup setup = Setup.EMBEDDED_JSON;

    private SimulatedNode node(Duration interval, String key) {
        return setup.node()
                .channels(
                        ChannelSettings.of("")
                                .history(1000, Duration.ofMinutes(5))
                                .allowRecovery()
                                .conflate(interval, key))
                .start();
    }

    private ScriptedClient subscriber(SimulatedNode node) {
        ScriptedClient client = node.client(setup.encoding).connected();
        client.subscribe("prices");
        node.simulation().run(Duration.ofSeconds(2));
        return client;
    }

    private static void publish(SimulatedNode node, String key, String data) {
        @Nullable ClientInfo nobody = null;
        Publication publication =
                new Publication(
                        Bytes.utf8(data),
                        nobody,
                        0,
                        Map.of("symbol", key),
                        false,
                        0,
                        "",
                        "",
                        false,
                        0,
                        "",
                        0);
        var _ = node.publishLater("prices", publication, PublishOptions.NONE);
        node.simulation().run();
        if (node.broker() instanceof FaultyBroker) node.simulation().run(Duration.ofMillis(40));
    }

    @Test
    void afterAQuietIntervalTheFirstGoesAtOnceAndThenTheNewestOnceAnInterval() {
        SimulatedNode node = node(Duration.ofSeconds(1), "");
        ScriptedClient client = subscriber(node);

        for (int i = 1; i <= 5; i++) publish(node, "", Integer.toString(i));
        assertThat(client.data("prices")).containsExactly("1");
        node.simulation().run(Duration.ofMillis(1_040));

        assertThat(client.data("prices")).containsExactly("1", "5");
        for (int i = 6; i <= 9; i++) publish(node, "", Integer.toString(i));
        assertThat(client.data("prices")).containsExactly("1", "5");
        node.simulation().run(Duration.ofSeconds(3));
        assertThat(client.data("prices")).containsExactly("1", "5", "9");
        publish(node, "", "10");
        assertThat(client.data("prices")).containsExactly("1", "5", "9", "10");
    }

    /** The interval is no multiple of the timers' tick, so most openings come late. */
    @Test
    void lateOpeningsDoNotMakeTheIntervalLonger() {
        SimulatedNode node = node(Duration.ofMillis(62), "");
        ScriptedClient client = subscriber(node);
        long start = node.simulation().nowNanos();
        for (int i = 0; i < 2_000; i++) {
            node.publish("prices", Integer.toString(i));
            node.simulation().run(Duration.ofMillis(5));
        }

        int intervals = (int) ((node.simulation().nowNanos() - start) / 62_000_000);
        assertThat(client.data("prices")).hasSizeBetween(intervals - 1, intervals + 1);
    }

    @Test
    void theNewestForEachKeyPassesInTheOrderOfTheStream() {
        SimulatedNode node = node(Duration.ofSeconds(1), "symbol");
        ScriptedClient client = subscriber(node);
        publish(node, "x", "0");

        publish(node, "a", "1");
        publish(node, "b", "2");
        publish(node, "a", "3");
        publish(node, "c", "4");
        publish(node, "b", "5");
        node.simulation().run(Duration.ofMillis(1_040));

        assertThat(client.data("prices")).containsExactly("0", "3", "4", "5");
    }

    @Test
    void publicationsWithoutTheKeyStandForThemselves() {
        SimulatedNode node = node(Duration.ofSeconds(1), "other");
        ScriptedClient client = subscriber(node);
        for (int i = 1; i <= 4; i++) publish(node, "a", Integer.toString(i));
        node.simulation().run(Duration.ofSeconds(2));

        assertThat(client.data("prices")).containsExactly("1", "2", "3", "4");
    }

    @Test
    void recoveryGivesEverything() {
        SimulatedNode node = node(Duration.ofSeconds(1), "");
        subscriber(node);
        for (int i = 1; i <= 5; i++) publish(node, "", Integer.toString(i));
        ScriptedClient client = node.client(setup.encoding).connected();

        SubscribeResult result = client.recover("prices", "", 0);
        node.simulation().run(Duration.ofSeconds(2));

        assertThat(result.publications()).hasSize(5);
        assertThat(client.data("prices")).isEmpty();
    }

    @Test
    void aShortIntervalIsKeptOnAverage() {
        SimulatedNode node = node(Duration.ofMillis(50), "");
        ScriptedClient client = subscriber(node);
        for (int i = 0; i < 1_000; i++) {
            var _ =
                    node.publishLater(
                            "prices", Publication.of(Bytes.utf8("1")), PublishOptions.NONE);
            node.simulation().run(Duration.ofMillis(5));
        }

        assertThat(client.data("prices")).hasSizeBetween(95, 103); // 5 s of 50 ms each
    }

    @Test
    void anIntervalThatWasQuietIsNotMadeUpFor() {
        SimulatedNode node = node(Duration.ofSeconds(1), "");
        ScriptedClient client = subscriber(node);
        publish(node, "", "1");
        node.simulation().run(Duration.ofMillis(1_500));
        publish(node, "", "2");
        node.simulation().run(Duration.ofMillis(200));
        publish(node, "", "3");
        node.simulation().run(Duration.ofMillis(400));

        assertThat(client.data("prices")).containsExactly("1", "2");
    }

    @Test
    void aReaderThatLagsGetsNothingThatIsSuperseded() {
        SimulatedNode node =
                setup.node()
                        .client(new ClientSettings().highWater(1))
                        .channels(ChannelSettings.of("").conflate(Duration.ofMillis(100), "symbol"))
                        .start();
        ScriptedClient client = subscriber(node);
        client.stall();
        publish(node, "x", "0"); // on its way
        for (int round = 1; round <= 5; round++) {
            publish(node, "a", Integer.toString(round * 10 + 1));
            publish(node, "b", Integer.toString(round * 10 + 2));
            node.simulation().run(Duration.ofMillis(300));
        }
        client.resume();

        assertThat(client.data("prices")).containsExactly("0", "51", "52");
    }

    @Test
    void whoComesInTheMiddleOfAnIntervalGetsWhatIsPublishedAfter() {
        SimulatedNode node = node(Duration.ofSeconds(1), "");
        subscriber(node);
        publish(node, "", "1");
        publish(node, "", "2");
        ScriptedClient late = node.client(setup.encoding).connected();
        late.subscribe("prices");
        publish(node, "", "3");
        node.simulation().run(Duration.ofSeconds(2));

        assertThat(late.data("prices")).isNotEmpty().endsWith("3").doesNotContain("1", "2");
    }
}
