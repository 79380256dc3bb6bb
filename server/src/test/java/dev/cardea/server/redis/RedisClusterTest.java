package dev.cardea.server.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cardea.messaging.broker.NodeBroker;
import dev.cardea.messaging.hub.Hub;
import dev.cardea.testkit.ScriptedClient;
import dev.cardea.testkit.Simulation;
import dev.cardea.testkit.broker.BrokerSuite;
import io.lettuce.core.cluster.SlotHash;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What every broker promises, of a Redis Cluster of three masters. */
@Timeout(90)
class RedisClusterTest extends BrokerSuite {
    private static final AtomicInteger TESTS = new AtomicInteger();
    private static final AtomicInteger EPOCHS = new AtomicInteger();

    @SuppressWarnings("NullAway.Init") // before all tests
    private static RedisCluster redis;

    RedisClusterTest() {
        super(Simulation.live(5), "-" + TESTS.incrementAndGet());
    }

    @BeforeAll
    static void startRedis() throws IOException {
        redis = RedisCluster.start(false);
    }

    @AfterAll
    static void stopRedis() {
        if (redis != null) redis.close();
    }

    @Override
    protected NodeBroker join(String id, Hub hub) {
        return RedisNode.start(
                Configured.redis("prefix: t, " + redis.addresses()),
                hub,
                id,
                () -> "epoch" + EPOCHS.incrementAndGet(),
                Duration.ofSeconds(2));
    }

    @Override
    protected boolean knowsWhoListens() {
        return false;
    }

    @Override
    protected void lose(String channel) {
        askAll("DEL t:top:{" + channel + "} t:log:{" + channel + "}");
    }

    private static List<String> askAll(String command) {
        try {
            return redis.askAll(command);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void eachChannelIsToldOfByItsOwnMasterAlone() {
        String news = channel("news");
        ScriptedClient client = connected(second);
        client.subscribe(news);
        String name = "t:ch:{" + news + "}";
        int third = SlotHash.getSlot(name) * 3 / 16_384;
        List<String> listeners = askAll("PUBSUB SHARDNUMSUB " + name);
        for (int i = 0; i < 3; i++)
            assertThat(listeners.get(i)).endsWith(i == third ? ":1\r\n" : ":0\r\n");
        assertThat(askAll("PUBSUB NUMSUB " + name)).allMatch(each -> each.endsWith(":0\r\n"));
        client.unsubscribe(news);
        eventually(() ->
                askAll("PUBSUB SHARDNUMSUB " + name).stream().allMatch(n -> n.endsWith(":0\r\n")));
    }

    @Test
    void aSlotThatMovesTakesItsListenersAlong() throws IOException {
        String news = channel("news");
        ScriptedClient client = connected(second);
        client.subscribe(news);
        first.publish(news, "1");
        awaitData(client, news, "1");
        int slot = SlotHash.getSlot("t:ch:{" + news + "}");
        RedisServer from = redis.master(slot * 3 / 16_384);
        RedisServer to = redis.master((slot * 3 / 16_384 + 1) % 3);
        String fromId = from.ask("CLUSTER MYID").split("\r\n", -1)[1];
        String toId = to.ask("CLUSTER MYID").split("\r\n", -1)[1];
        to.ask("CLUSTER SETSLOT %d IMPORTING %s".formatted(slot, fromId));
        from.ask("CLUSTER SETSLOT %d MIGRATING %s".formatted(slot, toId));
        for (String kind : List.of("top", "log"))
            assertThat(
                            from.ask(
                                    "MIGRATE 127.0.0.1 %d t:%s:{%s} 0 5000"
                                            .formatted(to.port(), kind, news)))
                    .startsWith("+OK");
        redis.askAll("CLUSTER SETSLOT %d NODE %s".formatted(slot, toId));
        eventually(() -> published(news, "2"));
        awaitData(client, news, "1", "2");
        eventually(() ->
                askAll("PUBSUB SHARDNUMSUB t:ch:{" + news + "}").stream()
                        .anyMatch(each -> each.endsWith(":1\r\n")));
        first.publish(news, "3");
        awaitData(client, news, "1", "2", "3");
        assertThat(client.closed()).isNull();
    }

    private boolean published(String channel, String data) {
        try {
            first.publish(channel, data);
            return true;
        } catch (RuntimeException _) {
            return false; // in the middle of the move
        }
    }
}
