package dev.cardea.testkit.session;

import static dev.cardea.testkit.session.ConnectTest.error;
import static dev.cardea.testkit.session.ServerSide.anna;
import static dev.cardea.testkit.session.ServerSide.connect;
import static dev.cardea.testkit.session.ServerSide.grant;
import static dev.cardea.testkit.session.ServerSide.node;
import static dev.cardea.testkit.session.ServerSide.plainToken;
import static dev.cardea.testkit.session.ServerSide.sub;
import static dev.cardea.testkit.session.ServerSide.subscribe;
import static dev.cardea.testkit.session.ServerSide.token;
import static dev.cardea.testkit.session.ServerSide.top;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cardea.messaging.auth.Authenticator.OptionOverride;
import dev.cardea.messaging.auth.Authenticator.SubscriptionGrant;
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
import dev.cardea.wire.centrifuge.Push;
import dev.cardea.wire.centrifuge.StreamPosition;
import dev.cardea.wire.centrifuge.SubscribeRequest;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Server-side subscriptions that come, and end, while a connection is there. */
@ParameterizedClass
@EnumSource
class ServerSubscribeTest {
    @Parameter Setup setup = Setup.EMBEDDED_JSON;

    @Test
    void theServerSubscribesAConnectionWhichHearsOfIt() {
        SimulatedNode node = node(setup);
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
        SimulatedNode node = node(setup);
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
        SimulatedNode node = node(setup);
        for (int i = 1; i <= 4; i++) node.publish("cache:a", "" + i);
        ScriptedClient anna = node.client(setup.encoding).connected();

        subscribe(node, anna, "cache:a");
        node.publish("cache:a", "5");

        assertThat(anna.data("cache:a")).containsExactly("4", "5");
        assertThat(((Push.Subscribe) anna.pushes().getFirst()).offset()).isEqualTo(3);
    }

    @Test
    void aCommandThatWaitsDoesNotHoldUpTheServer() {
        SimulatedNode node = node(setup);
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
        SimulatedNode node = node(setup);
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
        SimulatedNode node = node(setup);
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
        SimulatedNode node = node(setup, new ClientSettings().channelLimit(1));
        ScriptedClient anna = node.client(setup.encoding).connected();
        subscribe(node, anna, "a");
        assertThat(subscribe(node, anna, "b")).contains(Refusal.LIMIT_EXCEEDED);
        assertThat(anna.closeCode()).isEqualTo(3505);
    }

    @Test
    void anUnknownNamespaceIsRefused() {
        SimulatedNode node = node(setup);
        ScriptedClient anna = node.client(setup.encoding).connected();
        assertThat(subscribe(node, anna, "unheard:a")).contains(Refusal.UNKNOWN_CHANNEL);
        assertThat(anna.closed()).isNull();
    }

    // ---- how they end ----

    @Test
    void anExpiredSubscriptionOfTheServersEndsTheConnection() {
        SimulatedNode node = node(setup);
        token(node, Map.of("news", grant("", node.simulation().unixMillis() / 1000 + 60)));
        ScriptedClient anna = anna(setup, node);

        node.simulation().run(Duration.ofMillis(84_500));
        assertThat(anna.closed()).isNull();
        node.simulation().run(Duration.ofSeconds(2));

        assertThat(anna.closeCode()).isEqualTo(3006);
    }

    @Test
    void aLappedReaderReconnectsAndRecovers() {
        SimulatedNode node = node(setup);
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
        SimulatedNode node = node(setup);
        plainToken(node, "news");
        ScriptedClient anna = anna(setup, node);
        assertThat(error(anna.unsubscribe("news"))).isZero();
        node.publish("news", "1");
        assertThat(anna.data("news")).isEmpty();
        assertThat(node.hub().find("news")).isNull();
    }
}
