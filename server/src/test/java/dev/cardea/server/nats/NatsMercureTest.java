package dev.cardea.server.nats;

import dev.cardea.messaging.broker.NodeBroker;
import dev.cardea.messaging.hub.Hub;
import dev.cardea.testkit.Simulation;
import dev.cardea.testkit.broker.MercureSuite;
import io.nats.client.Connection;
import io.nats.client.Nats;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;

/** A Mercure hub of several nodes over a real NATS. */
@Timeout(60)
class NatsMercureTest extends MercureSuite {
    private static final AtomicInteger EPOCHS = new AtomicInteger();
    private static final AtomicInteger TESTS = new AtomicInteger();

    @SuppressWarnings("NullAway.Init") // before all tests
    private static NatsServer nats;

    private final String prefix = "m" + TESTS.incrementAndGet();

    NatsMercureTest() {
        super(Simulation.live(5));
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
                Configured.nats("prefix: " + prefix + ", url: '" + nats.url() + "'"),
                hub,
                id,
                () -> "epoch" + EPOCHS.incrementAndGet(),
                Duration.ofSeconds(2));
    }

    @Override
    protected void loseAll() {
        try {
            Connection connection = Nats.connect(nats.url());
            connection.jetStreamManagement().deleteStream(prefix + "-log-=00mercure");
            connection.close();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
