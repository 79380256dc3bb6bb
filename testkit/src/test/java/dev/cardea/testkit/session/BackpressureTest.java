package dev.cardea.testkit.session;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cardea.messaging.hub.SlowConsumer;
import dev.cardea.testkit.ChannelSettings;
import dev.cardea.testkit.ClientSettings;
import dev.cardea.testkit.FaultyBroker;
import dev.cardea.testkit.ScriptedClient;
import dev.cardea.testkit.SimulatedEncoding;
import dev.cardea.testkit.SimulatedNode;
import dev.cardea.testkit.Simulation;
import dev.cardea.wire.centrifuge.Command;
import dev.cardea.wire.centrifuge.Reply;
import dev.cardea.wire.centrifuge.StreamPosition;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What a connection may cost while its peer doesn't read, and how long that is put up with. */
@ParameterizedClass
@EnumSource
class BackpressureTest {
    @Parameter Setup setup = Setup.EMBEDDED_JSON;

    @Test
    void noMoreIsPendingThanTheHighWaterMarkAndOneFrame() {
        int highWater = 10_000;
        for (long seed = 1; seed <= 5; seed++) {
            Simulation simulation = Simulation.seeded(seed);
            SimulatedNode node =
                    setup.node(simulation)
                            .client(new ClientSettings().highWater(highWater))
                            .start();
            SplittableRandom random = simulation.random();
            ScriptedClient client = node.client(setup.encoding).connected();
            for (int i = 0; i < 10; i++) client.subscribe("c" + i);
            for (int round = 0; round < 50; round++) {
                client.stall();
                for (int i = 0; i < 30; i++) {
                    String text = "\"" + "x".repeat(random.nextInt(3_000)) + "\"";
                    node.publish("c" + random.nextInt(10), text);
                    if (random.nextInt(4) == 0) client.tell(id -> history(id));
                }
                for (int i = 0; i < 3; i++) client.take(Integer.MAX_VALUE);
                client.resume();
            }

            int largest = client.outlet().largestMessageBytes();
            assertThat(client.outlet().largestPendingBytes())
                    .as("%s", simulation)
                    .isGreaterThan(highWater / 2)
                    .isLessThanOrEqualTo(highWater + largest);
        }
    }

    private static Command history(int id) {
        return new Command.History(id, "c0", 10, null, false);
    }

    @Test
    void noMoreAnswersArePendingThanTheHighWaterMarkAndOneOfThem() {
        SimulatedNode node = setup.node().client(new ClientSettings().highWater(1_000)).start();
        ScriptedClient client = node.client(setup.encoding).connected();
        client.stall();
        for (int i = 0; i < 500; i++) client.tell(id -> new Command.Unsubscribe(id, "news"));
        node.simulation().run();
        for (int i = 0; i < 20; i++) client.take(Integer.MAX_VALUE);

        assertThat(client.outlet().largestPendingBytes()).isBetween(1_000, 1_050);
    }

    @Test
    void aReaderThatStoppedIsNoCostBeyondOneBatch() {
        SimulatedNode node = setup.node().client(new ClientSettings().highWater(1_000)).start();
        ScriptedClient client = node.client(setup.encoding).connected();
        client.subscribe("news");
        client.stall();
        for (int i = 0; i < 1_000; i++) node.publish("news", "\"" + "x".repeat(100) + "\"");

        assertThat(client.outlet().pendingBytes()).isLessThan(2_000);
    }

    @Test
    void channelsOfOneConnectionTakeTurns() {
        SimulatedNode node =
                setup.node()
                        .client(new ClientSettings().highWater(40_000))
                        .channels(ChannelSettings.of("").window(4096, 1 << 22))
                        .start();
        ScriptedClient client = node.client(setup.encoding).connected();
        client.subscribe("busy");
        client.subscribe("calm");
        client.stall();
        node.publish("busy", "0");
        for (int i = 0; i < 500; i++) node.publish("busy", "\"" + "x".repeat(1_000) + "\"");
        node.publish("calm", "1");
        client.take(Integer.MAX_VALUE);

        client.take(Integer.MAX_VALUE);

        assertThat(client.data("calm")).containsExactly("1");
        assertThat(client.data("busy")).hasSizeLessThan(100);
    }

    @Test
    void aPeerThatTakesNothingIsGivenUpAfterALongTime() {
        SimulatedNode node = setup.node().start();
        ScriptedClient client = stoppedReader(node);

        node.simulation().run(Duration.ofMillis(29_900));
        assertThat(client.outlet().closing()).isNull();
        node.simulation().run(Duration.ofMillis(200));

        assertThat(node.node().counters().disconnects().get(3009)).hasToString("1");
    }

    @Test
    void aPeerThatTakesNothingIsGivenUpSoonWhereReadersMustNotLag() {
        SimulatedNode node =
                setup.node()
                        .channels(ChannelSettings.of("").slowConsumer(SlowConsumer.DISCONNECT))
                        .start();
        ScriptedClient client = stoppedReader(node);

        node.simulation().run(Duration.ofMillis(900));
        assertThat(client.outlet().closing()).isNull();
        node.simulation().run(Duration.ofMillis(200));

        assertThat(node.node().counters().disconnects().get(3009)).hasToString("1");
    }

    @Test
    void onePatientSubscriptionMakesTheConnectionPatient() {
        SimulatedNode node =
                setup.node()
                        .channels(ChannelSettings.of("").slowConsumer(SlowConsumer.DISCONNECT))
                        .channels(ChannelSettings.of("calm").slowConsumer(SlowConsumer.LATEST))
                        .start();
        ScriptedClient client = node.client(setup.encoding).connected();
        client.subscribe("calm:a");
        client.subscribe("news");
        client.stall();
        node.publish("news", "{}");
        node.simulation().run(Duration.ofSeconds(20));
        assertThat(client.outlet().closing()).isNull();
        client.resume();
        client.unsubscribe("calm:a");
        client.stall();
        node.publish("news", "{}");
        node.simulation().run(Duration.ofSeconds(2));

        assertThat(node.node().counters().disconnects().get(3009)).hasToString("1");
    }

    @Test
    void aPeerThatTakesALittleNowAndThenStays() {
        SimulatedNode node = setup.node().start();
        ScriptedClient client = stoppedReader(node);
        for (int i = 0; i < 10; i++) {
            node.simulation().run(Duration.ofSeconds(25));
            client.take(1);
        }

        assertThat(client.outlet().closing()).isNull();
    }

    private ScriptedClient stoppedReader(SimulatedNode node) {
        ScriptedClient client = node.client(setup.encoding).connected();
        client.subscribe("news");
        client.stall();
        node.publish("news", "\"" + "x".repeat(1_000) + "\"");
        return client;
    }

    @Test
    void pastTheLoopsShareTheLongestStalledIsLetGoFirst() {
        Simulation simulation = Simulation.seeded(1);
        SimulatedNode node = setup.node(simulation).loops(1).outboundLimit(25_000).start();
        List<ScriptedClient> clients = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            ScriptedClient client = node.client(setup.encoding).connected();
            client.subscribe("c" + i);
            clients.add(client);
        }
        for (int i = 3; i >= 0; i--) { // 3 first: it is stalled longest
            clients.get(i).stall();
            node.publish("c" + i, "\"" + "x".repeat(10_000) + "\"");
            simulation.run(Duration.ofMillis(100));
        }

        assertThat(clients.get(3).outlet().closing()).hasFieldOrPropertyWithValue("code", 3008);
        assertThat(clients.get(2).outlet().closing()).hasFieldOrPropertyWithValue("code", 3008);
        assertThat(clients.get(1).outlet().closing()).isNull();
        assertThat(clients.get(0).outlet().closing()).isNull();
    }

    @Test
    void whatStalledConnectionsCostCanBeSeen() {
        Simulation simulation = Simulation.seeded(1);
        SimulatedNode node = setup.node(simulation).loops(1).start();
        ScriptedClient client = stoppedReader(node);
        for (int i = 0; i < 7; i++) node.publish("news", "{}");
        simulation.run(Duration.ofMillis(1_100));

        var lag = simulation.loops().getFirst().shard().lag();
        assertThat(lag.connections()).isEqualTo(1);
        assertThat(lag.entries()).isEqualTo(7);
        assertThat(lag.pendingBytes()).isEqualTo(client.outlet().pendingBytes());
        assertThat(lag.largestPendingBytes()).isEqualTo(client.outlet().pendingBytes());

        client.resume();
        simulation.run(Duration.ofMillis(1_100));
        assertThat(simulation.loops().getFirst().shard().lag().connections()).isZero();
    }

    @Test
    void readingPausesWhileAnswersWaitAndGoesOnAfter() {
        SimulatedNode node = setup.node().client(new ClientSettings().queueMaxSize(10_000)).start();
        ScriptedClient client = node.client(setup.encoding).connected();
        client.stall();
        for (int i = 0; i < 500; i++) client.tell(id -> new Command.Unsubscribe(id, "news"));
        node.simulation().run();

        assertThat(client.outlet().readsPaused()).isTrue();
        assertThat(client.closed()).isNull();
        client.resume();
        client.answer(501);

        assertThat(client.outlet().readsPaused()).isFalse();
        assertThat(client.heard().stream().filter(Reply.Unsubscribe.class::isInstance))
                .hasSize(500);
    }

    @Test
    void oneFrameWithMoreAnswersThanMayWaitIsAnsweredBitByBit() {
        SimulatedNode node = setup.node().client(new ClientSettings().queueMaxSize(10_000)).start();
        ScriptedClient client = node.client(setup.encoding).connected();
        client.stall();
        client.send(unsubscribes(client, 1_000));
        client.send(unsubscribes(client, 10));
        node.simulation().run();

        assertThat(client.outlet().readsPaused()).isTrue();
        assertThat(client.outlet().closing()).isNull();
        client.resume();

        assertThat(client.closed()).isNull();
        assertThat(client.outlet().readsPaused()).isFalse();
        assertThat(client.heard().stream().skip(1).map(reply -> ((Reply.Unsubscribe) reply).id()))
                .containsExactlyElementsOf(IntStream.range(2, 1_012).boxed().toList());
    }

    @Test
    void oneFrameWithMoreAnswersThanMayWaitGoesThroughABrokerInOrder() {
        SimulatedNode node = setup.node().client(new ClientSettings().queueMaxSize(1_000)).start();
        ScriptedClient client = node.client(setup.encoding).connected();
        client.subscribe("news");
        Command[] commands = new Command[200];
        for (int i = 0; i < commands.length; i++) {
            String data = "\"" + "x".repeat(100) + i + "\"";
            commands[i] = ScriptedClient.publishCommand(client.nextId(), "news", data);
        }
        client.send(commands);
        client.answer(202);

        assertThat(client.closed()).isNull();
        assertThat(client.heard().stream().filter(Reply.Publish.class::isInstance)).hasSize(200);
        assertThat(client.publications("news"))
                .extracting(publication -> publication.data().toUtf8().replaceAll("[\"x]", ""))
                .containsExactlyElementsOf(
                        IntStream.range(0, 200).mapToObj(Integer::toString).toList());
    }

    @Test
    void aPeerThatReadsNoAnswersToItsOneFrameIsGivenUp() {
        SimulatedNode node = setup.node().client(new ClientSettings().queueMaxSize(10_000)).start();
        ScriptedClient client = node.client(setup.encoding).connected();
        client.stall();
        client.send(unsubscribes(client, 1_000));
        node.simulation().run(Duration.ofSeconds(2));

        assertThat(node.node().counters().disconnects().get(3009)).hasToString("1");
        client.resume();
        assertThat(client.heard()).hasSizeLessThan(100);
    }

    private static Command[] unsubscribes(ScriptedClient client, int count) {
        Command[] commands = new Command[count];
        for (int i = 0; i < count; i++)
            commands[i] = new Command.Unsubscribe(client.nextId(), "news");
        return commands;
    }

    @Test
    void theTimeForAPongStandsStillWhileReadingIsPaused() {
        SimulatedNode node =
                setup.node()
                        .client(
                                new ClientSettings()
                                        .queueMaxSize(10_000)
                                        .pingInterval(Duration.ofSeconds(25)))
                        .start();
        ScriptedClient client = node.client(setup.encoding).connected();
        client.subscribe("news");
        node.simulation().run(Duration.ofSeconds(26));
        client.stall();
        for (int i = 0; i < 500; i++) client.tell(id -> new Command.Unsubscribe(id, "x"));
        for (int i = 0; i < 6; i++) {
            node.simulation().run(Duration.ofSeconds(10));
            client.take(1);
        }

        assertThat(client.outlet().readsPaused()).isTrue();
        assertThat(client.outlet().closing()).isNull();
        client.resume();
        node.simulation().run(Duration.ofSeconds(10));
        assertThat(client.closed()).isNull();
    }

    @Test
    void pushesThatNobodyReadsFillTheQueueUntilTheClientIsTooSlow() {
        Simulation simulation = Simulation.seeded(1);
        FaultyBroker[] faulty = new FaultyBroker[1];
        SimulatedNode node =
                SimulatedNode.in(simulation)
                        .client(new ClientSettings().queueMaxSize(5_000))
                        .broker(behind -> faulty[0] = new FaultyBroker(behind, simulation))
                        .channels(
                                ChannelSettings.of("")
                                        .history(10, Duration.ofMinutes(5))
                                        .forcePositioning())
                        .start();
        ScriptedClient client = node.client(setup.encoding).connected();
        for (int i = 0; i < 100; i++) {
            client.subscribe("c" + i);
            faulty[0].loseState("c" + i, new StreamPosition(0, "another"));
        }
        simulation.run(Duration.ofSeconds(15));
        client.stall();
        node.publish("c0", "{}"); // on its way

        simulation.run(Duration.ofSeconds(28)); // each subscription is told to begin anew

        assertThat(client.outlet().closing()).hasFieldOrPropertyWithValue("code", 3008);
        assertThat(node.node().counters().subscriptions()).isZero();
    }

    @Test
    void whatATransportReadsThoughItIsToldNotToIsBounded() {
        SimulatedNode node = setup.node().client(new ClientSettings().queueMaxSize(10_000)).start();
        node.authenticator().hold();
        ScriptedClient client = node.client(setup.encoding);
        client.tell(id -> ScriptedClient.connectCommand(id, ""));
        node.simulation().run();
        byte[] command =
                SimulatedEncoding.JSON == setup.encoding
                        ? "{\"id\":7}".getBytes(UTF_8)
                        : new byte[] {2, 8, 7};
        client.onSession(session -> {
            for (int i = 0; i < 200; i++)
                session.receive(ByteBuffer.wrap(command), node.simulation().nowNanos());
        });

        assertThat(client.closeCode()).isEqualTo(3013);
    }
}
