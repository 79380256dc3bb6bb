package dev.cardea.testkit.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cardea.messaging.broker.Broker.HistoryQuery;
import dev.cardea.messaging.broker.Broker.PublishOptions;
import dev.cardea.messaging.hub.SlowConsumer;
import dev.cardea.messaging.log.StreamSlice;
import dev.cardea.testkit.ChannelSettings;
import dev.cardea.testkit.ClientSettings;
import dev.cardea.testkit.FaultyBroker;
import dev.cardea.testkit.RecoveringReader;
import dev.cardea.testkit.RecoveringReader.Following;
import dev.cardea.testkit.ScriptedClient;
import dev.cardea.testkit.SimulatedEncoding;
import dev.cardea.testkit.SimulatedNode;
import dev.cardea.testkit.Simulation;
import dev.cardea.testkit.broker.SharedBroker;
import dev.cardea.testkit.broker.UnreliableWay;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.centrifuge.Publication;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Publishers, readers that stall, stumble, leave and come back, several loops, both encodings: in
 * whatever order things happen, a reader that recovers has every publication once, in order.
 */
class ExactlyOnceTest {
    private static final int ACTIONS = 400;
    private static final List<String> CHANNELS = List.of("a", "b", "c");

    static LongStream seeds() {
        return LongStream.rangeClosed(1, 10);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void overTheEmbeddedBroker(long seed) {
        Simulation simulation = Simulation.seeded(seed);
        new Play(simulation, List.of(node(simulation).start()), List.of()).play();
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void overABrokerThatIsSlowAndSometimesFails(long seed) {
        Simulation simulation = Simulation.seeded(seed);
        SimulatedNode node =
                node(simulation)
                        .broker(behind -> {
                            FaultyBroker faulty = new FaultyBroker(behind, simulation);
                            faulty.fail(0.05);
                            return faulty;
                        })
                        .start();
        new Play(simulation, List.of(node), List.of()).play();
    }

    /** Readers come back to any of three; what is published arrives there late, or is lost. */
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void overNodesThatShareABroker(long seed) {
        Simulation simulation = Simulation.seeded(seed);
        SharedBroker shared =
                new SharedBroker(simulation::nowNanos, () -> "epoch", SimulatedNode.PRESENCE_TTL);
        List<SimulatedNode> nodes = new ArrayList<>();
        List<UnreliableWay> ways = new ArrayList<>();
        for (double losing : new double[] {0, 0, 0.03}) {
            UnreliableWay way = new UnreliableWay(simulation, losing);
            ways.add(way);
            nodes.add(node(simulation).brokerOf(hub -> shared.of(hub, way)).start());
        }
        new Play(simulation, nodes, ways).play();
    }

    private static SimulatedNode.Builder node(Simulation simulation) {
        return SimulatedNode.in(simulation)
                .loops(3)
                .client(new ClientSettings().recoveryLimit(100_000).highWater(4 * 1024))
                .channels(
                        ChannelSettings.of("")
                                .history(100_000, Duration.ofHours(1))
                                .forceRecovery()
                                .presence()
                                .joinLeave()
                                .window(32, 16 * 1024)
                                .slowConsumer(SlowConsumer.RECOVER));
    }

    private static final class Play {
        private final Simulation simulation;
        private final List<SimulatedNode> nodes;
        private final List<UnreliableWay> ways;
        private final SplittableRandom random;
        private final List<RecoveringReader> readers = new ArrayList<>();
        private int published;

        Play(Simulation simulation, List<SimulatedNode> nodes, List<UnreliableWay> ways) {
            this.simulation = simulation;
            this.nodes = nodes;
            this.ways = ways;
            this.random = simulation.random();
            for (int i = 0; i < 6; i++) {
                SimulatedEncoding encoding =
                        random.nextBoolean() ? SimulatedEncoding.JSON : SimulatedEncoding.PROTOBUF;
                readers.add(new RecoveringReader(anyNode(), encoding, CHANNELS));
            }
        }

        private SimulatedNode anyNode() {
            return nodes.get(random.nextInt(nodes.size()));
        }

        void play() {
            for (int i = 0; i < ACTIONS; i++) act(readers.get(random.nextInt(readers.size())));
            comeToRest();
            for (RecoveringReader reader : readers) {
                for (String channel : CHANNELS) check(reader, channel);
            }
        }

        private void act(RecoveringReader reader) {
            ScriptedClient client = reader.client();
            switch (random.nextInt(12)) {
                case 0 -> client.stall();
                case 1, 2 -> client.outlet().resume();
                case 3 -> client.outlet().take(random.nextInt(5_000));
                case 4 -> client.cut();
                case 5 -> {
                    reader.moveTo(anyNode());
                    reader.comeBackIfClosed();
                }
                case 6 -> simulation.run(Duration.ofMillis(random.nextInt(100)));
                case 7 -> simulation.run();
                default -> {
                    int burst = random.nextInt(1, 20);
                    for (int i = 0; i < burst; i++) publish();
                }
            }
        }

        private void publish() {
            publish(CHANNELS.get(random.nextInt(CHANNELS.size())));
        }

        private void publish(String channel) {
            int length = random.nextInt(25) == 0 ? 60_000 : random.nextInt(200);
            String data = "\"" + ++published + "x".repeat(length) + "\"";
            var _ =
                    anyNode()
                            .publishLater(
                                    channel, Publication.of(Bytes.utf8(data)), PublishOptions.NONE);
        }

        private void comeToRest() {
            // What was lost on the way is noticed with the next publication that isn't.
            for (UnreliableWay way : ways) way.losesNoMore();
            for (String channel : CHANNELS) publish(channel);
            for (int i = 0; i < 15; i++) {
                for (RecoveringReader reader : readers) {
                    reader.comeBackIfClosed();
                    reader.client().outlet().resume();
                }
                simulation.run(Duration.ofMillis(500));
            }
        }

        private void check(RecoveringReader reader, String channel) {
            Following following = reader.following(channel);
            assertThat(reader.failedRecoveries()).as("failed recoveries, %s", simulation).isZero();
            assertThat(following.received())
                    .as("%s in %s", channel, simulation)
                    .isEqualTo(history(channel, following.startOffset()));
        }

        private List<String> history(String channel, long offset) {
            SimulatedNode node = nodes.getFirst();
            StreamSlice all = null;
            while (all == null) {
                var stage =
                        node.broker()
                                .history(
                                        channel,
                                        node.options(channel),
                                        new HistoryQuery(offset, Integer.MAX_VALUE, false))
                                .toCompletableFuture();
                simulation.runUntil(stage::isDone, Duration.ofSeconds(1));
                if (!stage.isCompletedExceptionally()) all = stage.join();
            }
            return all.publications().stream()
                    .map(p -> p.offset() + " " + p.data().toUtf8())
                    .toList();
        }
    }
}
