package dev.cardea.testkit.session;

import static dev.cardea.testkit.session.ConnectTest.error;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cardea.messaging.broker.Broker;
import dev.cardea.messaging.hub.TimersFailed;
import dev.cardea.messaging.limit.Bucket;
import dev.cardea.messaging.limit.RateLimits;
import dev.cardea.messaging.session.Disconnect;
import dev.cardea.testkit.ChannelSettings;
import dev.cardea.testkit.FaultyBroker;
import dev.cardea.testkit.ScriptedClient;
import dev.cardea.testkit.SimulatedEncoding;
import dev.cardea.testkit.SimulatedNode;
import dev.cardea.testkit.Simulation;
import dev.cardea.wire.centrifuge.Command;
import dev.cardea.wire.centrifuge.Reply;
import dev.cardea.wire.centrifuge.SubscribeRequest;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * A broker that can't be reached is an error that the client may retry, and leaves nothing behind.
 */
class BrokerFailureTest {
    private final FaultyBroker[] faulty = new FaultyBroker[1];

    private SimulatedNode node(Simulation simulation) {
        return SimulatedNode.in(simulation)
                .loops(2)
                .broker(behind -> faulty[0] = new FaultyBroker(behind, simulation))
                .channels(
                        ChannelSettings.of("")
                                .presence()
                                .joinLeave()
                                .forcePushJoinLeave()
                                .forcePositioning()
                                .history(10, Duration.ofMinutes(1))
                                .historyMetaTtl(Duration.ofMinutes(2)))
                .start();
    }

    @Test
    void everyCommandThatNeedsTheBrokerSaysSo() {
        SimulatedNode node = node(Simulation.seeded(1));
        ScriptedClient client = node.client(SimulatedEncoding.JSON).connected();
        faulty[0].fail(1);

        assertThat(error(client.ask(id -> new Command.Subscribe(id, SubscribeRequest.to("a")))))
                .isEqualTo(100);
        assertThat(error(client.publish("a", "{}"))).isEqualTo(100);
        assertThat(error(client.ask(id -> new Command.History(id, "a", 1, null, false))))
                .isEqualTo(100);
        assertThat(error(client.ask(id -> new Command.Presence(id, "a")))).isEqualTo(100);
        assertThat(error(client.ask(id -> new Command.PresenceStats(id, "a")))).isEqualTo(100);

        faulty[0].fail(0);
        client.subscribe("a");
        assertThat(client.closed()).isNull();
    }

    @Test
    void nobodyIsDisconnectedForErrorsThatAreTheServersOwn() {
        List<Bucket> three = List.of(new Bucket(Duration.ofMinutes(1).toNanos(), 3));
        Simulation simulation = Simulation.seeded(1);
        SimulatedNode node =
                SimulatedNode.in(simulation)
                        .broker(behind -> faulty[0] = new FaultyBroker(behind, simulation))
                        .limits(new RateLimits(null, null, null, three, null))
                        .channels(ChannelSettings.of(""))
                        .start();
        ScriptedClient client = node.client(SimulatedEncoding.JSON).connected();
        faulty[0].fail(1);
        for (int i = 0; i < 10; i++) assertThat(error(client.publish("a", "{}"))).isEqualTo(100);
        assertThat(client.closed()).isNull();
    }

    @Test
    void whateverFailsAndWheneverConnectionsBreakNothingIsLeft() {
        for (long seed = 1; seed <= 60; seed++) {
            Simulation simulation = Simulation.seeded(seed);
            SimulatedNode node = node(simulation);
            var random = simulation.random();
            faulty[0].fail(0.3);
            for (int i = 0; i < 20; i++) {
                ScriptedClient client = node.client(SimulatedEncoding.PROTOBUF);
                client.send(
                        ScriptedClient.connectCommand(1, "user:u"),
                        new Command.Subscribe(2, SubscribeRequest.to("a")),
                        new Command.Subscribe(3, SubscribeRequest.to("b")),
                        ScriptedClient.publishCommand(4, "a", "{}"),
                        new Command.Unsubscribe(5, "a"));
                simulation.run(Duration.ofMillis(random.nextInt(200)));
                client.cut();
            }
            faulty[0].fail(0);
            simulation.run(Duration.ofSeconds(5));

            String in = simulation.toString();
            assertThat(node.node().sessions().clients()).as(in).isZero();
            assertThat(node.node().sessions().users()).as(in).isZero();
            assertThat(node.node().counters().connections()).as(in).isZero();
            assertThat(node.node().counters().subscriptions()).as(in).isZero();
            assertThat(simulation.loops()).as(in).allMatch(l -> l.shard().timers().count() == 1);
            simulation.leap(Duration.ofMinutes(3));
            simulation.run(Duration.ofSeconds(2));
            assertThat(node.hub().channels()).as(in).isEmpty();
            assertThat(node.hub().budget("").usedBytes()).as(in).isZero();
            assertThat(node.await(node.broker().presence("a"))).as(in).isEmpty();
            assertThat(node.await(node.broker().presence("b"))).as(in).isEmpty();
        }
    }

    @Test
    void whoseConnectionEndsWhileItSubscribesIsNotPresent() {
        for (long seed = 1; seed <= 60; seed++) {
            Simulation simulation = Simulation.seeded(seed);
            SimulatedNode node = node(simulation);
            var random = simulation.random();
            ScriptedClient witness = node.client(SimulatedEncoding.JSON).connected();
            witness.subscribe("a");
            for (int i = 0; i < 10; i++) {
                ScriptedClient client = node.client(SimulatedEncoding.JSON).connected();
                client.tell(id -> new Command.Subscribe(id, SubscribeRequest.to("a")));
                simulation.run(Duration.ofMillis(random.nextInt(150)));
                if (random.nextBoolean()) client.cut();
                else client.onSession(session -> session.disconnect(Disconnect.SHUTDOWN));
            }
            simulation.run(Duration.ofSeconds(1));

            assertThat(node.await(node.broker().presence("a")))
                    .as("%s", simulation)
                    .containsOnlyKeys(witness.session().client());
        }
    }

    @Test
    void aBrokerThatThrowsKeepsNobodyFromBeingPingedAndIsAskedAgain() {
        Simulation simulation = Simulation.seeded(3);
        boolean[] throwing = new boolean[1];
        SimulatedNode node =
                SimulatedNode.in(simulation)
                        .broker(behind -> throwingFromAddPresence(behind, throwing))
                        .channels(ChannelSettings.of("").presence())
                        .start();
        ScriptedClient client = node.client(SimulatedEncoding.JSON).connected();
        client.subscribe("a");
        throwing[0] = true;
        int failures = 0;
        for (int i = 0; i < 600; i++) {
            try {
                simulation.run(Duration.ofMillis(100));
            } catch (TimersFailed _) {
                failures++;
            }
        }
        assertThat(failures).as("once a second from 27 s on").isBetween(1, 40);
        assertThat(client.heard()).filteredOn(Reply.Ping.class::isInstance).hasSizeBetween(2, 3);
        assertThat(client.closed()).isNull();
        throwing[0] = false;
        simulation.run(Duration.ofSeconds(40));
        assertThat(node.await(node.broker().presence("a"))).hasSize(1);
    }

    private static Broker throwingFromAddPresence(Broker behind, boolean[] throwing) {
        return (Broker)
                Proxy.newProxyInstance(
                        Broker.class.getClassLoader(),
                        new Class<?>[] {Broker.class},
                        (_, method, arguments) -> {
                            if (throwing[0] && method.getName().equals("addPresence"))
                                throw new IllegalStateException("a broken broker");
                            return method.invoke(behind, arguments);
                        });
    }
}
