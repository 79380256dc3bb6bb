package dev.cardea.server.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cardea.messaging.broker.Arrival;
import dev.cardea.messaging.broker.Mark;
import dev.cardea.messaging.broker.NodeBroker;
import dev.cardea.messaging.hub.Hub;
import dev.cardea.messaging.presence.PresenceEvent;
import dev.cardea.testkit.ScriptedClient;
import dev.cardea.testkit.Simulation;
import dev.cardea.testkit.broker.BrokerSuite;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.Malformed;
import dev.cardea.wire.centrifuge.ClientInfo;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What every broker promises, of channels that lie in Redis as Centrifugo's do. */
@Timeout(60)
class CentrifugoLayoutTest extends BrokerSuite {
    private static final AtomicInteger TESTS = new AtomicInteger();
    private static final AtomicInteger EPOCHS = new AtomicInteger();

    @SuppressWarnings("NullAway.Init") // before all tests
    private static RedisServer redis;

    CentrifugoLayoutTest() {
        super(Simulation.live(13), "-" + TESTS.incrementAndGet());
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
                Configured.redis("layout: centrifugo, prefix: t, address: '" + redis.url() + "'"),
                hub,
                id,
                () -> "epoch" + EPOCHS.incrementAndGet(),
                Duration.ofSeconds(2));
    }

    @Override
    protected void lose(String channel) {
        ask("DEL t.stream.meta." + channel + " t.stream." + channel);
    }

    private static String ask(String command) {
        try {
            return redis.ask(command);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void itLiesWhereCentrifugoLooksForIt() {
        String news = channel("news");
        ScriptedClient client = connected(second);
        client.subscribe(news);
        first.publish(news, "1");
        awaitData(client, news, "1");
        assertThat(ask("HGET t.stream.meta." + news + " s")).contains("1");
        assertThat(ask("XRANGE t.stream." + news + " - +")).contains("1-0", "\r\nd\r\n");
        assertThat(ask("PUBSUB NUMSUB t.client." + news)).endsWith(":1\r\n");
        assertThat(ask("HLEN t.presence.data." + news)).startsWith(":1");
        // field 4, as one of Centrifugo's nodes would tell it
        ask("HINCRBY t.stream.meta." + news + " s 1");
        ask("XADD t.stream." + news + " 2 d \"\\\"\\x012\"");
        String epoch = ask("HGET t.stream.meta." + news + " e").split("\r\n", -1)[1];
        ask("PUBLISH t.client." + news + " \"__p1:2:" + epoch + "__\\\"\\x012\"");
        awaitData(client, news, "1", "2");
    }

    private static Arrival parse(String message) {
        return CentrifugoMessages.parse(message.getBytes(StandardCharsets.ISO_8859_1));
    }

    @Test
    void eachKindOfMessageIsRead() {
        Arrival.Appended appended = (Arrival.Appended) parse("__p1:7:Xy__\"\00242");
        assertThat(appended.at()).isEqualTo(new Mark("Xy", 7, 1));
        assertThat(appended.publication().data().toUtf8()).isEqualTo("42");
        Arrival.Appended patched = (Arrival.Appended) parse("__d1:8:Xy:4:\"\00241:4:\"\00242");
        assertThat(patched.isPatched()).isTrue();
        assertThat(patched.previousOffset()).isEqualTo(7);
        assertThat(patched.publication().data().toUtf8()).isEqualTo("42");
        assertThat(parse("\"\00242")).isInstanceOf(Arrival.Passing.class);
        PresenceEvent event =
                new PresenceEvent(true, new ClientInfo("ann", "c1", Bytes.utf8("{}"), Bytes.EMPTY));
        assertThat(CentrifugoMessages.parse(CentrifugoMessages.event(event)))
                .isEqualTo(new Arrival.Events(List.of(event)));
    }

    @Test
    void anythingElseIsMalformed() {
        for (String message :
                List.of(
                        "__x1:7:Xy__",
                        "__p1:7:Xy",
                        "__p1:seven:Xy__",
                        "__p1",
                        "__d1:8:Xy:9:a:1:b",
                        "__d1:8:Xy:1:a:9:b",
                        "__d1:8:Xy:-1:a:1:b",
                        "__d1:8:Xy",
                        "__j",
                        "__l_x"))
            assertThatThrownBy(() -> parse(message)).as(message).isInstanceOf(Malformed.class);
    }
}
