package dev.cardea.server.nats;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cardea.messaging.broker.Broker.HistoryQuery;
import dev.cardea.messaging.broker.Broker.PublishOptions;
import dev.cardea.messaging.broker.NodeBroker;
import dev.cardea.messaging.hub.ChannelOptions;
import dev.cardea.messaging.hub.Hub;
import dev.cardea.messaging.log.StreamSlice;
import dev.cardea.testkit.ChannelSettings;
import dev.cardea.testkit.ScriptedClient;
import dev.cardea.testkit.SimulatedNode;
import dev.cardea.testkit.Simulation;
import dev.cardea.testkit.broker.BrokerSuite;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.centrifuge.Publication;
import dev.cardea.wire.centrifuge.Push;
import dev.cardea.wire.centrifuge.StreamPosition;
import dev.cardea.wire.centrifuge.SubscribeResult;
import io.nats.client.Connection;
import io.nats.client.Nats;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What every broker promises, of a real NATS. */
@Timeout(60)
class NatsBrokerTest extends BrokerSuite {
    private static final String STREAM = "t=2Ex-log-=";
    private static final AtomicInteger TESTS = new AtomicInteger();
    private static final AtomicInteger EPOCHS = new AtomicInteger();

    @SuppressWarnings("NullAway.Init") // before all tests
    private static NatsServer nats;

    NatsBrokerTest() {
        super(Simulation.live(3), "-" + TESTS.incrementAndGet());
    }

    @BeforeAll
    static void startNats() {
        nats = NatsServer.start();
    }

    @AfterAll
    static void stopNats() {
        if (nats != null) nats.close();
    }

    @Override
    protected NodeBroker join(String id, Hub hub) {
        return NatsNode.start(
                Configured.nats("prefix: t.x, url: '" + nats.url() + "'"),
                hub,
                id,
                () -> "epoch" + EPOCHS.incrementAndGet(),
                Duration.ofSeconds(2));
    }

    @Override
    protected boolean isContiguous() {
        return false;
    }

    @Override
    protected void lose(String channel) {
        directly(connection -> {
            assertThat(connection.jetStreamManagement().deleteStream(STREAM)).isTrue();
        });
    }

    @Test
    void channelsAreToldApartWhateverIsInTheirNames() {
        ScriptedClient client = connected(second);
        List<String> names =
                List.of("a.b", "a*b", "a b", "a>", ">", "*", "a=2Eb", "a.*", "x".repeat(255));
        for (String name : names) client.subscribe(name);
        for (int i = 0; i < names.size(); i++) first.publish(names.get(i), "" + i);
        for (int i = 0; i < names.size(); i++) awaitData(client, names.get(i), "" + i);
        for (int i = 0; i < names.size(); i++)
            assertThat(client.data(names.get(i))).containsExactly("" + i);
    }

    @Test
    void aVersionIsKnownBehindPublicationsWithout() {
        String news = channel("news");
        ScriptedClient client = connected(second);
        client.subscribe(news);
        first.publish(news, publication("9"), new PublishOptions("", false, 9, ""));
        first.publish(news, "0");
        second.publish(news, publication("8"), new PublishOptions("", false, 8, ""));
        second.publish(news, publication("10"), new PublishOptions("", false, 10, ""));
        awaitData(client, news, "9", "0", "10");
    }

    @Test
    void aLargerHistoryIsTakenOver() {
        String news = channel("news");
        StreamPosition at = history(first, news).top();
        for (int i = 1; i <= 15; i++) first.publish(news, "" + i);
        ChannelOptions larger =
                ChannelSettings.of("").history(20, Duration.ofMinutes(5)).forceRecovery().build();
        for (int i = 16; i <= 18; i++)
            second.await(
                    second.broker()
                            .publish(news, larger, publication("" + i), PublishOptions.NONE));
        StreamSlice all =
                second.await(
                        second.broker().history(news, larger, new HistoryQuery(0, 100, false)));
        assertThat(all.publications()).extracting(p -> p.data().toUtf8()).endsWith("17", "18");
        assertThat(all.previous()).as("what was let go of before isn't forgotten").isNotZero();
        assertThat(at.offset()).isZero();
        second.await(second.broker().history(news, second.options(news), HistoryQuery.TOP));
    }

    @Test
    void aStreamThatFellBackIsAnotherOne() {
        String news = channel("news");
        ScriptedClient client = connected(second);
        SubscribeResult at = client.subscribe(news);
        long top = 0;
        for (int i = 1; i <= 3; i++) top = first.publish(news, "" + i).position().offset();
        awaitData(client, news, "1", "2", "3");
        long last = top;
        directly(connection -> {
            // as a copy would be that had got no further
            assertThat(connection.jetStreamManagement().deleteMessage(STREAM, last)).isTrue();
        });
        eventually(() -> client.pushes().stream().anyMatch(p -> p instanceof Push.Unsubscribe));
        SubscribeResult back = client.recover(news, at.epoch(), last);
        assertThat(back.recovered()).isFalse();
        assertThat(back.epoch()).isNotEqualTo(at.epoch());
        first.publish(news, "4");
        awaitData(client, news, "1", "2", "3", "4");
    }

    @Test
    void severalThousandAreReadAtOnce() {
        String many = channel("long:x");
        for (int i = 1; i <= 1_200; i++) {
            var _ = first.publishLater(many, publication("" + i), PublishOptions.NONE);
        }
        first.publish(many, "7777");
        StreamSlice all = history(second, many);
        assertThat(all.publications()).hasSize(1_000);
        assertThat(all.publications().getLast().data().toUtf8()).isEqualTo("7777");
        StreamSlice newest =
                second.await(
                        second.broker()
                                .history(
                                        many,
                                        second.options(many),
                                        new HistoryQuery(0, 700, true)));
        assertThat(newest.publications()).isEqualTo(all.publications().reversed().subList(0, 700));
    }

    private static Publication publication(String data) {
        return Publication.of(Bytes.utf8(data));
    }

    private static StreamSlice history(SimulatedNode node, String channel) {
        return node.await(
                node.broker()
                        .history(
                                channel, node.options(channel), new HistoryQuery(0, 2_000, false)));
    }

    /** What somebody does who is no node. */
    private interface Work {
        void with(Connection connection) throws Exception;
    }

    private static void directly(Work work) {
        try {
            Connection connection = Nats.connect(nats.url());
            try {
                work.with(connection);
            } finally {
                connection.close();
            }
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
