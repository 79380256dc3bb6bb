package dev.cardea.testkit.broker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cardea.messaging.broker.NodeBroker;
import dev.cardea.messaging.hub.Hub;
import dev.cardea.testkit.ScriptedSubscriber;
import dev.cardea.testkit.Simulation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;

/** A hub of several nodes over a simulated broker, and what can go wrong on the way. */
class SharedMercureTest extends MercureSuite {
    private final SharedBroker shared = SharedBrokerTest.newSharedBroker(simulation);
    private final List<SharedBrokerNode> nodes = new ArrayList<>();
    private final List<Runnable> onTheWay = new ArrayList<>();
    private final UnreliableWay unreliable = new UnreliableWay(simulation, 0.2);

    SharedMercureTest() {
        super(Simulation.seeded(11));
    }

    @Override
    protected NodeBroker join(String id, Hub hub) {
        Executor way =
                switch (id) {
                    case "far" -> onTheWay::add;
                    case "unreliable" -> unreliable;
                    default -> Runnable::run;
                };
        SharedBrokerNode node = shared.join(id, hub, way, _ -> true);
        nodes.add(node);
        return node;
    }

    @Override
    protected void loseAll() {
        shared.lose("\0mercure");
    }

    private void arrive() {
        List.copyOf(onTheWay).forEach(Runnable::run);
        onTheWay.clear();
        simulation.run();
    }

    @Test
    void whoIsAheadOfTheOtherNodeWaitsForIt() {
        HubNode far = node("far");
        publish(1, 2, "t");
        arrive();
        publish(3, 4, "t");
        ScriptedSubscriber back = far.subscribe("topic=t", "e3");
        simulation.run();
        assertThat(back.stream()).isEmpty();
        arrive();
        awaitData(back, numbers(4, 4));
        assertThat(back.answeredLastEventId()).isEqualTo("e3");
    }

    @Test
    void whoIsAheadOfWhatNeverComesIsToldAfterSomeSeconds() {
        HubNode far = node("far");
        publish(1, 2, "t");
        ScriptedSubscriber back = far.subscribe("topic=t", "e1");
        onTheWay.clear();
        simulation.run(Duration.ofSeconds(7));
        assertThat(gaps(back)).isEqualTo(1);
    }

    @Test
    void whatIsLostOnTheWayIsReadFromTheBroker() {
        HubNode node = node("unreliable");
        ScriptedSubscriber reader = node.subscribe("topic=t", null);
        simulation.run();
        List<CompletionStage<String>> publishing = new ArrayList<>();
        for (int i = 1; i <= 1_500; i++) {
            publishing.add(first.publish("e" + i, "" + i, "t"));
            if (i % 10 == 0) simulation.run(Duration.ofMillis(10));
        }
        publishing.forEach(this::await);
        unreliable.losesNoMore();
        simulation.run(Duration.ofSeconds(11));
        nodes.forEach(SharedBrokerNode::tick);
        awaitData(reader, numbers(1, 1_500));
    }

    @Test
    void aSubscriberThatStaysIsNotForgotten() {
        var _ = second.subscribe("topic=t", null);
        simulation.run();
        assertThat(await(first.hub().subscriptions())).hasSize(1);
        simulation.run(Duration.ofMinutes(3));
        assertThat(await(first.hub().subscriptions())).as("it is still there").hasSize(1);
    }
}
