package dev.cardea.messaging.api;

import static dev.cardea.messaging.api.TestNode.ALICE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cardea.messaging.api.ApiRequest.Audience;
import dev.cardea.messaging.api.ApiRequest.Message;
import dev.cardea.messaging.api.ApiResponse.Done;
import dev.cardea.messaging.api.ApiResponse.NodeInfo;
import dev.cardea.messaging.api.ApiResponse.Published;
import dev.cardea.messaging.api.ApiResponse.Refused;
import dev.cardea.messaging.session.Disconnect;
import dev.cardea.messaging.session.Refusal;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.centrifuge.ClientInfo;
import dev.cardea.wire.centrifuge.Publication;
import dev.cardea.wire.centrifuge.StreamPosition;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ServerApiTest {
    private static final ApiResponse BAD_REQUEST = new Refused(Refusal.BAD_REQUEST);
    private final TestNode node = new TestNode();

    // ---- publish, broadcast ----

    @Test
    void aPublicationReachesTheSubscribersAndSaysWhereTheChannelStands() {
        TestClient alice = node.connect("alice", "chat:1");
        assertThat(node.publish("chat:1", "{\"a\":1}")).isEqualTo(published(1));
        assertThat(node.publish("chat:1", "{\"a\":2}")).isEqualTo(published(2));
        assertThat(alice.received)
                .containsExactly(
                        "{\"push\":{\"channel\":\"chat:1\",\"pub\":{\"data\":{\"a\":1},"
                                + "\"offset\":1,\"epoch\":\"epoch\"}}}",
                        "{\"push\":{\"channel\":\"chat:1\",\"pub\":{\"data\":{\"a\":2},\"offset\":2}}}");
        assertThat(node.node.counters().publications()).isEqualTo(2);
    }

    @Test
    void aChannelWithoutHistoryHasNoPosition() {
        assertThat(node.publish("news", "1")).isEqualTo(new Published(new StreamPosition(0, "")));
    }

    @Test
    void tagsGoToTheSubscribersAndHistoryIsSkippedOnRequest() {
        TestClient alice = node.connect("alice", "chat:1");
        Message live = new Message(Bytes.utf8("1"), Map.of("kind", "tick"), "", true, 0, "");
        assertThat(node.call(new ApiRequest.Publish("chat:1", live))).isEqualTo(published(0));
        assertThat(alice.received)
                .containsExactly(
                        "{\"push\":{\"channel\":\"chat:1\",\"pub\":{\"data\":1,\"tags\":{\"kind\":\"tick\"}}}}");
        assertThat(history(new ApiRequest.History("chat:1", -1, null, false))).isEmpty();
    }

    @Test
    void aRepetitionWithTheSameIdempotencyKeyChangesNothing() {
        Message once = new Message(Bytes.utf8("1"), Map.of(), "key", false, 0, "");
        assertThat(node.call(new ApiRequest.Publish("chat:1", once))).isEqualTo(published(1));
        assertThat(node.call(new ApiRequest.Publish("chat:1", once))).isEqualTo(published(1));
        assertThat(node.call(new ApiRequest.Publish("chat:2", once))).isEqualTo(published(1));
        assertThat(history(new ApiRequest.History("chat:1", -1, null, false))).hasSize(1);
    }

    @Test
    void anOlderVersionChangesNothing() {
        Message second = new Message(Bytes.utf8("2"), Map.of(), "", false, 2, "a");
        Message first = new Message(Bytes.utf8("1"), Map.of(), "", false, 1, "a");
        Message ofAnotherEpoch = new Message(Bytes.utf8("1"), Map.of(), "", false, 1, "b");
        assertThat(node.call(new ApiRequest.Publish("chat:1", second))).isEqualTo(published(1));
        assertThat(node.call(new ApiRequest.Publish("chat:1", first))).isEqualTo(published(1));
        assertThat(node.call(new ApiRequest.Publish("chat:1", ofAnotherEpoch)))
                .isEqualTo(published(2));
    }

    @Test
    void whatCannotBePublishedIsRefused() {
        assertThat(node.publish("", "1")).isEqualTo(BAD_REQUEST);
        assertThat(node.publish("x".repeat(256), "1")).isEqualTo(BAD_REQUEST);
        assertThat(node.publish("unknown:1", "1")).isEqualTo(new Refused(Refusal.UNKNOWN_CHANNEL));
        assertThat(node.publish("news", "")).isEqualTo(BAD_REQUEST);
        assertThat(node.publish("json:1", "{")).isEqualTo(BAD_REQUEST);
        assertThat(node.publish("json:1", "{}")).isInstanceOf(Published.class);
        assertThat(node.publish("binary:1", "")).isInstanceOf(Published.class);
        assertThat(node.node.counters().publications()).isEqualTo(2);
    }

    @Test
    void aBroadcastAnswersForEachChannelInTheirOrder() {
        TestClient alice = node.connect("alice", "news", "chat:2");
        ApiResponse response =
                node.call(
                        new ApiRequest.Broadcast(
                                List.of("chat:1", "unknown:1", "chat:2", "", "json:1", "news"),
                                Message.of(Bytes.utf8("oh"))));
        assertThat(response)
                .isEqualTo(
                        new ApiResponse.Broadcast(
                                List.of(
                                        published(1),
                                        new Refused(Refusal.UNKNOWN_CHANNEL),
                                        published(1),
                                        BAD_REQUEST,
                                        BAD_REQUEST,
                                        new Published(new StreamPosition(0, "")))));
        assertThat(alice.received).hasSize(2);
    }

    @Test
    void aBroadcastToNobodyIsRefused() {
        assertThat(node.call(new ApiRequest.Broadcast(List.of(), Message.of(Bytes.utf8("1")))))
                .isEqualTo(BAD_REQUEST);
    }

    @Test
    void aBrokerThatFailsIsAnInternalError() {
        TestNode broken = new TestNode(FailingBroker::new);
        Refused internal = new Refused(Refusal.INTERNAL);
        assertThat(broken.publish("news", "1")).isEqualTo(internal);
        assertThat(
                        broken.call(
                                new ApiRequest.Broadcast(
                                        List.of("news"), Message.of(Bytes.utf8("1")))))
                .isEqualTo(new ApiResponse.Broadcast(List.of(internal)));
        assertThat(broken.call(new ApiRequest.History("chat:1", 1, null, false)))
                .isEqualTo(internal);
        assertThat(broken.call(new ApiRequest.HistoryRemove("chat:1"))).isEqualTo(internal);
        assertThat(broken.call(new ApiRequest.Presence("chat:1"))).isEqualTo(internal);
        assertThat(broken.call(new ApiRequest.PresenceStats("chat:1"))).isEqualTo(internal);
    }

    // ---- history ----

    @Test
    void historyIsReadForwardsAndBackwardsFromAnyPosition() {
        for (int i = 1; i <= 5; i++) node.publish("chat:1", Integer.toString(i));
        StreamPosition third = new StreamPosition(3, "epoch");
        assertThat(history(new ApiRequest.History("chat:1", -1, null, false)))
                .containsExactly(1L, 2L, 3L, 4L, 5L);
        assertThat(history(new ApiRequest.History("chat:1", 2, null, true)))
                .containsExactly(5L, 4L);
        assertThat(history(new ApiRequest.History("chat:1", -1, third, false)))
                .containsExactly(4L, 5L);
        assertThat(history(new ApiRequest.History("chat:1", -1, third, true)))
                .containsExactly(2L, 1L);
        assertThat(history(new ApiRequest.History("chat:1", 1, new StreamPosition(3, ""), false)))
                .containsExactly(4L);
    }

    @Test
    void aLimitOfZeroAsksForThePositionAlone() {
        node.publish("chat:1", "1");
        assertThat(node.call(new ApiRequest.History("chat:1", 0, null, false)))
                .isEqualTo(new ApiResponse.History(List.of(), new StreamPosition(1, "epoch")));
    }

    @Test
    void historyOfAnotherEpochCannotBeRecovered() {
        node.publish("chat:1", "1");
        StreamPosition before = new StreamPosition(1, "before");
        assertThat(node.call(new ApiRequest.History("chat:1", 1, before, false)))
                .isEqualTo(new Refused(Refusal.UNRECOVERABLE_POSITION));
    }

    @Test
    void nothingIsBeforeTheBeginning() {
        StreamPosition begin = new StreamPosition(0, "");
        assertThat(node.call(new ApiRequest.History("chat:1", 1, begin, true)))
                .isEqualTo(BAD_REQUEST);
    }

    @Test
    void aLongHistoryComesInParts() {
        String half = "\"" + "x".repeat(ServerApi.MAX_HISTORY_BYTES / 2) + "\"";
        for (int i = 0; i < 3; i++) node.publish("chat:1", half);
        assertThat(history(new ApiRequest.History("chat:1", -1, null, false)))
                .containsExactly(1L, 2L);
        assertThat(history(new ApiRequest.History("chat:1", -1, new StreamPosition(2, ""), false)))
                .containsExactly(3L);
    }

    @Test
    void removingHistoryKeepsThePosition() {
        node.publish("chat:1", "1");
        assertThat(node.call(new ApiRequest.HistoryRemove("chat:1"))).isEqualTo(new Done());
        assertThat(node.call(new ApiRequest.History("chat:1", -1, null, false)))
                .isEqualTo(new ApiResponse.History(List.of(), new StreamPosition(1, "epoch")));
    }

    @Test
    void whatTheNamespaceDoesNotHaveIsNotAvailable() {
        Refused notAvailable = new Refused(Refusal.NOT_AVAILABLE);
        assertThat(node.call(new ApiRequest.History("news", 1, null, false)))
                .isEqualTo(notAvailable);
        assertThat(node.call(new ApiRequest.HistoryRemove("news"))).isEqualTo(notAvailable);
        assertThat(node.call(new ApiRequest.Presence("news"))).isEqualTo(notAvailable);
        assertThat(node.call(new ApiRequest.PresenceStats("news"))).isEqualTo(notAvailable);
    }

    // ---- presence, channels, info ----

    @Test
    void presenceNamesTheSubscribers() {
        TestClient first = node.connect("alice", "chat:1");
        TestClient second = node.connect("alice", "chat:1");
        node.connect("bob", "chat:2");
        assertThat(node.call(new ApiRequest.Presence("chat:1")))
                .isEqualTo(
                        new ApiResponse.Presence(
                                Map.of(
                                        first.id(), member("alice", first),
                                        second.id(), member("alice", second))));
        assertThat(node.call(new ApiRequest.PresenceStats("chat:1")))
                .isEqualTo(new ApiResponse.PresenceStats(2, 1));
    }

    @Test
    void channelsAreThoseWithSubscribersThatMatch() {
        node.connect("alice", "chat:1", "chat:2", "news");
        node.connect("bob", "chat:1");
        node.publish("chat:3", "1"); // history alone doesn't count
        assertThat(node.call(new ApiRequest.Channels("")))
                .isEqualTo(new ApiResponse.Channels(Map.of("chat:1", 2, "chat:2", 1, "news", 1)));
        assertThat(node.call(new ApiRequest.Channels("chat:*")))
                .isEqualTo(new ApiResponse.Channels(Map.of("chat:1", 2, "chat:2", 1)));
        assertThat(node.call(new ApiRequest.Channels("chat:["))).isEqualTo(BAD_REQUEST);
    }

    @Test
    void infoCountsWhatThereIs() {
        node.connect("alice", "chat:1", "chat:2");
        node.connect("alice", "chat:1");
        node.connect("");
        node.publish("chat:3", "1");
        node.unixMillis += 61_500;
        assertThat(node.call(new ApiRequest.Info()))
                .isEqualTo(
                        new ApiResponse.Info(
                                List.of(
                                        new NodeInfo(
                                                "node-uid",
                                                "here",
                                                "1.2.3",
                                                3,
                                                1,
                                                2,
                                                3,
                                                61,
                                                null))));
    }

    // ---- connections ----

    @Test
    void disconnectEndsAllConnectionsOfTheUserAndNoOther() {
        TestClient first = node.connect("alice", "news");
        TestClient second = node.connect("alice");
        TestClient bob = node.connect("bob", "news");
        node.publish("news", "1");
        assertThat(disconnect(ALICE, null)).isEqualTo(new Done());
        assertThat(first.received).last().isEqualTo("3503 force disconnect");
        assertThat(first.received).hasSize(2);
        assertThat(second.received).containsExactly("3503 force disconnect");
        assertThat(bob.isConnected()).isTrue();
        assertThat(node.node.sessions().clients()).isEqualTo(1);
    }

    @Test
    void disconnectMayNameTheConnectionAndTheReason() {
        TestClient first = node.connect("alice");
        TestClient second = node.connect("alice");
        Audience one = new Audience("alice", first.id(), "");
        disconnect(one, new Disconnect(4100, "moved"));
        assertThat(first.received).containsExactly("4100 moved");
        assertThat(second.isConnected()).isTrue();
    }

    @Test
    void aCallerMayHaveClientsComeBack() {
        TestClient alice = node.connect("alice");
        disconnect(new Audience("alice", "", ""), Disconnect.FORCE_RECONNECT);
        assertThat(alice.received).containsExactly("3011 force reconnect");
    }

    @Test
    void disconnectMayNameTheSession() {
        TestClient first = node.connect("alice");
        TestClient second = node.connect("alice");
        TestClient bob = node.connect("bob");
        String session = first.session.sessionId();
        disconnect(new Audience("bob", "", session), null);
        disconnect(new Audience("alice", second.id(), session), null);
        assertThat(first.isConnected()).isTrue();
        disconnect(new Audience("alice", "", session), null);
        assertThat(first.received).containsExactly("3503 force disconnect");
        assertThat(second.isConnected()).isTrue();
        assertThat(bob.isConnected()).isTrue();
    }

    @Test
    void unsubscribeMayNameTheSession() {
        TestClient first = node.connect("alice", "news");
        TestClient second = node.connect("alice", "news");
        Audience one = new Audience("alice", "", second.session.sessionId());
        node.call(new ApiRequest.Unsubscribe("news", one));
        node.publish("news", "1");
        assertThat(first.received).hasSize(1).first().asString().contains("\"pub\"");
        assertThat(second.received).hasSize(1).first().asString().contains("\"unsubscribe\"");
    }

    @Test
    void aConnectionOfAnotherUserIsLeftAlone() {
        TestClient alice = node.connect("alice");
        disconnect(new Audience("bob", alice.id(), ""), null);
        disconnect(new Audience("", alice.id(), ""), null);
        disconnect(new Audience("alice", "nobody", ""), null);
        disconnect(new Audience("alice", "", "a-session"), null);
        assertThat(alice.isConnected()).isTrue();
    }

    @Test
    void withoutAUserTheAnonymousAreMeant() {
        TestClient alice = node.connect("alice");
        TestClient anonymous = node.connect("");
        disconnect(new Audience("", "", ""), null);
        assertThat(anonymous.isConnected()).isFalse();
        assertThat(alice.isConnected()).isTrue();
    }

    @Test
    void thoseOnTheWhitelistStay() {
        TestClient first = node.connect("alice");
        TestClient second = node.connect("alice");
        node.call(new ApiRequest.Disconnect(ALICE, null, Set.of(second.id())));
        assertThat(first.isConnected()).isFalse();
        assertThat(second.isConnected()).isTrue();
    }

    @Test
    void aCloseFrameHasToBeAbleToCarryCodeAndReason() {
        node.connect("alice");
        assertThat(disconnect(ALICE, new Disconnect(0, ""))).isEqualTo(BAD_REQUEST);
        assertThat(disconnect(ALICE, new Disconnect(2999, ""))).isEqualTo(BAD_REQUEST);
        assertThat(disconnect(ALICE, new Disconnect(5000, ""))).isEqualTo(BAD_REQUEST);
        assertThat(disconnect(ALICE, new Disconnect(4000, "ä".repeat(62)))).isEqualTo(BAD_REQUEST);
        assertThat(disconnect(ALICE, new Disconnect(4000, "ä".repeat(61)))).isEqualTo(new Done());
    }

    @Test
    void unsubscribeEndsTheSubscriptionBehindWhatWasPublished() {
        TestClient alice = node.connect("alice", "news", "chat:1");
        TestClient bob = node.connect("bob", "news");
        node.publish("news", "1");
        assertThat(node.call(new ApiRequest.Unsubscribe("news", ALICE))).isEqualTo(new Done());
        node.publish("news", "2");
        assertThat(alice.received)
                .containsExactly(
                        "{\"push\":{\"channel\":\"news\",\"pub\":{\"data\":1}}}",
                        "{\"push\":{\"channel\":\"news\",\"unsubscribe\":{\"code\":2000,"
                                + "\"reason\":\"server unsubscribe\"}}}");
        assertThat(bob.received).hasSize(2);
        assertThat(node.node.counters().subscriptions()).isEqualTo(2);
    }

    @Test
    void unsubscribeNeedsAChannelOfAKnownNamespace() {
        assertThat(node.call(new ApiRequest.Unsubscribe("", ALICE))).isEqualTo(BAD_REQUEST);
        assertThat(node.call(new ApiRequest.Unsubscribe("unknown:1", ALICE)))
                .isEqualTo(new Refused(Refusal.UNKNOWN_CHANNEL));
    }

    @Test
    void aCallIsDoneWhenTheConnectionsOwnLoopHasDoneIt() {
        TestClient alice = node.connect("alice");
        node.loop.hold();
        CompletableFuture<ApiResponse> done =
                node.api
                        .call(new ApiRequest.Disconnect(ALICE, null, Set.of()))
                        .toCompletableFuture();
        assertThat(done).isNotDone();
        assertThat(alice.isConnected()).isTrue();
        node.loop.release();
        assertThat(done).isCompletedWithValue(new Done());
        assertThat(alice.isConnected()).isFalse();
    }

    @Test
    void aLoopThatHasEndedHoldsNobodyUp() {
        node.connect("alice");
        node.loop.end();
        assertThat(disconnect(ALICE, null)).isEqualTo(new Done());
    }

    private ApiResponse disconnect(Audience audience, @Nullable Disconnect why) {
        return node.call(new ApiRequest.Disconnect(audience, why, Set.of()));
    }

    /** The offsets that the answer has. */
    private List<Long> history(ApiRequest.History request) {
        return ((ApiResponse.History) node.call(request))
                .publications().stream().map(Publication::offset).toList();
    }

    private static Published published(long offset) {
        return new Published(new StreamPosition(offset, "epoch"));
    }

    private static ClientInfo member(String user, TestClient client) {
        return new ClientInfo(user, client.id(), Bytes.EMPTY, Bytes.EMPTY);
    }
}
