package dev.cardea.server.redis;

import dev.cardea.messaging.broker.NodeBroker;
import dev.cardea.messaging.hub.Hub;
import dev.cardea.testkit.Simulation;
import dev.cardea.testkit.broker.MercureSuite;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;

/** A Mercure hub of several nodes over a real Redis. */
@Timeout(60)
class RedisMercureTest extends MercureSuite {
    private static final AtomicInteger EPOCHS = new AtomicInteger();
    private static final AtomicInteger TESTS = new AtomicInteger();

    @SuppressWarnings("NullAway.Init") // before all tests
    private static RedisServer redis;

    private final String prefix = "m" + TESTS.incrementAndGet();

    RedisMercureTest() {
        super(Simulation.live(5));
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
                Configured.redis("prefix: " + prefix + ", address: '" + redis.url() + "'"),
                hub,
                id,
                () -> "epoch" + EPOCHS.incrementAndGet(),
                Duration.ofSeconds(2));
    }

    @Override
    protected void loseAll() {
        try {
            redis.ask("FLUSHALL");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
