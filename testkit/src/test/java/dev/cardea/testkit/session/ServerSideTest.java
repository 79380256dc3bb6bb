package dev.cardea.testkit.session;

import static dev.cardea.testkit.session.ConnectTest.error;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cardea.messaging.auth.Authenticator.Credentials;
import dev.cardea.messaging.auth.Authenticator.OptionOverride;
import dev.cardea.messaging.auth.Authenticator.SubscriptionGrant;
import dev.cardea.messaging.auth.Verdict;
import dev.cardea.messaging.broker.Broker.HistoryQuery;
import dev.cardea.messaging.broker.Broker.PublishOptions;
import dev.cardea.messaging.hub.ChannelOptions.Permissions;
import dev.cardea.messaging.session.ClientOptions.PersonalChannel;
import dev.cardea.messaging.session.Disconnect;
import dev.cardea.messaging.session.Refusal;
import dev.cardea.messaging.session.Unsubscribed;
import dev.cardea.testkit.ChannelSettings;
import dev.cardea.testkit.ClientSettings;
import dev.cardea.testkit.ScriptedClient;
import dev.cardea.testkit.SimulatedNode;
import dev.cardea.testkit.Simulation;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.centrifuge.ClientInfo;
import dev.cardea.wire.centrifuge.Command;
import dev.cardea.wire.centrifuge.ConnectResult;
import dev.cardea.wire.centrifuge.Publication;
import dev.cardea.wire.centrifuge.Push;
import dev.cardea.wire.centrifuge.Reply;
import dev.cardea.wire.centrifuge.StreamPosition;
import dev.cardea.wire.centrifuge.SubscribeRequest;
import dev.cardea.wire.centrifuge.SubscribeResult;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource
class ServerSideTest {
    @Parameter Setup setup = Setup.EMBEDDED_JSON;

    private SimulatedNode node() {
        return node(new ClientSettings());
    }

    private SimulatedNode node(ClientSettings client) {
        return setup.node()
                .client(client)
                .channels(ChannelSettings.of("").permissions(Permissions.NONE))
                .channels(ChannelSettings.of("open").history(10, Duration.ofMinutes(5)))
                .channels(
                        ChannelSettings.of("stream")
                                .permissions(Permissions.NONE)
                                .history(10, Duration.ofMinutes(5))
                                .forceRecovery())
                .channels(
                        ChannelSettings.of("cache")
                                .history(10, Duration.ofMinutes(5))
                                .forceRecovery()
                                .autoCacheRecover())
                .channels(
                        ChannelSettings.of("smallstream")
                                .window(4, 1 << 20)
                                .history(10, Duration.ofMinutes(5))
                                .forceRecovery())
                .channels(ChannelSettings.of("room").presence().joinLeave().forcePushJoinLeave())
                .start();
    }

    private static SubscriptionGrant grant(String data, long expireAtSeconds) {
        return new SubscriptionGrant(
                Bytes.EMPTY, Bytes.utf8(data), expireAtSeconds, OptionOverride.NOTHING);
    }

    /** Anna's token, with these subscriptions. */
    private static void token(SimulatedNode node, Map<String, SubscriptionGrant> subscriptions) {
        node.authenticator()
                .token(
                        "anna",
                        new Verdict.Granted<>(
                                new Credentials(
                                        "anna",
                                        Bytes.EMPTY,
                                        0,
                                        Bytes.EMPTY,
                                        Bytes.utf8("{\"hello\":1}"),
                                        subscriptions)));
    }

    private static void plainToken(SimulatedNode node, String... channels) {
        Map<String, SubscriptionGrant> subscriptions = new HashMap<>();
        for (String channel : channels) subscriptions.put(channel, SubscriptionGrant.PLAIN);
        token(node, subscriptions);
    }

    private ScriptedClient anna(SimulatedNode node) {
        ScriptedClient anna = node.client(setup.encoding);
        anna.connect("anna");
        return anna;
    }

    private static ConnectResult connect(
            ScriptedClient client, String token, SubscribeRequest... requests) {
        Reply.Answer answer = client.ask(id -> command(id, token, requests));
        if (answer instanceof Reply.Connect(int _, ConnectResult result)) return result;
        throw new AssertionError("not connected: " + answer);
    }

    private static SubscribeResult sub(ConnectResult connected, String channel) {
        return Objects.requireNonNull(connected.subs().get(channel), channel);
    }

    private static Command command(int id, String token, SubscribeRequest... requests) {
        Map<String, SubscribeRequest> subs = new HashMap<>();
        for (SubscribeRequest request : requests) subs.put(request.channel(), request);
        return new Command.Connect(id, token, Bytes.EMPTY, subs, "", "", Map.of(), 0);
    }

    private static Optional<Refusal> subscribe(
            SimulatedNode node,
            ScriptedClient client,
            String channel,
            SubscriptionGrant grant,
            @Nullable StreamPosition since) {
        CompletableFuture<Optional<Refusal>> done = new CompletableFuture<>();
        client.onSession(
                session -> session.subscribe(channel, grant, since).thenAccept(done::complete));
        Optional<Refusal> refusal = node.await(done);
        node.simulation().run();
        return refusal;
    }

    private static Optional<Refusal> subscribe(
            SimulatedNode node, ScriptedClient client, String channel) {
        return subscribe(node, client, channel, SubscriptionGrant.PLAIN, null);
    }

    // ---- from the start ----

    @Test
    void theConnectReplyTellsOfTheTokensSubscriptionsAndTheirPublicationsFollow() {
        SimulatedNode node = node();
        token(node, Map.of("news", grant("{\"n\":1}", 0), "stream:a", SubscriptionGrant.PLAIN));
        node.publish("stream:a", "0");
        ScriptedClient anna = node.client(setup.encoding);

        ConnectResult result = anna.connect("anna");
        node.publish("news", "1");
        node.publish("stream:a", "2");

        assertThat(result.data().toUtf8()).isEqualTo("{\"hello\":1}");
        assertThat(result.subs()).containsOnlyKeys("news", "stream:a");
        assertThat(sub(result, "news").data().toUtf8()).isEqualTo("{\"n\":1}");
        assertThat(sub(result, "news").recoverable()).isFalse();
        SubscribeResult stream = sub(result, "stream:a");
        assertThat(stream.recoverable()).isTrue();
        assertThat(stream.positioned()).isTrue();
        assertThat(stream.offset()).isEqualTo(1);
        assertThat(stream.epoch()).isNotEmpty();
        assertThat(anna.data("news")).containsExactly("1");
        assertThat(anna.data("stream:a")).containsExactly("2");
        assertThat(node.node().counters().subscriptions()).isEqualTo(2);
    }

    @Test
    void whoComesBackRecoversWhatItMissed() {
        SimulatedNode node = node();
        plainToken(node, "stream:a", "stream:b");
        String epochA = top(node, "stream:a").epoch();
        node.publish("stream:a", "1");
        node.publish("stream:a", "2");
        node.publish("stream:b", "3");

        ConnectResult result =
                connect(
                        node.client(setup.encoding),
                        "anna",
                        ScriptedClient.recoverRequest("stream:a", epochA, 1),
                        ScriptedClient.recoverRequest("stream:b", "another", 0));

        SubscribeResult a = sub(result, "stream:a");
        assertThat(a.wasRecovering()).isTrue();
        assertThat(a.recovered()).isTrue();
        assertThat(a.offset()).isEqualTo(1);
        assertThat(a.publications()).extracting(p -> p.data().toUtf8()).containsExactly("2");
        SubscribeResult b = sub(result, "stream:b");
        assertThat(b.wasRecovering()).isTrue();
        assertThat(b.recovered()).isFalse();
        assertThat(b.offset()).isEqualTo(1);
        assertThat(b.publications()).isEmpty();
    }

    private static StreamPosition top(SimulatedNode node, String channel) {
        return node.await(node.broker().history(channel, node.options(channel), HistoryQuery.TOP))
                .top();
    }

    @Test
    void nothingIsLostBetweenTheReplyAndWhatFollows() {
        SimulatedNode node = node();
        plainToken(node, "stream:a");
        ScriptedClient anna = node.client(setup.encoding);
        int id = anna.tell(i -> command(i, "anna", SubscribeRequest.to("stream:a")));
        for (int i = 1; i <= 5; i++) {
            node.publishLater("stream:a", Publication.of(Bytes.utf8("" + i)), PublishOptions.NONE);
            node.simulation().run(Duration.ofMillis(7));
        }
        Reply.Connect connected = (Reply.Connect) anna.answer(id);
        node.simulation().run(Duration.ofSeconds(1));

        long from = sub(connected.result(), "stream:a").offset();
        assertThat(anna.publications("stream:a"))
                .extracting(p -> p.offset())
                .containsExactlyElementsOf(LongStream.rangeClosed(from + 1, 5).boxed().toList());
    }

    @Test
    void commandsBehindTheConnectCommandWaitForItsSubscriptions() {
        SimulatedNode node = node();
        plainToken(node, "stream:a", "room:a");
        ScriptedClient anna = node.client(setup.encoding);

        anna.send(
                command(1, "anna"),
                new Command.Subscribe(2, SubscribeRequest.to("open:a")),
                new Command.Subscribe(3, SubscribeRequest.to("room:a")));
        anna.answer(3);

        assertThat(anna.heard())
                .filteredOn(Reply.Answer.class::isInstance)
                .extracting(reply -> ((Reply.Answer) reply).id())
                .containsExactly(1, 2, 3);
        assertThat(error(anna.answer(2))).isZero();
        assertThat(error(anna.answer(3))).isEqualTo(105); // it is subscribed already
    }

    @Test
    void theUsersPersonalChannelIsSubscribedTo() {
        SimulatedNode node =
                node(
                        new ClientSettings()
                                .personalChannel(new PersonalChannel(true, "stream:#", false)));
        ScriptedClient anna = node.client(setup.encoding);
        ConnectResult result = anna.connect("user:anna");
        ConnectResult anonymous = node.client(setup.encoding).connect("");
        node.publish("stream:#anna", "1");

        assertThat(result.subs()).containsOnlyKeys("stream:#anna");
        assertThat(anonymous.subs()).isEmpty();
        assertThat(anna.data("stream:#anna")).containsExactly("1");
    }

    @Test
    void aNewConnectionOfAUserEndsTheOthersWhereThereMayBeOnlyOne() {
        SimulatedNode node =
                node(new ClientSettings().personalChannel(new PersonalChannel(true, "#", true)));
        ScriptedClient first = node.client(setup.encoding);
        first.connect("user:anna");
        ScriptedClient bert = node.client(setup.encoding);
        bert.connect("user:bert");
        ScriptedClient second = node.client(setup.encoding);
        ScriptedClient third = node.client(setup.encoding);
        second.tell(id -> ScriptedClient.connectCommand(id, "user:anna"));
        third.tell(id -> ScriptedClient.connectCommand(id, "user:anna"));
        node.simulation().run(Duration.ofSeconds(5));

        assertThat(first.closeCode()).isEqualTo(3504);
        assertThat(bert.closed()).isNull();
        // Of two that come at once one stays.
        assertThat(List.of(second, third)).filteredOn(client -> client.closed() == null).hasSize(1);
        assertThat(node.node().sessions().of("anna")).hasSize(1);
        assertThat(node.node().counters().connections()).isEqualTo(2);
    }

    @Test
    void aClientMayAskForChannelsThatItMightSubscribeToAnyway() {
        SimulatedNode node = node();
        node.publish("open:a", "1");
        ConnectResult result =
                connect(
                        node.client(setup.encoding),
                        "user:anna",
                        SubscribeRequest.to("open:a"),
                        SubscribeRequest.to("forbidden"));

        assertThat(result.subs()).containsOnlyKeys("open:a");
    }

    @Test
    void whatCannotBeSubscribedToRefusesTheConnection() {
        SimulatedNode node = node(new ClientSettings().channelLimit(2));
        plainToken(node, "stream:a", "unheard:a");
        ScriptedClient unknown = node.client(setup.encoding);
        assertThat(error(unknown.ask(id -> command(id, "anna")))).isEqualTo(102);
        unknown.tell(id -> new Command.Publish(id, "open:a", Bytes.utf8("1"), 0, "", false));
        assertThat(unknown.closeCode()).isEqualTo(3501);

        plainToken(node, "a", "b", "c");
        ScriptedClient tooMany = node.client(setup.encoding);
        tooMany.tell(id -> command(id, "anna"));
        assertThat(tooMany.closeCode()).isEqualTo(3505);

        ScriptedClient asksForNonsense = node.client(setup.encoding);
        asksForNonsense.tell(id -> command(id, "user:anna", SubscribeRequest.to("unheard:a")));
        assertThat(asksForNonsense.closeCode()).isEqualTo(3501);

        assertThat(node.node().sessions().clients()).isZero();
        assertThat(node.node().counters().connections()).isZero();
        assertThat(node.node().counters().subscriptions()).isZero();
        assertThat(node.hub().find("a")).isNull();
    }

    @Test
    void whoGoesBeforeItIsLetInLeavesNothingBehind() {
        SimulatedNode node = node();
        plainToken(node, "room:a", "room:b");
        ScriptedClient anna = node.client(setup.encoding);
        anna.tell(id -> command(id, "anna"));
        anna.cut();
        node.simulation().run(Duration.ofSeconds(5));

        assertThat(node.hub().find("room:a")).isNull();
        assertThat(node.hub().find("room:b")).isNull();
        assertThat(node.await(node.broker().presence("room:a"))).isEmpty();
        assertThat(node.node().counters().subscriptions()).isZero();
        assertThat(node.node().counters().connections()).isZero();
    }

    @Test
    void theServersWishesDuringTheStartAreCarriedOutBehindTheReply() {
        SimulatedNode node = node();
        plainToken(node, "room:a");
        ScriptedClient anna = node.client(setup.encoding);
        int id = anna.tell(i -> command(i, "anna"));
        CompletableFuture<Optional<Refusal>> done = new CompletableFuture<>();
        node.simulation()
                .runUntil(() -> node.node().sessions().clients() == 1, Duration.ofSeconds(5));
        anna.session()
                .execute(session -> {
                    session.unsubscribe("room:a", Unsubscribed.SERVER);
                    session.subscribe("news", SubscriptionGrant.PLAIN, null)
                            .thenAccept(done::complete);
                });
        anna.answer(id);
        node.await(done);
        node.simulation().run(Duration.ofSeconds(1));

        assertThat(anna.heard().getFirst()).isInstanceOf(Reply.Connect.class);
        assertThat(anna.pushes())
                .contains(
                        new Push.Unsubscribe("room:a", 2000, "server unsubscribe"),
                        new Push.Subscribe("news", false, "", 0, false, Bytes.EMPTY));
        assertThat(node.node().counters().subscriptions()).isEqualTo(1);
    }

    @Test
    void aDisconnectDuringTheStartLeavesNothingBehind() {
        SimulatedNode node = node();
        plainToken(node, "room:a");
        ScriptedClient anna = node.client(setup.encoding);
        anna.tell(i -> command(i, "anna"));
        node.simulation()
                .runUntil(() -> node.node().sessions().clients() == 1, Duration.ofSeconds(5));
        anna.session().execute(session -> session.disconnect(Disconnect.FORCE_NO_RECONNECT));
        node.simulation().run(Duration.ofSeconds(1));

        assertThat(anna.closeCode()).isEqualTo(3503);
        assertThat(node.hub().find("room:a")).isNull();
        assertThat(node.await(node.broker().presence("room:a"))).isEmpty();
    }

    // ---- while it is open ----

    @Test
    void theServerSubscribesAConnectionWhichHearsOfIt() {
        SimulatedNode node = node();
        ScriptedClient anna = node.client(setup.encoding).connected();

        assertThat(subscribe(node, anna, "news", grant("{\"n\":1}", 0), null)).isEmpty();
        node.publish("news", "1");
        assertThat(subscribe(node, anna, "news")).isEmpty();
        node.publish("news", "2");

        assertThat(anna.pushes().getFirst())
                .isEqualTo(
                        new Push.Subscribe("news", false, "", 0, false, Bytes.utf8("{\"n\":1}")));
        assertThat(anna.data("news")).containsExactly("1", "2");
        assertThat(error(anna.ask(id -> new Command.Subscribe(id, SubscribeRequest.to("news")))))
                .isEqualTo(105);
    }

    @Test
    void aPositionTellsWhatTheClientIsSentOfTheStream() {
        SimulatedNode node = node();
        for (int i = 1; i <= 4; i++) node.publish("stream:a", "" + i);
        String epoch = top(node, "stream:a").epoch();
        ScriptedClient anna = node.client(setup.encoding).connected();
        ScriptedClient bert = node.client(setup.encoding).connected();
        ScriptedClient carl = node.client(setup.encoding).connected();

        subscribe(node, anna, "stream:a", SubscriptionGrant.PLAIN, new StreamPosition(2, epoch));
        subscribe(node, bert, "stream:a", SubscriptionGrant.PLAIN, new StreamPosition(2, "other"));
        subscribe(node, carl, "stream:a");
        node.publish("stream:a", "5");

        assertThat(anna.pushes().getFirst())
                .isEqualTo(new Push.Subscribe("stream:a", true, epoch, 2, true, Bytes.EMPTY));
        assertThat(anna.data("stream:a")).containsExactly("3", "4", "5");
        assertThat(bert.pushes().getFirst())
                .isEqualTo(new Push.Subscribe("stream:a", true, epoch, 4, true, Bytes.EMPTY));
        assertThat(bert.data("stream:a")).containsExactly("5");
        assertThat(carl.data("stream:a")).containsExactly("5");
    }

    @Test
    void inCacheModeTheNewestIsSentUnasked() {
        SimulatedNode node = node();
        for (int i = 1; i <= 4; i++) node.publish("cache:a", "" + i);
        ScriptedClient anna = node.client(setup.encoding).connected();

        subscribe(node, anna, "cache:a");
        node.publish("cache:a", "5");

        assertThat(anna.data("cache:a")).containsExactly("4", "5");
        assertThat(((Push.Subscribe) anna.pushes().getFirst()).offset()).isEqualTo(3);
    }

    @Test
    void aCommandThatWaitsDoesNotHoldUpTheServer() {
        SimulatedNode node = node();
        ScriptedClient anna = node.client(setup.encoding).connected();
        node.authenticator().hold();
        anna.tell(id -> new Command.Refresh(id, "user:anna"));
        node.simulation().run();

        assertThat(subscribe(node, anna, "news")).isEmpty();
        node.publish("news", "1");

        assertThat(anna.data("news")).containsExactly("1");
        assertThat(node.authenticator().holds()).isEqualTo(1);
    }

    @Test
    void theServersAndTheClientsWishForTheSameChannelMakeOneSubscription() {
        for (int seed = 0; seed < 50; seed++) {
            SimulatedNode node =
                    setup.node(Simulation.seeded(seed))
                            .channels(ChannelSettings.of("room").presence().joinLeave())
                            .start();
            ScriptedClient anna = node.client(setup.encoding).connected();
            int id = anna.tell(i -> new Command.Subscribe(i, SubscribeRequest.to("room:a")));
            CompletableFuture<Optional<Refusal>> done = new CompletableFuture<>();
            anna.session()
                    .execute(session ->
                            session.subscribe("room:a", SubscriptionGrant.PLAIN, null)
                                    .thenAccept(done::complete));
            boolean byClient = error(anna.answer(id)) == 0;
            node.await(done);
            node.simulation().run(Duration.ofSeconds(1));
            node.publish("room:a", "1");

            boolean byServer = anna.pushes().stream().anyMatch(Push.Subscribe.class::isInstance);
            assertThat(byClient).as("seed %d", seed).isNotEqualTo(byServer);
            assertThat(anna.data("room:a")).containsExactly("1");
            assertThat(node.node().counters().subscriptions()).isEqualTo(1);
        }
    }

    @Test
    void anUnsubscribeThatComesWhileTheSubscriptionIsMadeEndsIt() {
        SimulatedNode node = node();
        ScriptedClient anna = node.client(setup.encoding).connected();
        int id = anna.tell(i -> new Command.Subscribe(i, SubscribeRequest.to("room:a")));
        node.simulation().runUntil(() -> node.hub().find("room:a") != null, Duration.ofSeconds(5));
        anna.onSession(session -> session.unsubscribe("room:a", Unsubscribed.SERVER));
        assertThat(error(anna.answer(id))).isZero();
        node.simulation().run(Duration.ofSeconds(1));

        assertThat(anna.pushes())
                .contains(new Push.Unsubscribe("room:a", 2000, "server unsubscribe"));
        assertThat(node.hub().find("room:a")).isNull();
        assertThat(node.await(node.broker().presence("room:a"))).isEmpty();
    }

    @Test
    void presenceJoinsAndLeavesAreThoseOfAnySubscription() {
        SimulatedNode node = node();
        ScriptedClient anna = node.client(setup.encoding);
        anna.connect("user:anna");
        anna.subscribe("room:a");
        ScriptedClient bert = node.client(setup.encoding);
        bert.connect("user:bert");
        SubscriptionGrant grant =
                new SubscriptionGrant(
                        Bytes.utf8("{\"seat\":1}"), Bytes.EMPTY, 0, OptionOverride.NOTHING);
        node.simulation().run(Duration.ofSeconds(1));
        anna.forget();

        subscribe(node, bert, "room:a", grant, null);
        node.simulation().run(Duration.ofSeconds(1));
        ClientInfo info =
                new ClientInfo(
                        "bert", bert.session().client(), Bytes.EMPTY, Bytes.utf8("{\"seat\":1}"));
        assertThat(node.await(node.broker().presence("room:a")))
                .containsEntry(bert.session().client(), info)
                .hasSize(2);
        bert.onSession(session -> session.unsubscribe("room:a", Unsubscribed.SERVER));
        node.simulation().run(Duration.ofSeconds(1));

        assertThat(anna.pushes())
                .containsExactly(new Push.Join("room:a", info), new Push.Leave("room:a", info));
        assertThat(bert.pushes().getLast())
                .isEqualTo(new Push.Unsubscribe("room:a", 2000, "server unsubscribe"));
    }

    @Test
    void moreChannelsThanMayBeEndTheConnection() {
        SimulatedNode node = node(new ClientSettings().channelLimit(1));
        ScriptedClient anna = node.client(setup.encoding).connected();
        subscribe(node, anna, "a");
        assertThat(subscribe(node, anna, "b")).contains(Refusal.LIMIT_EXCEEDED);
        assertThat(anna.closeCode()).isEqualTo(3505);
    }

    @Test
    void anUnknownNamespaceIsRefused() {
        SimulatedNode node = node();
        ScriptedClient anna = node.client(setup.encoding).connected();
        assertThat(subscribe(node, anna, "unheard:a")).contains(Refusal.UNKNOWN_CHANNEL);
        assertThat(anna.closed()).isNull();
    }

    // ---- how they end ----

    @Test
    void anExpiredSubscriptionOfTheServersEndsTheConnection() {
        SimulatedNode node = node();
        token(node, Map.of("news", grant("", node.simulation().unixMillis() / 1000 + 60)));
        ScriptedClient anna = anna(node);

        node.simulation().run(Duration.ofMillis(84_500));
        assertThat(anna.closed()).isNull();
        node.simulation().run(Duration.ofSeconds(2));

        assertThat(anna.closeCode()).isEqualTo(3006);
    }

    @Test
    void aLappedReaderReconnectsAndRecovers() {
        SimulatedNode node = node();
        plainToken(node, "smallstream:a");
        ScriptedClient anna = node.client(setup.encoding);
        String epoch = sub(anna.connect("anna"), "smallstream:a").epoch();
        anna.stall();
        for (int i = 1; i <= 30; i++) node.publish("smallstream:a", "" + i);
        anna.resume();
        node.simulation().run(Duration.ofSeconds(5));

        assertThat(anna.closeCode()).isEqualTo(3010);
        long had =
                anna.publications("smallstream:a").isEmpty()
                        ? 0
                        : anna.publications("smallstream:a").getLast().offset();
        assertThat(had).isLessThan(20);
        ConnectResult again =
                connect(
                        node.client(setup.encoding),
                        "anna",
                        ScriptedClient.recoverRequest("smallstream:a", epoch, had));
        assertThat(sub(again, "smallstream:a").wasRecovering()).isTrue();
        assertThat(sub(again, "smallstream:a").recovered()).isFalse(); // and is told so
    }

    @Test
    void theClientMayEndItToo() {
        SimulatedNode node = node();
        plainToken(node, "news");
        ScriptedClient anna = anna(node);
        assertThat(error(anna.unsubscribe("news"))).isZero();
        node.publish("news", "1");
        assertThat(anna.data("news")).isEmpty();
        assertThat(node.hub().find("news")).isNull();
    }
}
