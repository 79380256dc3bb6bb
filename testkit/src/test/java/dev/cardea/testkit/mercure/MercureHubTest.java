package dev.cardea.testkit.mercure;

import static dev.cardea.testkit.mercure.SimulatedHub.OPTIONS;
import static dev.cardea.testkit.mercure.SimulatedHub.PLENTY;
import static dev.cardea.testkit.mercure.SimulatedHub.data;
import static dev.cardea.testkit.mercure.SimulatedHub.gaps;
import static dev.cardea.testkit.mercure.SimulatedHub.mayRead;
import static dev.cardea.testkit.mercure.SimulatedHub.retention;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cardea.messaging.mercure.MercureOptions;
import dev.cardea.messaging.mercure.Retention;
import dev.cardea.messaging.mercure.Rights;
import dev.cardea.testkit.ScriptedSubscriber;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.mercure.Generation;
import dev.cardea.wire.mercure.TopicSelector;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class MercureHubTest {
    @Test
    void anUpdateGoesToThoseWhoSelectOneOfItsTopics() {
        SimulatedHub it = new SimulatedHub(PLENTY);
        ScriptedSubscriber a = it.subscribe("topic=a");
        ScriptedSubscriber template = it.subscribe("topic=/books/%7Bid%7D");
        ScriptedSubscriber pattern = it.subscribe("match_urlpattern=/books/:id");
        ScriptedSubscriber everything = it.subscribe("match=*");
        ScriptedSubscriber both = it.subscribe("topic=a&topic=/books/%7Bid%7D");
        it.publish("1", "one", "a");
        it.publish("2", "two", "/books/7");
        it.publish("3", "three", "other", "a", "/books/8");
        it.publish("4", "four", "/books/7/8");
        it.simulation.run();
        assertThat(data(a)).containsExactly("one", "three");
        assertThat(data(template)).containsExactly("two", "three");
        assertThat(data(pattern)).containsExactly("two", "three");
        assertThat(data(everything)).containsExactly("one", "two", "three", "four");
        assertThat(data(both)).containsExactly("one", "two", "three");
    }

    @Test
    void theFirstBytesAreAComment() {
        SimulatedHub it = new SimulatedHub(PLENTY);
        ScriptedSubscriber a = it.subscribe("topic=a");
        it.simulation.run();
        assertThat(a.stream()).isEqualTo(":\n");
        it.publish("1", "x", "a");
        it.simulation.run();
        assertThat(a.stream()).isEqualTo(":\nid: 1\ndata: x\n\n");
    }

    @Test
    void aSilentStreamIsKeptAlive() {
        SimulatedHub it = new SimulatedHub(PLENTY);
        ScriptedSubscriber a = it.subscribe("topic=a");
        it.simulation.run(Duration.ofSeconds(125));
        assertThat(a.stream()).isEqualTo(":\n".repeat(4));
    }

    @Test
    void aPrivateUpdateNeedsTheRightToOneOfItsTopics() {
        SimulatedHub it = new SimulatedHub(PLENTY);
        ScriptedSubscriber anonymous = it.subscribe("topic=*");
        ScriptedSubscriber a = it.subscribe("topic=a&topic=b", null, mayRead("a"));
        ScriptedSubscriber alternate = it.subscribe("topic=a", null, mayRead("/users/{id}/a"));
        ScriptedSubscriber rightsOnly = it.subscribe("topic=b", null, mayRead("*"));
        it.publishPrivately("1", "for a", "a");
        it.publishPrivately("2", "for b", "b");
        it.publishPrivately("3", "for 7", "a", "/users/7/a");
        it.simulation.run();
        assertThat(data(anonymous)).isEmpty();
        assertThat(data(a)).containsExactly("for a", "for 7");
        assertThat(data(alternate)).containsExactly("for 7");
        assertThat(data(rightsOnly)).containsExactly("for b");
    }

    @Test
    void whatWasMissedComesFirstAndLiveUpdatesFollow() {
        SimulatedHub it = new SimulatedHub(PLENTY);
        for (int i = 1; i <= 5000; i++) it.publish("" + i, "" + i, i % 2 == 0 ? "even" : "odd");
        ScriptedSubscriber even = it.subscribe("topic=even", "4000");
        for (int i = 5001; i <= 6000; i++) it.publish("" + i, "" + i, i % 2 == 0 ? "even" : "odd");
        it.simulation.run();
        assertThat(even.answeredLastEventId()).isEqualTo("4000");
        assertThat(gaps(even)).isZero();
        List<String> got = data(even);
        assertThat(got).hasSize(1000);
        for (int i = 0; i < 1000; i++) assertThat(got.get(i)).isEqualTo("" + (4002 + 2 * i));
    }

    @Test
    void aReplayLooksAtWhatItGivesAndAtNothingOlder() {
        SimulatedHub it = new SimulatedHub(PLENTY);
        it.publish("rare", "rare", "rare");
        for (int i = 1; i <= 50_000; i++) it.publish("" + i, "" + i, "t" + i % 100);
        it.publish("rare 2", "rare", "rare");
        assertThat(visitedBy(it, "topic=t99", "49899", 1)).isLessThanOrEqualTo(2);
        assertThat(visitedBy(it, "match=rare", "earliest", 2)).isLessThanOrEqualTo(4);
        assertThat(visitedBy(it, "topic=t%7Bn%7D", "49990", 10)).isLessThanOrEqualTo(12);
        assertThat(visitedBy(it, "topic=*", "49990", 11)).isLessThanOrEqualTo(12);
        assertThat(visitedBy(it, "match=*", "never was", 0)).isZero();
    }

    private static long visitedBy(SimulatedHub it, String query, String lastEventId, int given) {
        long before = it.hub.visitedTotal();
        ScriptedSubscriber subscriber = run(it, it.subscribe(query, lastEventId));
        assertThat(data(subscriber)).hasSize(given);
        subscriber.cut();
        return it.hub.visitedTotal() - before;
    }

    @Test
    void replayRespectsRights() {
        SimulatedHub it = new SimulatedHub(PLENTY);
        it.publish("1", "public", "a");
        it.publishPrivately("2", "private", "a");
        assertThat(data(run(it, it.subscribe("topic=a", "earliest")))).containsExactly("public");
        assertThat(data(run(it, it.subscribe("topic=a", "earliest", mayRead("a")))))
                .containsExactly("public", "private");
    }

    private static ScriptedSubscriber run(SimulatedHub it, ScriptedSubscriber subscriber) {
        it.simulation.run();
        return subscriber;
    }

    @Test
    void earliestIsEverythingThatIsKept() {
        SimulatedHub it = new SimulatedHub(retention(3));
        for (int i = 1; i <= 5; i++) it.publish("" + i, "" + i, "a");
        ScriptedSubscriber all = run(it, it.subscribe("topic=a", "earliest"));
        assertThat(data(all)).containsExactly("3", "4", "5");
        assertThat(all.answeredLastEventId()).isEqualTo("earliest");
        assertThat(gaps(all)).isOne(); // 1 and 2 are gone
        assertThat(gaps(run(it, it.subscribe("topic=b", "earliest")))).isZero();
    }

    @Test
    void anIdentifierThatNobodyKnowsGivesNothingBackAndSaysSo() {
        SimulatedHub it = new SimulatedHub(PLENTY);
        it.publish("1", "one", "a");
        ScriptedSubscriber a = run(it, it.subscribe("topic=a", "never was"));
        assertThat(a.answeredLastEventId()).isEqualTo("earliest");
        assertThat(data(a)).isEmpty();
        assertThat(a.stream())
                .isEqualTo(":\nevent: cardea-gap\ndata: {\"last_event_id\":\"never was\"}\n\n");
        it.publish("2", "two", "a");
        assertThat(data(run(it, a))).containsExactly("two");
    }

    @Test
    void whoAsksForNoIdentifierIsToldNone() {
        SimulatedHub it = new SimulatedHub(PLENTY);
        assertThat(it.subscribe("topic=a").answeredLastEventId()).isNull();
        assertThat(it.subscribe("topic=a", "").answeredLastEventId()).isEqualTo("earliest");
        it.publish("1", "one", "a");
        assertThat(it.subscribe("topic=a", "").answeredLastEventId()).isEqualTo("1");
    }

    @Test
    void aHoleIsSaidAndTheRestGiven() {
        SimulatedHub it = new SimulatedHub(retention(10));
        it.publish("first", "first", "a");
        it.publish("b", "b", "b");
        for (int i = 1; i <= 100; i++) it.publish("" + i, "" + i, "a");
        ScriptedSubscriber a = run(it, it.subscribe("topic=a", "first"));
        assertThat(data(a)).hasSize(10).first().isEqualTo("91");
        assertThat(gaps(a)).isOne();
        assertThat(a.answeredLastEventId()).isEqualTo("b"); // the one kept before the first given
        ScriptedSubscriber b = run(it, it.subscribe("topic=b", "first"));
        assertThat(data(b)).containsExactly("b");
        assertThat(gaps(b)).isZero();
        assertThat(b.answeredLastEventId()).isEqualTo("first");
        ScriptedSubscriber pattern = run(it, it.subscribe("topic=%7Bx%7D", "first"));
        assertThat(gaps(pattern)).isOne();
        ScriptedSubscriber other = run(it, it.subscribe("topic=/%7Bx%7D", "first"));
        assertThat(gaps(other)).isZero();
    }

    @Test
    void aRareTopicIsntPushedOutByABusyOne() {
        SimulatedHub it = new SimulatedHub(retention(100));
        it.publish("rare", "rare", "rare");
        for (int i = 1; i <= 100_000; i++) it.publish("" + i, "x", "busy");
        assertThat(it.hub.keptUpdates()).isEqualTo(101);
        ScriptedSubscriber rare = run(it, it.subscribe("topic=rare", "earliest"));
        assertThat(data(rare)).containsExactly("rare");
        assertThat(gaps(rare)).isZero();
    }

    @Test
    void historyIsBoundedInBytesOfATopicAndOfAll() {
        String large = "x".repeat(1000);
        SimulatedHub topic =
                new SimulatedHub(
                        new Retention(1000, 10_000, Duration.ofDays(1).toNanos(), 1000, 1 << 30));
        for (int i = 0; i < 100; i++) topic.publish("" + i, large, "a");
        assertThat(topic.hub.keptBytes()).isBetween(1000L, 10_000L);
        topic.publish("huge", "x".repeat(50_000), "a");
        assertThat(topic.hub.keptUpdates()).isOne();

        SimulatedHub all =
                new SimulatedHub(
                        new Retention(1000, 1 << 30, Duration.ofDays(1).toNanos(), 1000, 20_000));
        for (int i = 0; i < 100; i++) all.publish("" + i, large, "topic " + i);
        assertThat(all.hub.keptBytes()).isBetween(1000L, 20_000L);
    }

    @Test
    void historyIsBoundedInAge() {
        SimulatedHub it =
                new SimulatedHub(
                        new Retention(
                                1000, 1 << 30, Duration.ofMinutes(1).toNanos(), 1000, 1 << 30));
        it.publish("1", "1", "a");
        it.simulation.run(Duration.ofSeconds(30));
        it.publish("2", "2", "a");
        it.simulation.run(Duration.ofSeconds(45));
        assertThat(it.hub.keptUpdates()).isOne();
        ScriptedSubscriber a = run(it, it.subscribe("topic=a", "1"));
        assertThat(data(a)).containsExactly("2");
        assertThat(gaps(a)).isZero(); // it has the one that is gone
        it.simulation.run(Duration.ofSeconds(60));
        assertThat(it.hub.keptUpdates()).isZero();
        assertThat(gaps(run(it, it.subscribe("topic=a", "1")))).isOne();
    }

    @Test
    void aTopicThatIsMadeAnewStillSaysWhatItHasLost() {
        SimulatedHub it =
                new SimulatedHub(
                        new Retention(
                                1000, 1 << 30, Duration.ofMinutes(1).toNanos(), 1000, 1 << 30));
        it.publish("1", "1", "a");
        it.publish("2", "2", "a");
        it.simulation.run(Duration.ofMinutes(2));
        it.publish("3", "3", "a");
        ScriptedSubscriber back = run(it, it.subscribe("topic=a", "1"));
        assertThat(data(back)).containsExactly("3");
        assertThat(gaps(back)).isOne(); // 2 is gone
        assertThat(gaps(run(it, it.subscribe("topic=a", "3")))).isZero();
    }

    @Test
    void whoPublishesTheSameAgainPublishesOnce() {
        SimulatedHub it = new SimulatedHub(PLENTY);
        ScriptedSubscriber a = it.subscribe("topic=a");
        assertThat(it.publish("1", "x", "a")).isEqualTo("1");
        assertThat(it.publish("1", "x", "a")).isEqualTo("1");
        it.publish("2", "x", "a");
        assertThat(data(run(it, a))).containsExactly("x", "x");
    }

    @Test
    void anIdentifierThatIsUsedAgainLeadsToTheEarliest() {
        SimulatedHub it = new SimulatedHub(PLENTY);
        it.publish("1", "a1", "a");
        it.publish("2", "a2", "a");
        it.publish("1", "again", "a");
        assertThat(data(run(it, it.subscribe("topic=a", "1")))).containsExactly("a2", "again");
    }

    @Test
    void anIdentifierIsMadeWhereNoneIsGiven() {
        SimulatedHub it = new SimulatedHub(PLENTY);
        ScriptedSubscriber a = it.subscribe("topic=a");
        String id = it.publish("", "x", "a");
        assertThat(id).startsWith("urn:uuid:");
        it.simulation.run();
        assertThat(a.lastEventId()).isEqualTo(id);
        assertThat(it.hub.lastEventId()).isEqualTo(id);
    }

    @Test
    void aStalledReaderHoldsNothingAndCatchesUp() {
        SimulatedHub it = new SimulatedHub(PLENTY);
        ScriptedSubscriber slow = it.subscribe("topic=a");
        ScriptedSubscriber quick = it.subscribe("topic=a");
        it.simulation.run();
        slow.outlet().stall();
        String data = "x".repeat(1000);
        for (int i = 0; i < 3000; i++) {
            it.publish("" + i, data, "a");
            if (i % 10 == 0) it.simulation.run();
        }
        it.simulation.run();
        assertThat(data(quick)).hasSize(3000);
        assertThat(data(slow)).isEmpty();
        assertThat(slow.outlet().largestPendingBytes()).isLessThan(70_000);
        slow.outlet().resume();
        it.simulation.run();
        assertThat(data(slow)).hasSize(3000);
        assertThat(gaps(slow)).isZero();
        assertThat(slow.outlet().largestPendingBytes()).isLessThan(70_000);
    }

    @Test
    void aReaderWhoTakesNothingForTooLongIsCutOff() {
        SimulatedHub it = new SimulatedHub(PLENTY);
        ScriptedSubscriber slow = it.subscribe("topic=a");
        slow.outlet().stall();
        it.publish("1", "x".repeat(100_000), "a");
        for (int i = 0; i < 10; i++) {
            it.simulation.run(Duration.ofSeconds(4));
            assertThat(slow.outlet().closing()).isNull();
            slow.outlet().take(1);
        }
        it.simulation.run(Duration.ofSeconds(12));
        assertThat(slow.outlet().closing()).isNotNull();
    }

    @Test
    void aReaderThatTheLogHasLeftBehindIsToldWhereItsHoleIs() {
        SimulatedHub it = new SimulatedHub(retention(10));
        ScriptedSubscriber slow = it.subscribe("topic=a");
        it.publish("0", "0", "a");
        it.simulation.run();
        slow.outlet().stall();
        for (int i = 1; i <= 2000; i++) {
            it.publish("" + i, "" + i, "a");
            it.simulation.run();
        }
        slow.outlet().resume();
        it.simulation.run();
        List<String> got = data(slow);
        assertThat(got.getFirst()).isEqualTo("0");
        assertThat(got.getLast()).isEqualTo("2000");
        assertThat(got).doesNotHaveDuplicates();
        assertThat(gaps(slow)).isOne();
    }

    @Test
    void aBurstThatIsGoneBeforeTheLoopLooksIsSaid() {
        SimulatedHub it = new SimulatedHub(retention(10));
        ScriptedSubscriber a = it.subscribe("topic=a");
        ScriptedSubscriber b = it.subscribe("topic=b");
        it.simulation.run();
        for (int i = 1; i <= 100; i++) it.publish("" + i, "" + i, "a");
        it.simulation.run();
        assertThat(data(a)).hasSize(10).last().isEqualTo("100");
        assertThat(gaps(a)).isOne();
        assertThat(gaps(b)).isZero();
    }

    @Test
    void connectionsEndBetweenFourFifthsOfTheirTimeAndAllOfIt() {
        MercureOptions options =
                new MercureOptions(
                        false, 0, Duration.ofMinutes(10).toNanos(), 5_000_000_000L, 65_536);
        SimulatedHub it = new SimulatedHub(1, 1, PLENTY, options);
        List<ScriptedSubscriber> all = new java.util.ArrayList<>();
        for (int i = 0; i < 50; i++) all.add(it.subscribe("topic=a"));
        it.simulation.run(Duration.ofSeconds(474));
        assertThat(all).allMatch(each -> each.outlet().closing() == null);
        it.simulation.run(Duration.ofSeconds(60));
        assertThat(all).anyMatch(each -> each.outlet().closing() == null);
        assertThat(all).anyMatch(each -> each.outlet().closing() != null);
        it.simulation.run(Duration.ofSeconds(62));
        assertThat(all).noneMatch(each -> each.outlet().closing() == null);
    }

    @Test
    void aConnectionEndsBeforeItsToken() {
        SimulatedHub it = new SimulatedHub(PLENTY);
        long expires = it.simulation.unixMillis() / 1000 + 100;
        List<ScriptedSubscriber> all = new java.util.ArrayList<>();
        for (Generation generation : Generation.values()) {
            Rights rights = new Rights.Builder().build(generation, Bytes.EMPTY, expires);
            all.add(it.subscribe("topic=a", null, rights));
            all.add(it.subscribe("match=a", null, rights));
        }
        it.simulation.run(Duration.ofSeconds(74));
        assertThat(all).allMatch(each -> each.outlet().closing() == null);
        it.simulation.run(Duration.ofSeconds(22));
        assertThat(all).noneMatch(each -> each.outlet().closing() == null);
    }

    @Test
    void subscriptionsAreToldInTheVersionTheyWereMadeIn() {
        MercureOptions options = new MercureOptions(true, 0, 0, 5_000_000_000L, 65_536);
        SimulatedHub it = new SimulatedHub(1, 1, PLENTY, options);
        ScriptedSubscriber watcher =
                it.subscribe(
                        "topic=/.well-known/mercure/subscriptions%7B/a*%7D", null, mayRead("*"));
        it.simulation.run();
        int own = watcher.events().size();
        Rights rights =
                new Rights.Builder()
                        .subscribe(List.of(TopicSelector.exact("a b")), Bytes.utf8("{\"x\":1}"))
                        .build(Generation.ONE, Bytes.EMPTY, 0);
        ScriptedSubscriber one = it.subscribe("match=a+b", null, rights);
        ScriptedSubscriber zero = it.subscribe("topic=/b/%7Bid%7D");
        it.simulation.run();
        zero.cut();
        it.simulation.run();
        List<ScriptedSubscriber.Event> told =
                watcher.events().subList(own, watcher.events().size());
        assertThat(told).hasSize(3);
        String urn = one.id().replace(":", "%3A");
        assertThat(told.get(0).type()).isEqualTo("mercure");
        assertThat(told.get(0).data())
                .isEqualTo(
                        "{\"id\":\"/.well-known/mercure/subscriptions/exact/a%20b/"
                                + urn
                                + "\",\"type\":\"subscription\",\"subscriber\":\""
                                + one.id()
                                + "\",\"match_type\":\"exact\",\"match\":\"a b\",\"active\":true,"
                                + "\"payload\":{\"x\":1}}");
        urn = zero.id().replace(":", "%3A");
        assertThat(told.get(1).type()).isEmpty();
        assertThat(told.get(1).data())
                .isEqualTo(
                        "{\"@context\":\"https://mercure.rocks/\",\"id\":"
                                + "\"/.well-known/mercure/subscriptions/%2Fb%2F%7Bid%7D/"
                                + urn
                                + "\",\"type\":\"Subscription\",\"subscriber\":\""
                                + zero.id()
                                + "\",\"topic\":\"/b/{id}\",\"active\":true}");
        assertThat(told.get(2).data()).contains("\"active\":false");
        assertThat(it.subscriptions()).hasSize(2);
    }

    @Test
    void aSubscriptionSaysWhatItsTokenSaysOfItInBothVersions() {
        MercureOptions options = new MercureOptions(true, 0, 0, 5_000_000_000L, 65_536);
        SimulatedHub it = new SimulatedHub(1, 1, PLENTY, options);
        Bytes user = Bytes.utf8("{\"user\":7}");
        Rights zero =
                new Rights.Builder()
                        .subscribe(List.of(TopicSelector.topic("other")))
                        .build(Generation.ZERO, user, 0);
        it.subscribe("topic=other", null, zero);
        Rights one =
                new Rights.Builder()
                        .subscribe(List.of(TopicSelector.exact("a")), Bytes.utf8("{\"n\":1}"))
                        .subscribe(List.of(TopicSelector.exact("*")), Bytes.utf8("{\"n\":2}"))
                        .build(Generation.ONE, Bytes.EMPTY, 0);
        it.subscribe("match=a&match=b", null, one);
        it.subscribe("match=c", null, null);
        it.simulation.run();
        java.util.Map<String, String> payloads = new java.util.HashMap<>();
        for (var each : it.subscriptions()) payloads.put(each.text(), each.payload().toUtf8());
        assertThat(payloads)
                .containsOnly(
                        java.util.Map.entry("other", "{\"user\":7}"),
                        java.util.Map.entry("a", "{\"n\":1}"),
                        java.util.Map.entry("b", "{\"n\":2}"),
                        java.util.Map.entry("c", ""));
    }

    @Test
    void subscriptionsAreOnlyToldWhereThatIsConfigured() {
        SimulatedHub it = new SimulatedHub(1, 1, PLENTY, OPTIONS);
        ScriptedSubscriber watcher = it.subscribe("topic=*", null, mayRead("*"));
        it.subscribe("topic=a").cut();
        assertThat(data(run(it, watcher))).isEmpty();
    }
}
