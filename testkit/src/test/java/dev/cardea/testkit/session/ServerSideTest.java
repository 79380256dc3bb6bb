package dev.cardea.testkit.session;

import static dev.cardea.testkit.session.ConnectTest.error;
import static dev.cardea.testkit.session.ServerSide.command;
import static dev.cardea.testkit.session.ServerSide.connect;
import static dev.cardea.testkit.session.ServerSide.grant;
import static dev.cardea.testkit.session.ServerSide.node;
import static dev.cardea.testkit.session.ServerSide.plainToken;
import static dev.cardea.testkit.session.ServerSide.sub;
import static dev.cardea.testkit.session.ServerSide.token;
import static dev.cardea.testkit.session.ServerSide.top;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cardea.messaging.auth.Authenticator.SubscriptionGrant;
import dev.cardea.messaging.broker.Broker.PublishOptions;
import dev.cardea.messaging.session.ClientOptions.PersonalChannel;
import dev.cardea.messaging.session.Disconnect;
import dev.cardea.messaging.session.Refusal;
import dev.cardea.messaging.session.Unsubscribed;
import dev.cardea.testkit.ClientSettings;
import dev.cardea.testkit.ScriptedClient;
import dev.cardea.testkit.SimulatedNode;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.centrifuge.Command;
import dev.cardea.wire.centrifuge.ConnectResult;
import dev.cardea.wire.centrifuge.Publication;
import dev.cardea.wire.centrifuge.Push;
import dev.cardea.wire.centrifuge.Reply;
import dev.cardea.wire.centrifuge.SubscribeRequest;
import dev.cardea.wire.centrifuge.SubscribeResult;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Server-side subscriptions that a connection begins with. */
@ParameterizedClass
@EnumSource
class ServerSideTest {
    @Parameter Setup setup = Setup.EMBEDDED_JSON;

    @Test
    void theConnectReplyTellsOfTheTokensSubscriptionsAndTheirPublicationsFollow() {
        SimulatedNode node = node(setup);
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
        SimulatedNode node = node(setup);
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

    @Test
    void nothingIsLostBetweenTheReplyAndWhatFollows() {
        SimulatedNode node = node(setup);
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
        SimulatedNode node = node(setup);
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
                        setup,
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
                node(
                        setup,
                        new ClientSettings().personalChannel(new PersonalChannel(true, "#", true)));
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
        SimulatedNode node = node(setup);
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
        SimulatedNode node = node(setup, new ClientSettings().channelLimit(2));
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
        SimulatedNode node = node(setup);
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
        SimulatedNode node = node(setup);
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
        SimulatedNode node = node(setup);
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
}
