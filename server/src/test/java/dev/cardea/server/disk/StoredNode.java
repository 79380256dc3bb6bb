package dev.cardea.server.disk;

import dev.cardea.messaging.broker.Broker.HistoryQuery;
import dev.cardea.messaging.broker.Broker.PublishOptions;
import dev.cardea.messaging.broker.Broker.Published;
import dev.cardea.messaging.broker.EmbeddedBroker;
import dev.cardea.messaging.log.StreamSlice;
import dev.cardea.server.config.PersistenceConfig.Sync;
import dev.cardea.testkit.ChannelSettings;
import dev.cardea.testkit.ScriptedClient;
import dev.cardea.testkit.SimulatedEncoding;
import dev.cardea.testkit.SimulatedNode;
import dev.cardea.testkit.Simulation;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.centrifuge.Publication;
import dev.cardea.wire.centrifuge.StreamPosition;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

/** A node with a folder, which can be ended in every way and started again. */
final class StoredNode implements AutoCloseable {
    private static final AtomicInteger EPOCHS = new AtomicInteger();
    private static final String[] FILES = {"cardea.db", "cardea.db-wal", "told"};

    final Path folder;
    final AtomicLong unixMillis = new AtomicLong(1_700_000_000_000L);
    private final StoreOptions options;
    private DiskNode disk;
    private SimulatedNode node;

    StoredNode(Path folder) {
        this(folder, Sync.INTERVAL, 0);
    }

    StoredNode(Path folder, Sync sync, long maxBytes) {
        this.folder = folder;
        this.options = new StoreOptions(folder, sync, 50_000_000, maxBytes, 100);
        DiskNode[] made = new DiskNode[1];
        this.node = start(made);
        this.disk = made[0];
    }

    private SimulatedNode start(DiskNode[] made) {
        Simulation simulation = Simulation.live(3);
        return SimulatedNode.in(simulation)
                .brokerOf(hub -> {
                    long presence = SimulatedNode.PRESENCE_TTL.toNanos();
                    made[0] =
                            DiskNode.start(
                                    options,
                                    hub,
                                    new EmbeddedBroker(hub, presence, simulation::nowNanos),
                                    namespace -> !namespace.equals("memory"),
                                    () -> "epoch" + EPOCHS.incrementAndGet(),
                                    unixMillis::get);
                    return made[0].broker();
                })
                .channels(ChannelSettings.of("").history(10, Duration.ofMinutes(5)).forceRecovery())
                .channels(
                        ChannelSettings.of("long")
                                .history(100_000, Duration.ofMinutes(5))
                                .forceRecovery())
                .channels(ChannelSettings.of("memory").history(10, Duration.ofMinutes(5)))
                .start();
    }

    void start() {
        DiskNode[] made = new DiskNode[1];
        node = start(made);
        disk = made[0];
    }

    SimulatedNode node() {
        return node;
    }

    /** Waits for what another thread does. */
    static void eventually(BooleanSupplier condition) {
        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) throw new AssertionError("not in time");
            Thread.onSpinWait();
        }
    }

    boolean isWell() {
        return disk.isReachable();
    }

    @Override
    public void close() {
        stop();
    }

    /** As by SIGTERM. */
    void stop() {
        disk.close();
    }

    void restart() {
        stop();
        start();
    }

    /** The files as a process that is killed now would leave them. Nothing is being written. */
    Map<String, byte[]> files() {
        Map<String, byte[]> files = new HashMap<>();
        try {
            for (String name : FILES) files.put(name, Files.readAllBytes(folder.resolve(name)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return files;
    }

    /** Ends the node, and leaves the folder as it was then: in the same files. */
    void kill(Map<String, byte[]> files) {
        stop();
        try {
            Files.deleteIfExists(folder.resolve("cardea.db-shm"));
            for (String name : FILES) write(name, files.getOrDefault(name, new byte[0]));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void kill() {
        kill(files());
    }

    void write(String name, byte[] bytes) throws IOException {
        Files.write(
                folder.resolve(name),
                bytes,
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE,
                StandardOpenOption.TRUNCATE_EXISTING);
    }

    /** With the node away: changes what is kept. */
    static int change(Path folder, String sql) {
        try (Connection connection =
                        DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("cardea.db"));
                Statement statement = connection.createStatement()) {
            return statement.executeUpdate(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** With the node there or away: a number. */
    static long count(Path folder, String sql) {
        try (Connection connection =
                        DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("cardea.db"));
                Statement statement = connection.createStatement();
                var found = statement.executeQuery(sql)) {
            return found.next() ? found.getLong(1) : -1;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    StreamPosition publish(String channel, String data) {
        return publish(channel, Publication.of(Bytes.utf8(data)), PublishOptions.NONE);
    }

    CompletionStage<Published> publishLater(String channel, String data) {
        return node.publishLater(channel, Publication.of(Bytes.utf8(data)), PublishOptions.NONE);
    }

    StreamPosition publish(String channel, Publication publication, PublishOptions how) {
        return node.broker()
                .publish(channel, node.options(channel), publication, how)
                .toCompletableFuture()
                .orTimeout(20, TimeUnit.SECONDS)
                .join()
                .position();
    }

    StreamSlice history(String channel) {
        return node.broker()
                .history(
                        channel,
                        node.options(channel),
                        new HistoryQuery(0, Integer.MAX_VALUE, false))
                .toCompletableFuture()
                .orTimeout(20, TimeUnit.SECONDS)
                .join();
    }

    List<String> data(String channel) {
        return history(channel).publications().stream().map(p -> p.data().toUtf8()).toList();
    }

    void removeHistory(String channel) {
        node.broker()
                .removeHistory(channel, node.options(channel))
                .toCompletableFuture()
                .orTimeout(20, TimeUnit.SECONDS)
                .join();
    }

    ScriptedClient client() {
        return node.client(SimulatedEncoding.JSON).connected();
    }
}
