package dev.cardea.testkit.hub;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cardea.messaging.broker.Broker.HistoryQuery;
import dev.cardea.messaging.broker.Broker.PublishOptions;
import dev.cardea.messaging.log.StreamSlice;
import dev.cardea.testkit.ChannelSettings;
import dev.cardea.testkit.ClientSettings;
import dev.cardea.testkit.ScriptedClient;
import dev.cardea.testkit.SimulatedEncoding;
import dev.cardea.testkit.SimulatedNode;
import dev.cardea.testkit.Simulation;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.centrifuge.Publication;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class HubTest {
    private final Simulation simulation = Simulation.seeded(1);

    private SimulatedNode node(ChannelSettings settings) {
        return SimulatedNode.in(simulation).loops(3).channels(settings).start();
    }

    private static ScriptedClient client(SimulatedNode node) {
        return node.client(SimulatedEncoding.JSON).connected();
    }

    @Test
    void withoutHistoryAChannelIsThereForAsLongAsItIsRead() {
        SimulatedNode node = node(ChannelSettings.of(""));
        node.publish("news", "1");
        assertThat(node.hub().find("news")).isNull();
        ScriptedClient first = client(node);
        ScriptedClient second = client(node);
        first.subscribe("news");
        second.subscribe("news");
        assertThat(Objects.requireNonNull(node.hub().find("news")).subscribers()).isEqualTo(2);
        first.unsubscribe("news");
        assertThat(node.hub().find("news")).isNotNull();
        second.cut();
        simulation.run();

        assertThat(node.hub().find("news")).isNull();
    }

    @Test
    void theStreamsPositionOutlivesItsPublicationsForATime() {
        SimulatedNode node =
                node(
                        ChannelSettings.of("")
                                .history(10, Duration.ofMinutes(1))
                                .historyMetaTtl(Duration.ofHours(1)));
        String epoch = node.publish("news", "1").position().epoch();

        simulation.leap(Duration.ofMinutes(50));
        simulation.run(Duration.ofSeconds(2));
        StreamSlice still =
                node.await(node.broker().history("news", node.options("news"), HistoryQuery.TOP));
        simulation.leap(Duration.ofMinutes(11));
        simulation.run(Duration.ofSeconds(2));

        assertThat(still.top().offset()).isEqualTo(1);
        assertThat(still.top().epoch()).isEqualTo(epoch);
        assertThat(node.hub().find("news")).isNull();
        assertThat(node.publish("news", "2").position().offset()).isEqualTo(1);
        assertThat(node.publish("news", "3").position().epoch()).isNotEqualTo(epoch);
    }

    @Test
    void publicationsKeepTheirStreamAliveLongerThanItsPositionWouldBe() {
        SimulatedNode node =
                node(
                        ChannelSettings.of("")
                                .history(10, Duration.ofHours(1))
                                .historyMetaTtl(Duration.ofMinutes(1)));
        node.publish("news", "1");
        simulation.leap(Duration.ofMinutes(30));
        simulation.run(Duration.ofSeconds(2));

        assertThat(node.publish("news", "2").position().offset()).isEqualTo(2);
    }

    @Test
    void whatIsReadIsNeverForgotten() {
        SimulatedNode node =
                node(
                        ChannelSettings.of("")
                                .history(10, Duration.ofMinutes(1))
                                .historyMetaTtl(Duration.ofMinutes(2)));
        ScriptedClient client = client(node);
        client.subscribe("news");
        node.publish("news", "1");
        simulation.run(Duration.ofMinutes(10));
        node.publish("news", "2");

        assertThat(client.publications("news"))
                .extracting(Publication::offset)
                .containsExactly(1L, 2L);
    }

    @Test
    void expiredPublicationsGiveTheirMemoryBackWithoutAnyoneAsking() {
        SimulatedNode node = node(ChannelSettings.of("").history(100, Duration.ofMinutes(1)));
        for (int i = 0; i < 50; i++) node.publish("c" + i, "1");
        assertThat(node.hub().budget("").usedBytes()).isPositive();

        simulation.leap(Duration.ofMinutes(1));
        simulation.run(Duration.ofSeconds(2));

        assertThat(node.hub().budget("").usedBytes()).isZero();
    }

    @Test
    void whatReadersHavePassedIsLetGoThoughNothingMoreIsPublished() {
        SimulatedNode node = node(ChannelSettings.of(""));
        ScriptedClient client = client(node);
        client.subscribe("news");
        for (int i = 0; i < 20; i++) node.publish("news", "1");
        assertThat(client.data("news")).hasSize(20);
        assertThat(node.hub().budget("").usedBytes()).isPositive();

        simulation.run(Duration.ofSeconds(2));

        assertThat(node.hub().budget("").usedBytes()).isZero();
        node.publish("news", "1");
        simulation.run(Duration.ofSeconds(2));
        assertThat(node.hub().budget("").usedBytes()).isZero();
        client.unsubscribe("news");
        client.subscribe("news");
        node.publish("news", "2");
        simulation.run(Duration.ofSeconds(2));
        assertThat(client.data("news")).hasSize(22);
        assertThat(node.hub().budget("").usedBytes()).isZero();
    }

    @Test
    void ofTooManyIdleStreamsSomeForgetTheirPosition() {
        SimulatedNode node =
                SimulatedNode.in(simulation)
                        .idleStreams(100)
                        .channels(ChannelSettings.of("").history(10, Duration.ofMinutes(1)))
                        .start();
        ScriptedClient client = client(node);
        for (int i = 0; i < 50; i++) client.subscribe("read" + i);
        for (int i = 0; i < 300; i++) node.publish("quiet" + i, "1");
        simulation.run(Duration.ofSeconds(30));
        assertThat(node.hub().channels()).hasSize(350); // their publications are still there

        simulation.run(Duration.ofMinutes(1));

        assertThat(node.hub().channels()).hasSize(150);
        for (int i = 0; i < 50; i++) assertThat(node.hub().find("read" + i)).isNotNull();
    }

    @Test
    void aWindowHoldsNoMoreThanItsReadersNeed() {
        SimulatedNode node = node(ChannelSettings.of(""));
        for (int i = 0; i < 5; i++) client(node).subscribe("news");
        for (int i = 0; i < 1_000; i++) node.publish("news", "1");

        long kept =
                Objects.requireNonNull(node.hub().find("news")).log().head()
                        - Objects.requireNonNull(node.hub().find("news")).log().tail();
        assertThat(kept).isLessThan(40);
    }

    @Test
    void pastItsShareANamespaceLosesItsOldestPublicationsFirst() {
        SimulatedNode node =
                SimulatedNode.in(simulation)
                        .publicationsLimit(100_000)
                        .channels(ChannelSettings.of("big").history(1_000, Duration.ofHours(1)))
                        .channels(ChannelSettings.of("small").history(1_000, Duration.ofHours(1)))
                        .start();
        node.publish("small:a", "1");
        for (int i = 0; i < 300; i++) {
            node.publish("big:" + i % 3, "\"" + "x".repeat(1_000) + "\"");
            simulation.run(Duration.ofMillis(100));
            assertThat(node.hub().budget("big").usedBytes()).isLessThan(102_000);
        }

        long oldest = Long.MAX_VALUE;
        long newest = Long.MIN_VALUE;
        for (int i = 0; i < 3; i++) {
            var log = Objects.requireNonNull(node.hub().find("big:" + i)).log();
            long first = log.after(0, 1, simulation.nowNanos()).publications().getFirst().offset();
            oldest = Math.min(oldest, first);
            newest = Math.max(newest, first);
            assertThat(log.top().offset()).isEqualTo(100);
        }
        assertThat(newest - oldest).as("the channels lose the same age").isLessThan(8);
        assertThat(oldest).isGreaterThan(60);
        assertThat(node.hub().budget("big").usedBytes()).isGreaterThan(50_000);
        assertThat(
                        Objects.requireNonNull(node.hub().find("small:a"))
                                .log()
                                .after(0, 9, simulation.nowNanos())
                                .publications())
                .hasSize(1);
    }

    @Test
    void aStoppedReaderDoesNotHoldMemoryBack() {
        SimulatedNode node =
                SimulatedNode.in(simulation)
                        .publicationsLimit(50_000)
                        .client(new ClientSettings().highWater(1_000))
                        .channels(ChannelSettings.of("").window(10_000, 1 << 30))
                        .start();
        ScriptedClient client = client(node);
        client.subscribe("news");
        client.stall();
        for (int i = 0; i < 500; i++) {
            node.publish("news", "\"" + "x".repeat(1_000) + "\"");
            simulation.run(Duration.ofMillis(20));
        }

        assertThat(node.hub().budget("").usedBytes()).isLessThan(52_000);
        client.resume();
        assertThat(client.closeCode()).isEqualTo(3008); // without history it can't recover
    }

    @Test
    void aRepeatedPublishGetsTheFirstOnesPosition() {
        SimulatedNode node = node(ChannelSettings.of("").history(10, Duration.ofMinutes(5)));
        ScriptedClient client = client(node);
        client.subscribe("news");
        Publication publication = Publication.of(Bytes.utf8("1"));
        PublishOptions once = new PublishOptions("key", false, 0, "");

        assertThat(node.publish("news", publication, once).position().offset()).isEqualTo(1);
        assertThat(node.publish("news", publication, once).position().offset()).isEqualTo(1);

        assertThat(client.data("news")).containsExactly("1");
    }

    @Test
    void anOlderVersionIsNotDelivered() {
        SimulatedNode node = node(ChannelSettings.of("").history(10, Duration.ofMinutes(5)));
        ScriptedClient client = client(node);
        client.subscribe("news");
        for (long version : new long[] {2, 1, 2, 3}) {
            Publication publication = Publication.of(Bytes.utf8(Long.toString(version)));
            node.publish("news", publication, new PublishOptions("", false, version, ""));
        }

        assertThat(client.data("news")).containsExactly("2", "3");
    }

    @Test
    void deliveriesAreCounted() {
        SimulatedNode node = node(ChannelSettings.of(""));
        for (int i = 0; i < 6; i++) client(node).subscribe("news");
        for (int i = 0; i < 10; i++) node.publish("news", "1");
        simulation.run(Duration.ofSeconds(1));

        assertThat(simulation.loops().stream().mapToLong(l -> l.shard().deliveries()).sum())
                .isEqualTo(60);
    }

    @Test
    void publicationsOfOneTurnLeaveTogether() {
        SimulatedNode node = SimulatedNode.in(simulation).start();
        ScriptedClient client = client(node);
        client.subscribe("news");
        client.stall();
        for (int i = 0; i < 10; i++) {
            var _ = node.publishLater("news", Publication.of(Bytes.utf8("1")), PublishOptions.NONE);
        }
        simulation.run();

        client.take(Integer.MAX_VALUE);

        assertThat(client.data("news")).hasSize(10);
    }
}
