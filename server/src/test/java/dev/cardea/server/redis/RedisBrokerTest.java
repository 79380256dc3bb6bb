package dev.cardea.server.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cardea.messaging.broker.NodeBroker;
import dev.cardea.messaging.hub.Hub;
import dev.cardea.testkit.ScriptedClient;
import dev.cardea.testkit.Simulation;
import dev.cardea.testkit.broker.BrokerSuite;
import dev.cardea.wire.centrifuge.Push;
import dev.cardea.wire.centrifuge.SubscribeResult;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
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
