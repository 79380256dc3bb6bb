package dev.cardea.testkit.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cardea.messaging.hub.SlowConsumer;
import dev.cardea.messaging.session.Disconnect;
import dev.cardea.messaging.session.Unsubscribed;
import dev.cardea.testkit.ChannelSettings;
import dev.cardea.testkit.ClientSettings;
import dev.cardea.testkit.ScriptedClient;
import dev.cardea.testkit.SimulatedNode;
import dev.cardea.wire.centrifuge.Command;
import dev.cardea.wire.centrifuge.Push;
import dev.cardea.wire.centrifuge.Reply;
import dev.cardea.wire.centrifuge.SubscribeRequest;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever ends a subscription: what was published before is delivered, what comes after isn't. */
@ParameterizedClass
@EnumSource
class BarrierTest {
    @Parameter Setup setup = Setup.EMBEDDED_JSON;

    private SimulatedNode node() {
        return setup.node()
                .client(new ClientSettings().highWater(1))
                .channels(
                        ChannelSettings.of("")
                                .window(8, 1 << 20)
                                .history(100, Duration.ofMinutes(5)))
                .channels(ChannelSettings.of("strict").slowConsumer(SlowConsumer.DISCONNECT))
                .start();
    }

    /** A reader that has stopped while 1 to 5 were published; 1 is on its way. */
    private ScriptedClient stoppedReader(SimulatedNode node) {
        ScriptedClient client = node.client(setup.encoding).connected();
        client.subscribe("news");
        client.stall();
        publish(node, 1, 5);
        return client;
    }

    private static void publish(SimulatedNode node, int from, int to) {
        for (int i = from; i <= to; i++) node.publish("news", Integer.toString(i));
        node.simulation().run();
    }

    @Test
    void anUnsubscribeDeliversWhatWasPublishedBeforeItAndNothingAfter() {
        SimulatedNode node = node();
        ScriptedClient client = stoppedReader(node);
        int id = client.tell(i -> new Command.Unsubscribe(i, "news"));
        node.simulation().run();
        publish(node, 6, 8);
        client.resume();

        assertThat(client.answer(id)).isEqualTo(new Reply.Unsubscribe(id));
        assertThat(client.data("news")).containsExactly("1", "2", "3", "4", "5");
        assertThat(client.heard().getLast()).isEqualTo(new Reply.Unsubscribe(id));
    }

    @Test
    void commandsBehindAnUnsubscribeWaitForItsBarrier() {
        SimulatedNode node = node();
        ScriptedClient client = stoppedReader(node);
        client.send(
                new Command.Unsubscribe(101, "news"),
                new Command.Subscribe(102, SubscribeRequest.to("news")));
        node.simulation().run();
        publish(node, 6, 7);
        client.resume();
        client.answer(102);
        publish(node, 8, 8);

        assertThat(client.data("news")).containsExactly("1", "2", "3", "4", "5", "8");
    }

    @Test
    void theServersUnsubscribeDeliversWhatWasPublishedBeforeIt() {
        SimulatedNode node = node();
        ScriptedClient client = stoppedReader(node);
        client.onSession(session -> session.unsubscribe("news", Unsubscribed.SERVER));
        publish(node, 6, 8);
        client.resume();

        assertThat(client.data("news")).containsExactly("1", "2", "3", "4", "5");
        assertThat(client.pushes().getLast())
                .isEqualTo(new Push.Unsubscribe("news", 2000, "server unsubscribe"));
    }

    @Test
    void anUnsubscribeBehindTheServersIsAnsweredBehindItsPush() {
        SimulatedNode node = node();
        ScriptedClient client = stoppedReader(node);
        client.onSession(session -> session.unsubscribe("news", Unsubscribed.SERVER));
        client.send(
                new Command.Unsubscribe(101, "news"),
                new Command.Subscribe(102, SubscribeRequest.to("news")));
        node.simulation().run();
        client.resume();
        client.answer(102);

        List<Reply> heard = client.heard();
        int push =
                heard.indexOf(
                        new Reply.Pushed(new Push.Unsubscribe("news", 2000, "server unsubscribe")));
        int reply = heard.indexOf(new Reply.Unsubscribe(101));
        assertThat(push).isPositive();
        assertThat(reply).isGreaterThan(push);
        assertThat(client.find(102)).isInstanceOf(Reply.Subscribe.class);
    }

    @Test
    void aDisconnectDeliversWhatWasPublishedAndAnsweredBeforeIt() {
        SimulatedNode node = node();
        ScriptedClient client = stoppedReader(node);
        int id = client.tell(i -> new Command.PresenceStats(i, "strict:a"));
        node.simulation().run();
        client.onSession(session -> session.disconnect(Disconnect.SHUTDOWN));
        publish(node, 6, 8);
        assertThat(client.outlet().closing()).isNull();
        client.resume();

        assertThat(client.closeCode()).isEqualTo(3001);
        assertThat(client.data("news")).containsExactly("1", "2", "3", "4", "5");
        assertThat(client.find(id)).isNotNull();
        assertThat(node.node().counters().subscriptions()).isZero();
        assertThat(node.node().counters().connections()).isZero();
    }

    @Test
    void aDisconnectWithoutSubscriptionsDeliversAnswersToo() {
        SimulatedNode node = node();
        ScriptedClient client = node.client(setup.encoding).connected();
        client.stall();
        int first = client.tell(i -> new Command.Unsubscribe(i, "a"));
        node.simulation().run();
        int second = client.tell(i -> new Command.Unsubscribe(i, "b"));
        node.simulation().run();
        client.onSession(session -> session.disconnect(Disconnect.FORCE_NO_RECONNECT));
        client.resume();

        assertThat(client.closeCode()).isEqualTo(3503);
        assertThat(client.find(first)).isNotNull();
        assertThat(client.find(second)).isNotNull();
    }

    @Test
    void aDisconnectAsSlowDoesNotWait() {
        SimulatedNode node = node();
        ScriptedClient client = stoppedReader(node);
        client.onSession(session -> session.disconnect(Disconnect.SLOW));

        assertThat(client.outlet().closing()).isNotNull();
        client.resume();
        assertThat(client.data("news")).containsExactly("1");
        assertThat(client.closeCode()).isEqualTo(3008);
    }

    @Test
    void aConnectionThatBrokeIsGoneAtOnce() {
        SimulatedNode node = node();
        ScriptedClient client = stoppedReader(node);
        client.cut();
        node.simulation().run();

        assertThat(client.closeCode()).isZero();
        assertThat(node.node().counters().subscriptions()).isZero();
        assertThat(node.node().sessions().clients()).isZero();
    }

    @Test
    void aDisconnectWaitsNoLongerThanAWriteMayTake() {
        SimulatedNode node = node();
        ScriptedClient client = stoppedReader(node);
        client.onSession(session -> session.disconnect(Disconnect.SHUTDOWN));
        for (int i = 0; i < 29; i++) {
            node.simulation().run(Duration.ofSeconds(1));
            client.take(1); // it does read, but too slowly
        }
        assertThat(client.outlet().closing()).isNull();
        node.simulation().run(Duration.ofSeconds(2));

        assertThat(client.outlet().closing()).isNotNull();
        assertThat(node.node().counters().disconnects().get(3001)).hasToString("1");
    }

    @Test
    void aReaderThatIsLappedOnItsWayToTheBarrierEndsThere() {
        SimulatedNode node = node();
        ScriptedClient client = stoppedReader(node);
        client.onSession(session -> session.disconnect(Disconnect.SHUTDOWN));
        publish(node, 6, 30);
        client.resume();

        assertThat(client.closeCode()).isEqualTo(3001);
        assertThat(client.data("news")).containsExactly("1");
        assertThat(client.pushes()).as("it isn't told to subscribe again").hasSize(1);
    }

    @Test
    void aReaderThatIsLappedWhileItUnsubscribesIsUnsubscribed() {
        SimulatedNode node = node();
        ScriptedClient client = stoppedReader(node);
        int id = client.tell(i -> new Command.Unsubscribe(i, "news"));
        node.simulation().run();
        publish(node, 6, 30);
        client.resume();

        assertThat(client.answer(id)).isEqualTo(new Reply.Unsubscribe(id));
        assertThat(client.data("news")).containsExactly("1");
    }

    @Test
    void aBarrierIsNotHeldBackByConflation() {
        SimulatedNode node =
                setup.node()
                        .channels(ChannelSettings.of("").conflate(Duration.ofMinutes(1), ""))
                        .start();
        ScriptedClient client = node.client(setup.encoding).connected();
        client.subscribe("news");
        publish(node, 1, 3);
        client.unsubscribe("news");

        assertThat(client.data("news")).startsWith("1").endsWith("3");
    }

    @Test
    void onlyTheFirstReasonToDisconnectCounts() {
        SimulatedNode node = node();
        ScriptedClient client = stoppedReader(node);
        client.onSession(session -> session.disconnect(Disconnect.SHUTDOWN));
        client.onSession(session -> session.disconnect(Disconnect.FORCE_RECONNECT));
        client.resume();
        assertThat(client.closeCode()).isEqualTo(3001);
    }
}
