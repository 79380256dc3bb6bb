package dev.cardea.testkit.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.cardea.messaging.broker.Broker;
import dev.cardea.messaging.broker.Broker.HistoryQuery;
import dev.cardea.messaging.broker.Broker.PresenceStats;
import dev.cardea.messaging.broker.Broker.PublishOptions;
import dev.cardea.messaging.broker.Broker.Published;
import dev.cardea.messaging.broker.NodeBroker;
import dev.cardea.messaging.hub.Hub;
import dev.cardea.messaging.log.StreamSlice;
import dev.cardea.messaging.session.Disconnect;
import dev.cardea.testkit.ChannelSettings;
import dev.cardea.testkit.ScriptedClient;
import dev.cardea.testkit.SimulatedEncoding;
import dev.cardea.testkit.SimulatedNode;
import dev.cardea.testkit.Simulation;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.centrifuge.ClientInfo;
import dev.cardea.wire.centrifuge.Command;
import dev.cardea.wire.centrifuge.Publication;
import dev.cardea.wire.centrifuge.Push;
import dev.cardea.wire.centrifuge.Reply;
import dev.cardea.wire.centrifuge.StreamPosition;
import dev.cardea.wire.centrifuge.SubscribeResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What every broker promises, played by clients on two nodes; on one alone where the broker isn't
 * shared. A broker's own test extends it, says how a node joins, and adds what only it can do.
 */
public abstract class BrokerSuite {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final List<NodeBroker> joined = new ArrayList<>();
    protected final Simulation simulation;

    /** Names are new for each test: a broker may keep what an earlier one has published. */
    private final String suffix;

    protected SimulatedNode first;
    protected SimulatedNode second;

    /**
     * @param simulation {@link Simulation#live} for a real broker
     * @param suffix of all channels' names
     */
    @SuppressWarnings("NullAway.Init") // before each test
    protected BrokerSuite(Simulation simulation, String suffix) {
        this.simulation = simulation;
        this.suffix = suffix;
    }

    /** One more node of the broker under test. */
    protected abstract NodeBroker join(String id, Hub hub);

    /** Whether there can be a second node. */
    protected boolean isShared() {
        return true;
    }

    /** Whether it can tell that nobody listens by some name. */
    protected boolean knowsWhoListens() {
        return true;
    }

    /** Whether offsets are 1, 2, 3; otherwise they only increase. */
    protected boolean isContiguous() {
        return true;
    }

    /** The broker forgets everything that it keeps of the channel, as if started empty. */
    protected void lose(String channel) {
        assumeTrue(false, "can't be made to lose anything");
    }

    @BeforeEach
    void start() {
        first = node("first");
        second = isShared() ? node("second") : first;
    }

    @AfterEach
    void stop() {
        joined.forEach(NodeBroker::close);
    }

    protected SimulatedNode node(String id) {
        return SimulatedNode.in(simulation)
                .id(id)
                .loops(2)
                .brokerOf(hub -> {
                    NodeBroker node = join(id, hub);
                    joined.add(node);
                    return node.broker();
                })
                .channels(
                        ChannelSettings.of("")
                                .history(10, Duration.ofMinutes(5))
                                .forceRecovery()
                                .presence()
                                .joinLeave()
                                .forcePushJoinLeave())
                .channels(ChannelSettings.of("live").presence())
                .channels(
                        ChannelSettings.of("long")
                                .history(1_000, Duration.ofMinutes(5))
                                .forceRecovery())
                .channels(ChannelSettings.of("brief").history(10, Duration.ofMillis(300)))
                .channels(
                        ChannelSettings.of("delta").history(10, Duration.ofMinutes(5)).allowDelta())
                .start();
    }

    protected String channel(String name) {
        return name + suffix;
    }

    protected ScriptedClient connected(SimulatedNode node) {
        return node.client(SimulatedEncoding.JSON).connected();
    }

    protected void eventually(BooleanSupplier condition) {
        simulation.runUntil(condition, PATIENCE);
        simulation.run();
    }

    protected void awaitData(ScriptedClient client, String channel, String... data) {
        eventually(() -> client.data(channel).size() >= data.length);
        assertThat(client.data(channel)).containsExactly(data);
    }

    private void assertFollows(Published published, StreamPosition before) {
        StreamPosition now = published.position();
        assertThat(now.epoch()).isEqualTo(before.epoch());
        if (isContiguous()) assertThat(now.offset()).isEqualTo(before.offset() + 1);
        else assertThat(now.offset()).isGreaterThan(before.offset());
    }

    private static Publication publication(String data) {
        return Publication.of(Bytes.utf8(data));
    }

    private StreamSlice history(SimulatedNode node, String channel, HistoryQuery query) {
        return node.await(node.broker().history(channel, node.options(channel), query));
    }

    private static List<String> data(StreamSlice slice) {
        return slice.publications().stream().map(p -> p.data().toUtf8()).toList();
    }

    // ---- append and follow ----

    @Test
    void whatIsPublishedWithoutWaitingArrivesInThatOrderAndIsThereForWhatFollows() {
        for (String channel : List.of(channel("long:news"), channel("live:news"))) {
            ScriptedClient reader = connected(second);
            reader.subscribe(channel);
            ScriptedClient publisher = connected(first);
            List<String> sent = IntStream.range(0, 300).mapToObj(n -> "{\"n\":" + n + "}").toList();
            publisher.send(
                    sent.stream()
                            .map(data ->
                                    ScriptedClient.publishCommand(
                                            publisher.nextId(), channel, data))
                            .toArray(Command[]::new));
            int asked = publisher.tell(id -> new Command.History(id, channel, 1_000, null, false));
            awaitData(reader, channel, sent.toArray(String[]::new));
            eventually(() -> publisher.find(asked) != null);
            if (publisher.answer(asked) instanceof Reply.History history)
                assertThat(history.publications()).hasSize(300);
            else assertThat(channel).startsWith("live:");
        }
    }

    @Test
    void whatNodesPublishInTurnArrivesOnAllInOneOrder() {
        String news = channel("news");
        ScriptedClient here = connected(first);
        ScriptedClient there = connected(second);
        SubscribeResult at = here.subscribe(news);
        assertThat(at.epoch()).isNotEmpty();
        assertThat(there.subscribe(news).epoch()).isEqualTo(at.epoch());
        String[] all = new String[40];
        List<Long> offsets = new ArrayList<>();
        StreamPosition before = new StreamPosition(at.offset(), at.epoch());
        for (int i = 0; i < all.length; i++) {
            all[i] = "" + i;
            Published published = (i % 2 == 0 ? first : second).publish(news, all[i]);
            assertFollows(published, before);
            before = published.position();
            offsets.add(before.offset());
        }
        awaitData(here, news, all);
        awaitData(there, news, all);
        assertThat(there.publications(news))
                .isEqualTo(here.publications(news))
                .extracting(Publication::offset)
                .isEqualTo(offsets);
    }

    @Test
    void manyAtOnceFromBothSidesHaveOneOrder() {
        String news = channel("long:x");
        ScriptedClient here = connected(first);
        ScriptedClient there = connected(second);
        here.subscribe(news);
        there.subscribe(news);
        for (int i = 0; i < 300; i++) {
            SimulatedNode node = i % 3 == 0 ? first : second;
            var _ = node.publishLater(news, publication("" + i), PublishOptions.NONE);
        }
        eventually(() -> here.data(news).size() >= 300 && there.data(news).size() >= 300);
        assertThat(here.data(news)).hasSize(300).doesNotHaveDuplicates();
        assertThat(there.publications(news)).isEqualTo(here.publications(news));
    }

    @Test
    void withoutHistoryItArrivesWithoutAnOffset() {
        String live = channel("live:x");
        ScriptedClient there = connected(second);
        there.subscribe(live);
        Published published = first.publish(live, "1");
        assertThat(published.position()).isEqualTo(new StreamPosition(0, ""));
        awaitData(there, live, "1");
        assertThat(there.publications(live)).extracting(Publication::offset).containsExactly(0L);
    }

    @Test
    void everythingOfAPublicationArrives() {
        String news = channel("news");
        ScriptedClient there = connected(second);
        there.subscribe(news);
        Publication whole =
                new Publication(
                        Bytes.utf8("{\"text\":\"\\u00e9 é 漢\"}"),
                        new ClientInfo("ann", "c1", Bytes.utf8("{\"a\":1}"), Bytes.utf8("[2]")),
                        0,
                        Map.of("kind", "ü"),
                        false,
                        0,
                        "",
                        "",
                        false,
                        0,
                        "",
                        0);
        first.publish(news, whole, PublishOptions.NONE);
        eventually(() -> !there.publications(news).isEmpty());
        Publication came = there.publications(news).getFirst();
        assertThat(came.data()).isEqualTo(whole.data());
        assertThat(came.info()).isEqualTo(whole.info());
        assertThat(came.tags()).isEqualTo(whole.tags());
        StreamSlice kept = history(second, news, new HistoryQuery(0, 10, false));
        assertThat(kept.publications().getFirst().info()).isEqualTo(whole.info());
        assertThat(kept.publications().getFirst().tags()).isEqualTo(whole.tags());
    }

    @Test
    void whatIsToBePatchedArrivesAsSuch() {
        String delta = channel("delta:x");
        ScriptedClient there = connected(second);
        there.subscribe(delta);
        first.publish(delta, "{\"a\":1}");
        first.publish(delta, publication("{\"a\":2}"), new PublishOptions("", false, true, 0, ""));
        awaitData(there, delta, "{\"a\":1}", "{\"a\":2}");
        var log = Objects.requireNonNull(second.hub().find(delta)).log();
        var newest = Objects.requireNonNull(log.read(log.head()));
        assertThat(Objects.requireNonNull(newest.base()).data().toUtf8()).isEqualTo("{\"a\":1}");
    }

    @Test
    void whoSubscribesLateBeginsAtTheTop() {
        String news = channel("news");
        first.publish(news, "1");
        long top = first.publish(news, "2").position().offset();
        ScriptedClient there = connected(second);
        assertThat(there.subscribe(news).offset()).isEqualTo(top);
        first.publish(news, "3");
        awaitData(there, news, "3");
    }

    @Test
    void aNodeThatNobodyReadsOnAnyMoreBeginsAnewAtTheTop() {
        String news = channel("news");
        ScriptedClient there = connected(second);
        there.subscribe(news);
        second.publish(news, "1");
        awaitData(there, news, "1");
        there.unsubscribe(news);
        long top = first.publish(news, "2").position().offset();
        SubscribeResult again = there.subscribe(news);
        assertThat(again.offset()).isEqualTo(top);
        first.publish(news, "3");
        awaitData(there, news, "1", "3");
    }

    // ---- options of publishing ----

    @Test
    void anIdempotencyKeyIsOneForAllNodes() {
        String news = channel("news");
        ScriptedClient there = connected(second);
        there.subscribe(news);
        PublishOptions once = new PublishOptions("key", false, 0, "");
        Published published = first.publish(news, publication("1"), once);
        assertThat(second.publish(news, publication("1"), once)).isEqualTo(published);
        first.publish(news, "2");
        awaitData(there, news, "1", "2");
    }

    @Test
    void anIdempotencyKeyHoldsWithoutHistoryToo() {
        String live = channel("live:x");
        ScriptedClient there = connected(second);
        there.subscribe(live);
        PublishOptions once = new PublishOptions("key", false, 0, "");
        first.publish(live, publication("1"), once);
        second.publish(live, publication("1"), once);
        first.publish(live, "2");
        awaitData(there, live, "1", "2");
    }

    @Test
    void aVersionThatIsNoNewsChangesNothing() {
        String news = channel("news");
        ScriptedClient there = connected(second);
        there.subscribe(news);
        Published newest =
                first.publish(news, publication("9"), new PublishOptions("", false, 9, "a"));
        Published stale =
                second.publish(news, publication("8"), new PublishOptions("", false, 8, "a"));
        assertThat(stale.position()).isEqualTo(newest.position());
        second.publish(news, publication("-9"), new PublishOptions("", false, 9, "a"));
        second.publish(news, publication("10"), new PublishOptions("", false, 10, "a"));
        second.publish(news, publication("1"), new PublishOptions("", false, 1, "b"));
        second.publish(news, publication("-1"), new PublishOptions("", false, -1, "b"));
        awaitData(there, news, "9", "10", "1", "-1");
    }

    @Test
    void whatSkipsHistoryIsLiveOnly() {
        String news = channel("news");
        ScriptedClient there = connected(second);
        there.subscribe(news);
        long one = first.publish(news, "1").position().offset();
        awaitData(there, news, "1"); // what is read again because it was lost may be overtaken
        Published live =
                first.publish(news, publication("1.5"), new PublishOptions("", true, 0, ""));
        assertThat(live.position().offset()).isEqualTo(one);
        awaitData(there, news, "1", "1.5");
        long two = first.publish(news, "2").position().offset();
        awaitData(there, news, "1", "1.5", "2");
        assertThat(there.publications(news))
                .extracting(Publication::offset)
                .containsExactly(one, 0L, two);
        assertThat(data(history(second, news, new HistoryQuery(0, 10, false))))
                .containsExactly("1", "2");
    }

    // ---- history ----

    @Test
    void historyIsReadForwardsAndBackwards() {
        String news = channel("news");
        long[] at = new long[6];
        for (int i = 1; i <= 5; i++) at[i] = first.publish(news, "" + i).position().offset();
        StreamSlice all = history(second, news, new HistoryQuery(0, 100, false));
        assertThat(data(all)).containsExactly("1", "2", "3", "4", "5");
        assertThat(all.publications()).extracting(Publication::offset).endsWith(at[4], at[5]);
        assertThat(all.previous()).isZero();
        assertThat(all.top().offset()).isEqualTo(at[5]);
        StreamSlice middle = history(second, news, new HistoryQuery(at[2], 2, false));
        assertThat(middle.previous()).isEqualTo(at[2]);
        assertThat(data(middle)).containsExactly("3", "4");
        assertThat(data(history(second, news, new HistoryQuery(0, 2, true))))
                .containsExactly("5", "4");
        assertThat(data(history(second, news, new HistoryQuery(at[3], 5, true))))
                .containsExactly("2", "1");
        assertThat(data(history(second, news, new HistoryQuery(at[5], 5, false)))).isEmpty();
        StreamSlice top = history(second, news, HistoryQuery.TOP);
        assertThat(top).isEqualTo(new StreamSlice(List.of(), all.top()));
    }

    @Test
    void aStreamThatIsAskedForHasAnEpochFromThenOn() {
        String news = channel("news");
        StreamPosition top = history(first, news, HistoryQuery.TOP).top();
        assertThat(top.offset()).isZero();
        assertThat(top.epoch()).isNotEmpty();
        assertThat(history(second, news, HistoryQuery.TOP).top()).isEqualTo(top);
        assertFollows(second.publish(news, "1"), top);
    }

    @Test
    void historyKeepsNoMoreThanItsSize() {
        String news = channel("news");
        long[] at = new long[26];
        for (int i = 1; i <= 25; i++) at[i] = first.publish(news, "" + i).position().offset();
        StreamSlice all = history(second, news, new HistoryQuery(0, 100, false));
        assertThat(all.publications()).hasSize(10);
        assertThat(all.publications().getFirst().offset()).isEqualTo(at[16]);
        assertThat(all.previous()).isEqualTo(at[15]);
    }

    @Test
    void historyKeepsNothingLongerThanItsTimeToLive() {
        String brief = channel("brief:x");
        first.publish(brief, "1");
        simulation.runUntil(
                () ->
                        history(second, brief, new HistoryQuery(0, 9, false))
                                .publications()
                                .isEmpty(),
                PATIENCE);
        long top = first.publish(brief, "2").position().offset();
        StreamSlice left = history(second, brief, new HistoryQuery(0, 9, false));
        assertThat(data(left)).containsExactly("2");
        assertThat(left.top().offset()).isEqualTo(top);
    }

    @Test
    void historyThatIsRemovedGoesOnAtItsPosition() {
        String news = channel("news");
        Published before = first.publish(news, "1");
        second.await(second.broker().removeHistory(news, second.options(news)));
        assertThat(data(history(first, news, new HistoryQuery(0, 10, false)))).isEmpty();
        assertThat(history(first, news, HistoryQuery.TOP).top()).isEqualTo(before.position());
        assertFollows(first.publish(news, "2"), before.position());
        assertThat(data(history(second, news, new HistoryQuery(0, 10, false))))
                .containsExactly("2");
    }

    // ---- recovery ----

    @Test
    void aClientRecoversOnTheOtherNodeWhatItMissed() {
        String news = channel("news");
        ScriptedClient here = connected(first);
        SubscribeResult at = here.subscribe(news);
        long one = first.publish(news, "1").position().offset();
        awaitData(here, news, "1");
        here.onSession(session -> session.disconnect(Disconnect.SHUTDOWN));
        first.publish(news, "2");
        second.publish(news, "3");

        ScriptedClient there = connected(second);
        SubscribeResult back = there.recover(news, at.epoch(), one);
        assertThat(back.recovered()).isTrue();
        assertThat(back.publications())
                .extracting(p -> p.data().toUtf8())
                .containsExactly("2", "3");
        first.publish(news, "4");
        awaitData(there, news, "4");
    }

    @Test
    void whoSawTheStreamEmptyRecoversItsFirstPublications() {
        String news = channel("news");
        SubscribeResult at = connected(first).subscribe(news);
        for (int i = 1; i <= 3; i++) first.publish(news, "" + i);
        SubscribeResult back = connected(second).recover(news, at.epoch(), at.offset());
        assertThat(back.recovered()).isTrue();
        assertThat(back.publications()).hasSize(3);
        for (int i = 4; i <= 10; i++) first.publish(news, "" + i);
        back = connected(second).recover(news, at.epoch(), at.offset());
        assertThat(back.recovered()).isTrue();
        assertThat(back.publications()).hasSize(10);
        first.publish(news, "11");
        assertThat(connected(second).recover(news, at.epoch(), at.offset()).recovered()).isFalse();
    }

    @Test
    void aClientRecoversAsManyAsHistoryKeeps() {
        String news = channel("news");
        StreamPosition at = first.publish(news, "1").position();
        for (int i = 2; i <= 11; i++) first.publish(news, "" + i);
        SubscribeResult back = connected(second).recover(news, at.epoch(), at.offset());
        assertThat(back.recovered()).isTrue();
        assertThat(back.publications()).hasSize(10);
    }

    @Test
    void whatTheBrokerNoLongerHasIsNotCalledRecovered() {
        String news = channel("news");
        ScriptedClient here = connected(first);
        SubscribeResult at = here.subscribe(news);
        long three = 0;
        for (int i = 1; i <= 25; i++) {
            long offset = first.publish(news, "" + i).position().offset();
            if (i == 3) three = offset;
        }
        SubscribeResult back = connected(second).recover(news, at.epoch(), three);
        assertThat(back.recovered()).isFalse();
    }

    @Test
    void aStreamThatWasLostIsAnotherOneAndClientsAreTold() {
        String news = channel("news");
        ScriptedClient there = connected(second);
        SubscribeResult at = there.subscribe(news);
        long one = first.publish(news, "1").position().offset();
        awaitData(there, news, "1");
        lose(news);
        first.publish(news, "-1");
        eventually(() -> there.pushes().stream().anyMatch(p -> p instanceof Push.Unsubscribe));
        assertThat(there.pushes()).contains(new Push.Unsubscribe(news, 2500, "insufficient state"));
        assertThat(there.data(news)).containsExactly("1");
        SubscribeResult back = there.recover(news, at.epoch(), one);
        assertThat(back.recovered()).isFalse();
        assertThat(back.epoch()).isNotEqualTo(at.epoch());
        first.publish(news, "2");
        awaitData(there, news, "1", "2");
    }

    @Test
    void moreThanAReplyHoldsIsRecoveredWhereNobodyElseReads() {
        String news = channel("long:news");
        String epoch = history(second, news, HistoryQuery.TOP).top().epoch();
        for (int i = 0; i < 30; i++)
            first.publish(news, "\"" + (100 + i) + "x".repeat(100_000) + "\"");
        ScriptedClient client = connected(second);
        SubscribeResult back = client.recover(news, epoch, 0);
        assertThat(back.recovered()).isTrue();
        List<String> got = new ArrayList<>();
        back.publications().forEach(each -> got.add(each.data().toUtf8()));
        assertThat(got).hasSizeBetween(1, 20);
        eventually(() -> got.size() + client.data(news).size() >= 30);
        got.addAll(client.data(news));
        assertThat(got.stream().map(each -> each.substring(1, 4)))
                .isEqualTo(IntStream.range(100, 130).mapToObj(Integer::toString).toList());
        assertThat(client.pushes()).noneMatch(push -> push instanceof Push.Unsubscribe);
        first.publish(news, "1");
        eventually(() -> client.data(news).contains("1"));
    }

    // ---- presence ----

    @Test
    void presenceIsOneForAllNodes() {
        String live = channel("live:x");
        Broker here = first.broker();
        Broker there = second.broker();
        ClientInfo ann = new ClientInfo("ann", "c1", Bytes.utf8("{\"n\":1}"), Bytes.EMPTY);
        first.await(here.addPresence(live, ann));
        second.await(
                there.addPresence(live, new ClientInfo("ann", "c2", Bytes.EMPTY, Bytes.EMPTY)));
        assertThat(second.await(there.presence(live)))
                .isEqualTo(first.await(here.presence(live)))
                .hasSize(2)
                .containsEntry("c1", ann);
        assertThat(second.await(there.presenceStats(live))).isEqualTo(new PresenceStats(2, 1));
        first.await(here.removePresence(live, "c2"));
        assertThat(second.await(there.presence(live))).containsOnlyKeys("c1");
        second.await(there.removePresence(live, "c1"));
        assertThat(first.await(here.presence(live))).isEmpty();
        assertThat(first.await(here.presenceStats(live))).isEqualTo(new PresenceStats(0, 0));
    }

    @Test
    void eachHearsWhoComesAndGoesElsewhere() {
        String news = channel("news");
        ScriptedClient here = connected(first);
        here.subscribe(news);
        ScriptedClient there = connected(second);
        there.subscribe(news);
        String id = there.session().client();
        eventually(() -> comings(here).contains("join " + id));
        there.unsubscribe(news);
        eventually(() -> comings(here).contains("leave " + id));
    }

    private static List<String> comings(ScriptedClient client) {
        List<String> comings = new ArrayList<>();
        for (Push push : client.pushes()) {
            if (push instanceof Push.Join(_, ClientInfo info)) comings.add("join " + info.client());
            if (push instanceof Push.Leave(_, ClientInfo info))
                comings.add("leave " + info.client());
        }
        return comings;
    }

    // ---- control ----

    @Test
    void nodesSpeakToAllAndToOne() {
        assumeTrue(isShared(), "one node has nobody to speak to");
        List<List<String>> heard =
                List.of(new CopyOnWriteArrayList<>(), new CopyOnWriteArrayList<>());
        for (int i = 0; i < 2; i++) {
            List<String> mine = heard.get(i);
            joined.get(i).control().receive(message -> mine.add(message.toUtf8()));
        }
        var control = joined.getFirst().control();
        first.await(control.toAll(Bytes.utf8("all")));
        assertThat(first.await(control.toNode("second", Bytes.utf8("one")))).isTrue();
        assertThat(first.await(control.toNode("nobody", Bytes.utf8("none"))))
                .isEqualTo(!knowsWhoListens());
        first.await(control.toAll(Bytes.utf8("end")));
        eventually(() -> heard.get(0).contains("end") && heard.get(1).contains("end"));
        assertThat(heard.get(0)).contains("all").doesNotContain("one", "none");
        assertThat(heard.get(1)).containsSubsequence("all", "one", "end");
    }
}
