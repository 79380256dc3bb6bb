package dev.cardea.testkit.broker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cardea.messaging.broker.NodeBroker;
import dev.cardea.messaging.hub.Hub;
import dev.cardea.testkit.ScriptedClient;
import dev.cardea.testkit.SimulatedNode;
import dev.cardea.testkit.Simulation;
import dev.cardea.wire.centrifuge.Push;
import dev.cardea.wire.centrifuge.SubscribeResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;

/** Two nodes, one broker, and what can go wrong between them. */
class SharedBrokerTest extends BrokerSuite {
    private static final Push UNSUBSCRIBED =
            new Push.Unsubscribe("news", 2500, "insufficient state");

    private final SharedBroker shared = newSharedBroker(simulation);
    private final List<SharedBrokerNode> nodes = new ArrayList<>();
    private final List<Runnable> onTheWay = new ArrayList<>();

    SharedBrokerTest() {
        super(Simulation.seeded(7), "");
    }

    static SharedBroker newSharedBroker(Simulation simulation) {
        int[] epochs = new int[1];
        return new SharedBroker(
                simulation::nowNanos, () -> "epoch" + ++epochs[0], SimulatedNode.PRESENCE_TTL);
    }

    @Override
    protected NodeBroker join(String id, Hub hub) {
        Executor way = id.equals("far") ? onTheWay::add : Runnable::run;
        SharedBrokerNode node = shared.join(id, hub, way, _ -> true);
        nodes.add(node);
        return node;
    }

    @Override
    protected void lose(String channel) {
        shared.lose(channel);
    }

    private void arrive() {
        List.copyOf(onTheWay).forEach(Runnable::run);
        onTheWay.clear();
        simulation.run();
    }

    private void look() {
        simulation.run(Duration.ofSeconds(11));
        nodes.forEach(SharedBrokerNode::tick);
        simulation.run();
    }

    @Test
    void aReplicaThatLagsGivesNothingTwiceToWhoRecoveredMore() {
        SimulatedNode far = node("far");
        ScriptedClient early = connected(far);
        SubscribeResult at = early.subscribe("news");
        first.publish("news", "1");
        first.publish("news", "2");
        ScriptedClient late = connected(far);
        assertThat(late.recover("news", at.epoch(), 0).publications()).hasSize(2);
        assertThat(early.data("news")).isEmpty();

        first.publish("news", "3");
        arrive();
        assertThat(early.data("news")).containsExactly("1", "2", "3");
        assertThat(late.data("news")).containsExactly("3");
    }

    @Test
    void aGapIsReadFromTheBroker() {
        ScriptedClient client = connected(node("far"));
        client.subscribe("news");
        first.publish("news", "1");
        arrive();
        first.publish("news", "2");
        onTheWay.clear(); // lost
        first.publish("news", "3");
        arrive();
        assertThat(client.data("news")).containsExactly("1", "2", "3");
        assertThat(client.pushes()).doesNotContain(UNSUBSCRIBED);
    }

    @Test
    void aGapThatTheBrokerNoLongerKeepsIsTold() {
        ScriptedClient client = connected(node("far"));
        SubscribeResult at = client.subscribe("news");
        for (int i = 0; i < 30; i++) first.publish("news", "" + i);
        onTheWay.clear();
        first.publish("news", "30");
        arrive();
        assertThat(client.data("news")).isEmpty();
        assertThat(client.pushes()).contains(UNSUBSCRIBED);
        assertThat(client.recover("news", at.epoch(), 0).recovered()).isFalse();
    }

    @Test
    void theLastPublicationIsMissedToo() {
        ScriptedClient client = connected(node("far"));
        client.subscribe("news");
        first.publish("news", "1");
        onTheWay.clear();
        look();
        assertThat(client.data("news")).containsExactly("1");
    }

    @Test
    void aStreamThatFellBackIsAnotherOne() {
        ScriptedClient client = connected(second);
        SubscribeResult at = client.subscribe("news");
        for (int i = 1; i <= 3; i++) first.publish("news", "" + i);
        shared.fallBack("news", 2);
        look();
        assertThat(client.pushes()).contains(UNSUBSCRIBED);
        SubscribeResult back = client.recover("news", at.epoch(), 3);
        assertThat(back.recovered()).isFalse();
        assertThat(back.epoch()).isNotEqualTo(at.epoch());
    }

    @Test
    void aStreamThatFellBackAndWentOnIsAnotherOneToo() {
        ScriptedClient client = connected(second);
        SubscribeResult at = client.subscribe("news");
        for (int i = 1; i <= 3; i++) first.publish("news", "" + i);
        shared.fallBack("news", 2);
        first.publish("news", "-2"); // at an offset that the replica has passed
        assertThat(client.data("news")).containsExactly("1", "2", "3");
        assertThat(client.pushes()).contains(UNSUBSCRIBED);
        assertThat(client.recover("news", at.epoch(), 3).recovered()).isFalse();
    }

    @Test
    void aStreamThatFellBackAndCaughtUpUnheardIsAnotherOneToo() {
        ScriptedClient client = connected(node("far"));
        SubscribeResult at = client.subscribe("news");
        for (int i = 1; i <= 3; i++) first.publish("news", "" + i);
        arrive();
        shared.fallBack("news", 2);
        for (int i = 2; i <= 3; i++) first.publish("news", "-" + i);
        onTheWay.clear();
        first.publish("news", "4");
        arrive();
        assertThat(client.data("news")).containsExactly("1", "2", "3");
        assertThat(client.pushes()).contains(UNSUBSCRIBED);
        assertThat(client.recover("news", at.epoch(), 3).recovered()).isFalse();
    }
}
