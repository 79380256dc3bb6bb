package dev.cardea.server.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cardea.messaging.broker.Broker.PublishOptions;
import dev.cardea.messaging.broker.NodeBroker;
import dev.cardea.messaging.hub.Hub;
import dev.cardea.testkit.ScriptedClient;
import dev.cardea.testkit.Simulation;
import dev.cardea.testkit.broker.BrokerSuite;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.centrifuge.Command;
import dev.cardea.wire.centrifuge.Publication;
import dev.cardea.wire.centrifuge.Push;
import dev.cardea.wire.centrifuge.Reply;
import dev.cardea.wire.centrifuge.SubscribeResult;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What every broker promises, of a real Redis. */
@Timeout(60)
class RedisBrokerTest extends BrokerSuite {
    private static final AtomicInteger TESTS = new AtomicInteger();
    private static final AtomicInteger EPOCHS = new AtomicInteger();

    @SuppressWarnings("NullAway.Init") // before all tests
    private static RedisServer redis;

    RedisBrokerTest() {
        super(Simulation.live(3), "-" + TESTS.incrementAndGet());
    }

    @BeforeAll
    static void startRedis() {
        redis = RedisServer.start();
    }

    @AfterAll
    static void stopRedis() {
        if (redis != null) redis.close();
    }

    @Override
    protected NodeBroker join(String id, Hub hub) {
        return RedisNode.start(
                Configured.redis("prefix: t, address: '" + redis.url() + "'"),
                hub,
                id,
                () -> "epoch" + EPOCHS.incrementAndGet(),
                Duration.ofSeconds(2));
    }

    @Override
    protected void lose(String channel) {
        ask("DEL t:top:{" + channel + "} t:log:{" + channel + "}");
    }

    private static String ask(String command) {
        try {
            return redis.ask(command);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void nothingIsListenedToThatNobodyReads() {
        String news = channel("news");
        ScriptedClient client = connected(second);
        client.subscribe(news);
        String name = "t:ch:{" + news + "}";
        assertThat(ask("PUBSUB NUMSUB " + name)).endsWith(":1\r\n");
        client.unsubscribe(news);
        eventually(() -> ask("PUBSUB NUMSUB " + name).endsWith(":0\r\n"));
    }

    @Test
    void whatWasToldToNobodyIsReadAfterAll() {
        String news = channel("news");
        ScriptedClient client = connected(second);
        client.subscribe(news);
        first.publish(news, "1");
        awaitData(client, news, "1");
        // Somebody is listening on the node's behalf no more, and doesn't know.
        ask("CLIENT KILL TYPE pubsub");
        first.publish(news, "2");
        awaitData(client, news, "1", "2");
    }

    @Test
    void scriptsThatRedisWasMadeToForgetAreKnownAgainAndNothingIsOutOfOrder() {
        String news = channel("long:news");
        ScriptedClient reader = connected(second);
        reader.subscribe(news);
        ScriptedClient publisher = connected(first);
        ask("SCRIPT FLUSH");
        List<String> accepted = new ArrayList<>();
        boolean[] wereKnown = new boolean[1];
        for (int round = 0; round < 50 && !wereKnown[0]; round++) {
            List<String> data = new ArrayList<>();
            List<Integer> ids = new ArrayList<>();
            for (int n = 0; n < 20; n++) {
                data.add("{\"n\":" + (20 * round + n) + "}");
                ids.add(publisher.nextId());
            }
            publisher.send(
                    IntStream.range(0, 20)
                            .mapToObj(n ->
                                    ScriptedClient.publishCommand(ids.get(n), news, data.get(n)))
                            .toArray(Command[]::new));
            eventually(() -> ids.stream().allMatch(id -> publisher.find(id) != null));
            for (int n = 0; n < 20; n++)
                if (publisher.answer(ids.get(n)) instanceof Reply.Publish)
                    accepted.add(data.get(n));
            wereKnown[0] = publisher.answer(ids.getFirst()) instanceof Reply.Publish;
        }
        assertThat(wereKnown[0]).isTrue();
        awaitData(reader, news, accepted.toArray(String[]::new));
    }

    @Test
    void whoMayNotLoadScriptsIsServedAllTheSame() {
        ask("ACL SETUSER runner on >secret ~* &* +@all -script");
        NodeBroker runner =
                RedisNode.start(
                        Configured.redis(
                                "prefix: t, user: runner, password: secret, address: '"
                                        + redis.url()
                                        + "'"),
                        first.hub(),
                        "runner",
                        () -> "epoch" + EPOCHS.incrementAndGet(),
                        Duration.ofSeconds(2));
        try (runner) {
            String news = channel("news");
            var options = first.options(news);
            first.await(
                    runner.broker()
                            .publish(
                                    news,
                                    options,
                                    Publication.of(Bytes.utf8("1")),
                                    PublishOptions.NONE));
            assertThat(runner.broker().keepsOrder(news, options)).isFalse();
            assertThat(first.broker().keepsOrder(news, options)).isTrue();
        }
    }

    @Test
    void aStreamThatFellBackAndWentOnIsAnotherOne() {
        String news = channel("news");
        ScriptedClient client = connected(second);
        SubscribeResult at = client.subscribe(news);
        for (int i = 1; i <= 3; i++) first.publish(news, "" + i);
        awaitData(client, news, "1", "2", "3");
        // as a copy would be that had got no further
        ask("HSET t:top:{" + news + "} s 1 n 77");
        ask("DEL t:log:{" + news + "}");
        first.publish(news, "-2");
        eventually(() -> client.pushes().stream().anyMatch(p -> p instanceof Push.Unsubscribe));
        assertThat(client.data(news)).containsExactly("1", "2", "3");
        SubscribeResult back = client.recover(news, at.epoch(), 3);
        assertThat(back.recovered()).isFalse();
        assertThat(back.epoch()).isNotEqualTo(at.epoch());
    }
}
