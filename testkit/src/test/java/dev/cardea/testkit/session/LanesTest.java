package dev.cardea.testkit.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cardea.messaging.hub.SlowConsumer;
import dev.cardea.messaging.session.Disconnect;
import dev.cardea.testkit.ChannelSettings;
import dev.cardea.testkit.ClientSettings;
import dev.cardea.testkit.ScriptedClient;
import dev.cardea.testkit.SimulatedEncoding;
import dev.cardea.testkit.SimulatedLane;
import dev.cardea.testkit.SimulatedNode;
import dev.cardea.testkit.Simulation;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.centrifuge.Command;
import dev.cardea.wire.centrifuge.Push;
import dev.cardea.wire.centrifuge.Reply;
import dev.cardea.wire.centrifuge.SubscribeRequest;
import dev.cardea.wire.centrifuge.SubscribeResult;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Subscriptions that have a way out of their own; windows of 8 entries. */
class LanesTest {
    private static ChannelSettings plain() {
        return ChannelSettings.of("").window(8, 1 << 20);
    }

    private static SimulatedNode node(ChannelSettings settings) {
        return SimulatedNode.in(Simulation.seeded(1))
                .client(new ClientSettings().highWater(1))
                .channels(settings)
                .start();
    }

    private static ScriptedClient client(SimulatedNode node, boolean lossy) {
        ScriptedClient client = node.client(SimulatedEncoding.JSON).connected();
        client.outlet().giveLanes(lossy);
        return client;
    }

    private static SimulatedLane lane(ScriptedClient client, String channel) {
        return client.outlet().lane(channel);
    }

    @Test
    void aStalledLaneHoldsBackNoOtherAndNothingThatTheClientIsTold() {
        SimulatedNode node = node(plain());
        ScriptedClient client = client(node, false);
        client.subscribe("stalled");
        client.subscribe("news");
        lane(client, "stalled").stall();
        for (int i = 1; i <= 5; i++) {
            node.publish("stalled", Integer.toString(i));
            node.publish("news", Integer.toString(i));
        }
        node.simulation().run();

        assertThat(client.data("news")).containsExactly("1", "2", "3", "4", "5");
        assertThat(client.data("stalled")).isEmpty();
        assertThat(client.publish("news", "6")).isInstanceOf(Reply.Publish.class);
        lane(client, "stalled").resume();
        node.simulation().run();
        assertThat(client.data("stalled")).containsExactly("1", "2", "3", "4", "5");
    }

    @Test
    void aLaneBeginsOnceTheReplyIsWritten() {
        SimulatedNode node = node(plain());
        ScriptedClient client = client(node, false);
        client.subscribe("first");
        client.stall();
        client.tell(id -> new Command.Publish(id, "first", data("x"), 0, "", false));
        client.tell(id -> new Command.Subscribe(id, SubscribeRequest.to("news")));
        node.simulation().run();
        node.publish("news", "1");
        node.simulation().run();

        assertThat(lane(client, "news").hasBegun()).isFalse();
        client.resume();
        node.simulation().run();
        assertThat(lane(client, "news").hasBegun()).isTrue();
        assertThat(client.data("news")).containsExactly("1");
    }

    private static Bytes data(String text) {
        return Bytes.utf8('"' + text + '"');
    }

    @Test
    void aLappedLaneEndsItsSubscriptionAlone() {
        SimulatedNode node = node(plain().slowConsumer(SlowConsumer.RECOVER)); // no history
        ScriptedClient client = client(node, false);
        client.subscribe("stalled");
        client.subscribe("news");
        lane(client, "stalled").stall();
        for (int i = 1; i <= 20; i++) node.publish("stalled", Integer.toString(i));
        node.simulation().run();
        lane(client, "stalled").resume();
        node.simulation().run();

        assertThat(client.pushes().getLast())
                .isEqualTo(new Push.Unsubscribe("stalled", 2500, "insufficient state"));
        assertThat(lane(client, "stalled").hasEnded()).isTrue();
        assertThat(client.closed()).isNull();
        node.publish("news", "1");
        node.simulation().run();
        assertThat(client.data("news")).containsExactly("1");
    }

    @Test
    void whatWasPublishedBeforeAnUnsubscribeIsDelivered() {
        SimulatedNode node = node(plain());
        ScriptedClient client = client(node, false);
        client.subscribe("news");
        for (int i = 1; i <= 5; i++) node.publish("news", Integer.toString(i));
        assertThat(client.unsubscribe("news")).isInstanceOf(Reply.Unsubscribe.class);

        assertThat(client.data("news")).containsExactly("1", "2", "3", "4", "5");
        assertThat(lane(client, "news").hasEnded()).isTrue();
        assertThat(lane(client, "news").wasAborted()).isFalse();
        assertThat(node.hub().find("news")).isNull();
    }

    @Test
    void anUnsubscribeDoesNotWaitForALaneThatStandsStill() {
        SimulatedNode node = node(plain());
        ScriptedClient client = client(node, false);
        client.subscribe("news");
        lane(client, "news").stall();
        node.publish("news", "1");
        node.simulation().run();

        assertThat(client.unsubscribe("news")).isInstanceOf(Reply.Unsubscribe.class);
        assertThat(lane(client, "news").wasAborted()).isTrue();
        client.subscribe("news"); // on a lane of its own, again
        node.publish("news", "2");
        node.simulation().run();
        assertThat(client.data("news")).containsExactly("2");
    }

    @Test
    void aConnectionEndsBehindItsLanesButForThoseThatStandStill() {
        SimulatedNode node = node(plain());
        ScriptedClient client = client(node, false);
        client.subscribe("stalled");
        client.subscribe("news");
        lane(client, "stalled").stall();
        for (int i = 1; i <= 3; i++) {
            node.publish("stalled", Integer.toString(i));
            node.publish("news", Integer.toString(i));
        }
        client.onSession(session -> session.disconnect(Disconnect.FORCE_RECONNECT));
        node.simulation().run(Duration.ofSeconds(2));

        assertThat(client.closeCode()).isEqualTo(3011);
        assertThat(client.data("news")).containsExactly("1", "2", "3");
        assertThat(lane(client, "news").hasEnded()).isTrue();
        assertThat(node.hub().find("news")).isNull();
        assertThat(node.hub().find("stalled")).isNull();
    }

    @Test
    void aLossyLaneIsGrantedWithoutItsPlaceInTheStream() {
        SimulatedNode node =
                node(
                        plain().history(100, Duration.ofMinutes(5))
                                .forceRecovery()
                                .forcePositioning());
        ScriptedClient client = client(node, true);
        node.publish("news", "1");
        SubscribeResult result = client.subscribe("news");

        assertThat(result.recoverable()).isFalse();
        assertThat(result.positioned()).isFalse();
        assertThat(result.epoch()).isEmpty();
        node.publish("news", "2");
        node.simulation().run();
        assertThat(client.data("news")).containsExactly("2");
    }
}
