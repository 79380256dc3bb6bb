package dev.cardea.testkit.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cardea.messaging.broker.Broker.HistoryQuery;
import dev.cardea.messaging.session.Namespaces;
import dev.cardea.testkit.ChannelSettings;
import dev.cardea.testkit.ScriptedClient;
import dev.cardea.testkit.SimulatedEncoding;
import dev.cardea.testkit.SimulatedNode;
import dev.cardea.testkit.Simulation;
import dev.cardea.wire.centrifuge.Publication;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Namespaces change while channels are in use. */
class ReloadTest {
    private static final Duration HOUR = Duration.ofHours(1);

    private final SimulatedNode node = node(ChannelSettings.of("").history(2, HOUR));

    private static SimulatedNode node(ChannelSettings settings) {
        return SimulatedNode.in(Simulation.seeded(5)).channels(settings).start();
    }

    private static void become(SimulatedNode node, ChannelSettings settings) {
        node.node().namespaces().become(new Namespaces(settings.build(), Map.of()));
    }

    private static List<Long> history(SimulatedNode node) {
        return node
                .await(
                        node.broker()
                                .history(
                                        "news",
                                        node.options("news"),
                                        new HistoryQuery(0, 100, false)))
                .publications()
                .stream()
                .map(Publication::offset)
                .toList();
    }

    @Test
    void aLongerHistoryIsKeptFromTheNextPublicationOn() {
        for (int i = 1; i <= 3; i++) node.publish("news", "" + i);
        become(node, ChannelSettings.of("").history(4, HOUR));
        for (int i = 4; i <= 6; i++) node.publish("news", "" + i);
        assertThat(history(node)).containsExactly(3L, 4L, 5L, 6L);
    }

    @Test
    void aShorterOneIsCutAtTheNextPublication() {
        for (int i = 1; i <= 3; i++) node.publish("news", "" + i);
        become(node, ChannelSettings.of("").history(1, HOUR));
        node.publish("news", "4");
        assertThat(history(node)).containsExactly(4L);
    }

    @Test
    void withoutHistoryWhatWasKeptIsForgottenAndDeliveryGoesOn() {
        ScriptedClient client = node.client(SimulatedEncoding.JSON).connected();
        client.subscribe("news");
        node.publish("news", "1");
        become(node, ChannelSettings.of(""));
        node.publish("news", "2");
        assertThat(client.data("news")).containsExactly("1", "2");
        node.simulation().run(Duration.ofSeconds(2));
        assertThat(node.hub().budget("").usedBytes()).isZero();
    }

    @Test
    void historyThatThereWasNotBeforeBeginsUnderTheReaders() {
        SimulatedNode plain = node(ChannelSettings.of(""));
        ScriptedClient client = plain.client(SimulatedEncoding.JSON).connected();
        client.subscribe("news");
        plain.publish("news", "1");
        become(plain, ChannelSettings.of("").history(10, HOUR));
        plain.publish("news", "2");
        assertThat(client.publications("news"))
                .extracting(Publication::offset)
                .containsExactly(0L, 1L);
        assertThat(history(plain)).containsExactly(1L);
    }
}
