package dev.cardea.testkit.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cardea.messaging.broker.Broker.PublishOptions;
import dev.cardea.messaging.hub.SlowConsumer;
import dev.cardea.messaging.log.MemoryBudget;
import dev.cardea.testkit.ChannelSettings;
import dev.cardea.testkit.ClientSettings;
import dev.cardea.testkit.ScriptedClient;
import dev.cardea.testkit.SimulatedEncoding;
import dev.cardea.testkit.SimulatedNode;
import dev.cardea.testkit.Simulation;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.centrifuge.Command;
import dev.cardea.wire.centrifuge.Publication;
import dev.cardea.wire.centrifuge.SubscribeRequest;
import dev.cardea.wire.centrifuge.SubscribeResult;
import dev.cardea.wire.fossil.FossilPatch;
import dev.cardea.wire.json.JsonNames;
import dev.cardea.wire.json.JsonReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource
class DeltaTest {
    private static final String CHANNEL = "document";
    private static final PublishOptions DELTA = new PublishOptions("", false, true, 0, "");
    private static final PublishOptions WHOLE = PublishOptions.NONE;
    private static final PublishOptions LIVE_ONLY = new PublishOptions("", true, true, 0, "");

    @Parameter Setup setup = Setup.EMBEDDED_JSON;

    private static ChannelSettings history() {
        return ChannelSettings.of("").history(100, Duration.ofMinutes(5)).allowRecovery();
    }

    private SimulatedNode node(ChannelSettings settings) {
        return setup.node().channels(settings).start();
    }

    /** A document of some size, whose revision and first words change. */
    private static String document(int revision) {
        return "{\"revision\":%d,\"text\":\"дверь %d 🚪, %s\"}"
                .formatted(revision, revision, "and all that stays as it is. ".repeat(20));
    }

    private static SubscribeRequest delta(@Nullable String epoch, long offset) {
        return new SubscribeRequest(
                CHANNEL,
                "",
                epoch != null,
                epoch == null ? "" : epoch,
                offset,
                Bytes.EMPTY,
                false,
                epoch != null,
                false,
                "fossil",
                null,
                0,
                0);
    }

    /** What a subscriber makes of what it is given, as SDKs do. */
    private final class Reader {
        final List<Boolean> patched = new ArrayList<>();
        final List<String> data = new ArrayList<>();
        private Bytes base = Bytes.EMPTY;

        void take(List<Publication> publications) {
            for (Publication publication : publications) {
                Bytes given = text(publication.data());
                base = publication.delta() ? FossilPatch.apply(base, given, 1 << 20) : given;
                patched.add(publication.delta());
                data.add(base.toUtf8());
            }
        }

        private Bytes text(Bytes data) {
            if (setup.encoding == SimulatedEncoding.PROTOBUF) return data;
            byte[] array = data.toArray();
            return Bytes.utf8(new JsonReader(JsonNames.NONE, array, 0, array.length).text());
        }
    }

    private Reader read(ScriptedClient client) {
        Reader reader = new Reader();
        reader.take(client.publications(CHANNEL));
        return reader;
    }

    private ScriptedClient subscriber(SimulatedNode node) {
        ScriptedClient client = node.client(setup.encoding).connected();
        assertThat(client.subscribe(delta(null, 0)).delta()).isTrue();
        return client;
    }

    private static void publish(SimulatedNode node, String data, PublishOptions how) {
        node.publish(CHANNEL, Publication.of(Bytes.utf8(data)), how);
        node.simulation().run(Duration.ofMillis(200));
    }

    @Test
    void theFirstIsWholeAndWhatFollowsArePatches() {
        SimulatedNode node = node(history().deltaPublish());
        ScriptedClient client = subscriber(node);
        ScriptedClient plain = node.client(setup.encoding).connected();
        plain.subscribe(CHANNEL);
        for (int i = 1; i <= 4; i++) publish(node, document(i), WHOLE);

        Reader reader = read(client);
        assertThat(reader.patched).containsExactly(false, true, true, true);
        assertThat(reader.data).containsExactly(document(1), document(2), document(3), document(4));
        assertThat(client.publications(CHANNEL).getLast().data().length()).isLessThan(100);
        assertThat(plain.data(CHANNEL))
                .containsExactly(document(1), document(2), document(3), document(4));
        assertThat(plain.publications(CHANNEL)).noneMatch(Publication::delta);
    }

    @Test
    void withoutHistoryTheNewestIsKeptForAsLongAsSomebodyReads() {
        SimulatedNode node = node(ChannelSettings.of("").deltaPublish());
        ScriptedClient client = subscriber(node);
        publish(node, document(1), WHOLE);
        node.simulation().run(Duration.ofMinutes(1)); // the window is swept
        publish(node, document(2), WHOLE);

        assertThat(read(client).patched).containsExactly(false, true);
        assertThat(read(client).data).containsExactly(document(1), document(2));

        client.unsubscribe(CHANNEL);
        node.simulation().run(Duration.ofSeconds(5));
        assertThat(node.hub().budget("").usedBytes()).isZero();
    }

    @Test
    void onlyWhatIsPublishedAsADeltaIsPatchedUnlessTheNamespaceSaysSo() {
        SimulatedNode node = node(history().allowDelta());
        ScriptedClient client = subscriber(node);
        publish(node, document(1), DELTA);
        publish(node, document(2), WHOLE);
        publish(node, document(3), DELTA);

        assertThat(read(client).patched).containsExactly(false, false, true);
        assertThat(read(client).data).containsExactly(document(1), document(2), document(3));
    }

    @Test
    void aNamespaceThatDoesNotAllowDeltasGivesNone() {
        SimulatedNode node = node(history());
        ScriptedClient client = node.client(setup.encoding).connected();
        assertThat(client.subscribe(delta(null, 0)).delta()).isFalse();
        publish(node, document(1), DELTA);
        publish(node, document(2), DELTA);

        assertThat(client.data(CHANNEL)).containsExactly(document(1), document(2));
    }

    @Test
    void anUnknownDeltaTypeEndsTheConnection() {
        ScriptedClient client = node(history().deltaPublish()).client(setup.encoding).connected();
        client.tell(id ->
                new Command.Subscribe(
                        id,
                        new SubscribeRequest(
                                CHANNEL,
                                "",
                                false,
                                "",
                                0,
                                Bytes.EMPTY,
                                false,
                                false,
                                false,
                                "vcdiff",
                                null,
                                0,
                                0)));
        assertThat(client.closeCode()).isEqualTo(3501);
    }

    @Test
    void whatHasNothingInCommonGoesWhole() {
        SimulatedNode node = node(history().deltaPublish());
        ScriptedClient client = subscriber(node);
        publish(node, document(1), WHOLE);
        publish(node, "[1,2]", WHOLE);
        publish(node, document(2), WHOLE);

        assertThat(read(client).patched).containsExactly(false, false, false);
        assertThat(read(client).data).containsExactly(document(1), "[1,2]", document(2));
    }

    @Test
    void joinsAndLiveOnlyPublicationsKeepTheirPlaceInTheChain() {
        SimulatedNode node =
                node(history().presence().joinLeave().forcePushJoinLeave().deltaPublish());
        ScriptedClient client = subscriber(node);
        publish(node, document(1), WHOLE);
        ScriptedClient other = node.client(setup.encoding).connected();
        other.subscribe(CHANNEL);
        other.unsubscribe(CHANNEL);
        publish(node, document(2), LIVE_ONLY);
        publish(node, document(3), WHOLE);

        assertThat(client.pushes().size()).isGreaterThan(5); // the joins and leaves between
        assertThat(read(client).patched).containsExactly(false, true, true);
        assertThat(read(client).data).containsExactly(document(1), document(2), document(3));
    }

    @Test
    void recoveryGivesTheFirstWholeAndPatchesBehindItAndGoesOnWithPatches() {
        SimulatedNode node = node(history().deltaPublish());
        for (int i = 1; i <= 5; i++) publish(node, document(i), WHOLE);
        ScriptedClient client = node.client(setup.encoding).connected();

        SubscribeResult result = client.subscribe(delta("", 2));
        publish(node, document(6), WHOLE);
        publish(node, document(7), LIVE_ONLY);

        assertThat(result.recovered()).isTrue();
        assertThat(result.delta()).isTrue();
        Reader reader = new Reader();
        reader.take(result.publications());
        reader.take(client.publications(CHANNEL));
        assertThat(reader.patched).containsExactly(false, true, true, true, true);
        assertThat(reader.data)
                .containsExactly(document(3), document(4), document(5), document(6), document(7));
    }

    @Test
    void cacheRecoveryGivesTheNewestWholeAndGoesOnWithPatches() {
        SimulatedNode node =
                node(
                        ChannelSettings.of("")
                                .history(1, Duration.ofMinutes(5))
                                .forceRecovery()
                                .autoCacheRecover()
                                .deltaPublish());
        for (int i = 1; i <= 3; i++) publish(node, document(i), WHOLE);
        ScriptedClient client = node.client(setup.encoding).connected();
        SubscribeResult result = client.subscribe(delta(null, 0));
        publish(node, document(4), WHOLE);

        Reader reader = new Reader();
        reader.take(result.publications());
        reader.take(client.publications(CHANNEL));
        assertThat(reader.patched).containsExactly(false, true);
        assertThat(reader.data).containsExactly(document(3), document(4));
    }

    @Test
    void whatIsRecoveredBehindTheReplyIsAChainToo() {
        SimulatedNode node =
                setup.node()
                        .channels(
                                ChannelSettings.of("")
                                        .history(100, Duration.ofMinutes(5))
                                        .window(1000, 64 << 20)
                                        .allowRecovery()
                                        .deltaPublish())
                        .start();
        String large = "\"" + "x".repeat(400_000);
        for (int i = 1; i <= 6; i++) publish(node, large + i + "\"", WHOLE);
        ScriptedClient client = node.client(setup.encoding).connected();
        SubscribeResult result = client.subscribe(delta("", 0));
        node.simulation().run(Duration.ofSeconds(1));

        Reader reader = new Reader();
        reader.take(result.publications());
        assertThat(reader.data).hasSizeLessThan(6);
        reader.take(client.publications(CHANNEL));
        assertThat(reader.patched).containsExactly(false, true, true, true, true, true);
        assertThat(reader.data.getLast()).isEqualTo(large + "6\"");
    }

    @Test
    void aConflatedChannelSendsWholeWhereOneWasLeftOut() {
        SimulatedNode node =
                node(ChannelSettings.of("").conflate(Duration.ofSeconds(1), "").deltaPublish());
        ScriptedClient client = subscriber(node);
        node.simulation().run(Duration.ofSeconds(2));
        publish(node, document(1), WHOLE);
        publish(node, document(2), WHOLE);
        publish(node, document(3), WHOLE);
        node.simulation().run(Duration.ofSeconds(3));
        publish(node, document(4), WHOLE);
        node.simulation().run(Duration.ofSeconds(3));

        assertThat(read(client).data).containsExactly(document(1), document(3), document(4));
        assertThat(read(client).patched).containsExactly(false, false, true);
    }

    @Test
    void aLappedReaderGoesOnWithAWholePublication() {
        SimulatedNode node =
                setup.node()
                        .client(new ClientSettings().highWater(1))
                        .channels(
                                ChannelSettings.of("")
                                        .window(4, 1 << 20)
                                        .slowConsumer(SlowConsumer.SKIP)
                                        .deltaPublish())
                        .start();
        ScriptedClient client = subscriber(node);
        publish(node, document(1), WHOLE);
        client.stall();
        for (int i = 2; i <= 12; i++) publish(node, document(i), WHOLE);
        client.resume();
        node.simulation().run(Duration.ofSeconds(1));

        Reader reader = read(client);
        assertThat(reader.data).startsWith(document(1)).endsWith(document(12));
        assertThat(reader.data).hasSizeLessThan(12);
    }

    @Test
    void patchesAreMadeOnceAndCountAsMemory() {
        SimulatedNode node = node(history().deltaPublish());
        MemoryBudget budget = node.hub().budget("");
        for (int i = 0; i < 20; i++) subscriber(node);
        publish(node, document(1), WHOLE);
        long before = budget.usedBytes();
        publish(node, document(2), WHOLE);
        long after = budget.usedBytes();
        publish(node, document(3), WHOLE);

        int length = document(1).length() + 9; // Cyrillic and emoji take more
        // the payload, and one patch for all; what it is a patch of counts already
        assertThat(after - before).isBetween((long) length, length + 600L);
        assertThat(budget.usedBytes() - after).isBetween((long) length, length + 600L);
    }

    /** Any documents, in any order of publishing, joining and leaving: everybody reads the same. */
    @Test
    void everySubscriberMakesTheSameOfPatchesAsOthersReadWhole() {
        long seed = new SplittableRandom().nextLong();
        SplittableRandom random = new SplittableRandom(seed);
        SimulatedNode node =
                setup.node(Simulation.seeded(seed))
                        .client(new ClientSettings().highWater(500))
                        .channels(
                                history()
                                        .allowDelta()
                                        .window(64, 1 << 20)
                                        .slowConsumer(SlowConsumer.SKIP))
                        .start();
        ScriptedClient plain = node.client(setup.encoding).connected();
        plain.subscribe(CHANNEL);
        List<ScriptedClient> readers = new ArrayList<>();
        for (int i = 0; i < 6; i++) readers.add(subscriber(node));
        for (int i = 1; i <= 150; i++) {
            ScriptedClient some = readers.get(random.nextInt(readers.size()));
            switch (random.nextInt(6)) {
                case 0 -> some.stall();
                case 1, 2 -> some.resume();
                default -> {}
            }
            PublishOptions how =
                    random.nextInt(4) == 0 ? WHOLE : random.nextInt(5) == 0 ? LIVE_ONLY : DELTA;
            publish(node, random.nextInt(10) == 0 ? "[" + i + "]" : document(i), how);
        }
        for (ScriptedClient reader : readers) reader.resume();
        node.simulation().run(Duration.ofSeconds(5));

        List<String> all = plain.data(CHANNEL);
        assertThat(all).as("seed %d", seed).hasSize(150);
        for (ScriptedClient reader : readers) {
            Reader read = read(reader);
            assertThat(all).as("seed %d", seed).containsSubsequence(read.data);
            assertThat(read.patched).as("seed %d", seed).contains(true);
        }
    }
}
