package dev.cardea.testkit.broker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cardea.messaging.broker.Broker.HistoryQuery;
import dev.cardea.messaging.broker.Broker.PublishOptions;
import dev.cardea.messaging.broker.NodeBroker;
import dev.cardea.messaging.hub.ChannelOptions;
import dev.cardea.messaging.hub.Hub;
import dev.cardea.testkit.ChannelSettings;
import dev.cardea.testkit.ScriptedSubscriber;
import dev.cardea.testkit.Simulation;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.centrifuge.Publication;
import dev.cardea.wire.mercure.SubscriptionDocument;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What nodes that share a Mercure hub promise, over every broker. A broker's own test extends it
 * and says how a node joins.
 */
public abstract class MercureSuite {
    protected static final int KEPT = 2_000;

    private final List<HubNode> joined = new ArrayList<>();
    protected final Simulation simulation;
    protected HubNode first;
    protected HubNode second;

    /**
     * @param simulation {@link Simulation#live} for a real broker
     */
    @SuppressWarnings("NullAway.Init") // before each test
    protected MercureSuite(Simulation simulation) {
        this.simulation = simulation;
    }

    /** One more node of a broker that is empty when a test begins. */
    protected abstract NodeBroker join(String id, Hub hub);

    /** The broker forgets everything, as if started empty. */
    protected abstract void loseAll();

    @BeforeEach
    void start() {
        first = node("first");
        second = node("second");
    }

    @AfterEach
    void stop() {
        joined.forEach(HubNode::close);
    }

    protected HubNode node(String id) {
        HubNode node = new HubNode(simulation, id, KEPT, hub -> join(id, hub));
        joined.add(node);
        return node;
    }

    protected void eventually(BooleanSupplier condition) {
        simulation.runUntil(condition, HubNode.PATIENCE);
        simulation.run();
    }

    protected <T> T await(CompletionStage<T> stage) {
        eventually(stage.toCompletableFuture()::isDone);
        return stage.toCompletableFuture().join();
    }

    /** Numbers from one to another, through both nodes in turn. */
    protected void publish(int from, int to, String... topics) {
        for (int i = from; i <= to; i++)
            await((i % 2 == 0 ? first : second).publish("e" + i, "" + i, topics));
    }

    protected static List<String> data(ScriptedSubscriber subscriber) {
        return subscriber.events().stream()
                .filter(event -> event.type().isEmpty())
                .map(ScriptedSubscriber.Event::data)
                .toList();
    }

    protected static long gaps(ScriptedSubscriber subscriber) {
        return subscriber.events().stream()
                .filter(event -> event.type().equals("cardea-gap"))
                .count();
    }

    protected static List<String> numbers(int from, int to) {
        return IntStream.rangeClosed(from, to).mapToObj(Integer::toString).toList();
    }

    protected void awaitData(ScriptedSubscriber subscriber, List<String> data) {
        eventually(() -> data(subscriber).size() >= data.size());
        assertThat(data(subscriber)).isEqualTo(data);
        assertThat(gaps(subscriber)).isZero();
    }

    @Test
    void whatIsPublishedAtOneNodeArrivesAtAllOnceAndInOneOrder() {
        ScriptedSubscriber here = first.subscribe("topic=t", null);
        ScriptedSubscriber there = second.subscribe("topic=*", null);
        simulation.run();
        List<CompletionStage<String>> publishing = new ArrayList<>();
        for (int i = 0; i < 200; i++)
            publishing.add((i % 2 == 0 ? first : second).publish("", "" + i, "t"));
        publishing.forEach(this::await);
        eventually(() -> data(here).size() >= 200 && data(there).size() >= 200);
        assertThat(data(here)).hasSize(200).doesNotHaveDuplicates().isEqualTo(data(there));
    }

    @Test
    void aSubscriberGoesOnAtAnotherNode() {
        ScriptedSubscriber here = first.subscribe("topic=t", null);
        simulation.run();
        publish(1, 10, "t");
        awaitData(here, numbers(1, 10));
        here.cut();
        publish(11, 20, "t");
        publish(21, 21, "other");
        ScriptedSubscriber there = second.subscribe("topic=t", here.lastEventId());
        awaitData(there, numbers(11, 20));
        assertThat(there.answeredLastEventId()).isEqualTo("e10");
        publish(22, 22, "t");
        eventually(() -> data(there).contains("22"));
        assertThat(data(there)).hasSize(11);
    }

    @Test
    void aNodeThatComesLaterHasWhatWasPublishedBefore() {
        publish(1, 700, "t");
        HubNode third = node("third");
        awaitData(third.subscribe("topic=t", "e100"), numbers(101, 700));
        awaitData(third.subscribe("topic=t", "earliest"), numbers(1, 700));
        ScriptedSubscriber live = third.subscribe("topic=t", null);
        simulation.run();
        publish(701, 701, "t");
        awaitData(live, numbers(701, 701));
    }

    @Test
    void whereTheBrokerKeepsNoMoreItIsSaid() {
        publish(1, 1, "t");
        for (int i = 2; i <= KEPT + 1; i++) first.publish("e" + i, "" + i, "other");
        eventually(() -> first.hub().lastEventId().equals("e" + (KEPT + 1)));
        HubNode third = node("third");
        ScriptedSubscriber back = third.subscribe("topic=t", "e1");
        eventually(() -> gaps(back) == 1);
        assertThat(data(back)).isEmpty();
        ScriptedSubscriber other = third.subscribe("topic=other", "e" + KEPT);
        awaitData(other, numbers(KEPT + 1, KEPT + 1));
    }

    @Test
    void anIdentifierThatNobodyKnowsIsAnsweredWithAGap() {
        publish(1, 1, "t");
        ScriptedSubscriber back = second.subscribe("topic=t", "never was");
        eventually(() -> gaps(back) == 1);
        assertThat(back.answeredLastEventId()).isEqualTo("earliest");
    }

    @Test
    void aRepeatedRequestPublishesOnce() {
        ScriptedSubscriber there = second.subscribe("topic=t", null);
        simulation.run();
        ChannelOptions news = ChannelSettings.of("news").history(100, Duration.ofDays(1)).build();
        await(first.publish("e1", "1", "t"));
        await(second.publish("e1", "1", "t"));
        await(second.publish("e1", "2", "t")); // the same name for something else
        awaitData(there, List.of("1", "2"));
        var history = await(first.broker().history("news:t", news, new HistoryQuery(0, 10, false)));
        assertThat(history.publications())
                .extracting(each -> each.data().toUtf8())
                .containsExactly("1", "2");
    }

    @Test
    void whatIsPublishedInAMappedChannelArrivesAtAllNodes() {
        ScriptedSubscriber there = second.subscribe("topic=t", null);
        simulation.run();
        ChannelOptions news = ChannelSettings.of("news").history(100, Duration.ofDays(1)).build();
        PublishOptions once = new PublishOptions("key", false, 0, "");
        for (int i = 0; i < 2; i++)
            await(first.broker().publish("news:t", news, publication("1"), once));
        await(second.broker().publish("news:t", news, publication("2"), PublishOptions.NONE));
        awaitData(there, List.of("1", "2"));
        assertThat(there.lastEventId()).startsWith("urn:cardea:");
        ScriptedSubscriber back = first.subscribe("topic=t", there.events().getFirst().id());
        awaitData(back, List.of("2"));
    }

    private static Publication publication(String data) {
        return Publication.of(Bytes.utf8(data));
    }

    @Test
    void aBrokerThatComesBackEmptyIsSaidToAll() {
        publish(1, 3, "t");
        ScriptedSubscriber here = first.subscribe("topic=t", "e1");
        awaitData(here, numbers(2, 3));
        loseAll();
        await(second.publish("e4", "4", "t"));
        eventually(() -> data(here).contains("4") && gaps(here) > 0);
        assertThat(data(here)).containsExactly("2", "3", "4");
        HubNode third = node("third");
        ScriptedSubscriber back = third.subscribe("topic=t", "e3");
        eventually(() -> gaps(back) == 1);
    }

    @Test
    void eachNodeTellsTheSubscriptionsOfAll() {
        ScriptedSubscriber here = first.subscribe("topic=t&topic=a%7Bb%7D", null);
        ScriptedSubscriber there = second.subscribe("match=u", null);
        for (HubNode node : List.of(first, second)) {
            eventually(() -> subscriptions(node).size() == 3);
            assertThat(subscriptions(node)).contains(here.id() + " t", there.id() + " u");
        }
        there.cut();
        eventually(() -> subscriptions(first).size() == 2);
    }

    private List<String> subscriptions(HubNode node) {
        List<SubscriptionDocument> all = await(node.hub().subscriptions());
        return all.stream().map(each -> each.subscriber() + " " + each.text()).toList();
    }
}
