package dev.cardea.server.disk;

import dev.cardea.messaging.broker.EmbeddedBroker;
import dev.cardea.messaging.broker.NodeBroker;
import dev.cardea.messaging.hub.Hub;
import dev.cardea.server.config.PersistenceConfig.Sync;
import dev.cardea.testkit.SimulatedNode;
import dev.cardea.testkit.Simulation;
import dev.cardea.testkit.broker.BrokerSuite;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What every broker promises, of a node whose history is on the disk. */
@Timeout(60)
class DiskBrokerTest extends BrokerSuite {
    private static final AtomicInteger EPOCHS = new AtomicInteger();

    @TempDir private Path folder = Path.of("");

    DiskBrokerTest() {
        super(Simulation.live(3), "");
    }

    @Override
    protected boolean isShared() {
        return false;
    }

    @Override
    protected NodeBroker join(String id, Hub hub) {
        return DiskNode.start(
                new StoreOptions(folder, Sync.INTERVAL, 1_000_000_000, 0, 1_000),
                hub,
                new EmbeddedBroker(hub, SimulatedNode.PRESENCE_TTL.toNanos(), simulation::nowNanos),
                namespace -> !namespace.equals("live"),
                () -> "epoch" + EPOCHS.incrementAndGet(),
                System::currentTimeMillis);
    }
}
