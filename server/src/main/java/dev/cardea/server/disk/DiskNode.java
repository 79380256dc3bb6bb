package dev.cardea.server.disk;

import dev.cardea.messaging.broker.Broker;
import dev.cardea.messaging.broker.Control;
import dev.cardea.messaging.broker.NodeBroker;
import dev.cardea.messaging.broker.Replicas;
import dev.cardea.messaging.hub.Hub;
import dev.cardea.server.config.PersistenceConfig.Sync;
import java.sql.SQLException;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A node that stands alone, with a folder for the history of some of its namespaces. */
public final class DiskNode implements NodeBroker {
    private static final Logger LOG = LoggerFactory.getLogger(DiskNode.class);

    private final Database database;
    private final Tables tables;
    private final Sweep sweep;
    private final Writer writer;
    private final Readers readers;
    private final @Nullable Syncs syncs;
    private final DiskBroker broker;

    private DiskNode(
            Database database,
            Hub hub,
            Broker embedded,
            Predicate<String> isPersistent,
            Supplier<String> newEpoch,
            LongSupplier unixMillis)
            throws SQLException {
        this.database = database;
        StoreOptions options = database.options();
        tables = new Tables(database, newEpoch, unixMillis);
        Replicas[] told = new Replicas[1];
        sweep = new Sweep(tables, options.maxStreams(), channel -> told[0].follows(channel));
        writer = new Writer(tables, sweep, () -> told[0].tick());
        readers = new Readers(database);
        DiskStreams streams =
                new DiskStreams(
                        writer,
                        readers,
                        (channel, arrival) -> told[0].arrived(channel, arrival),
                        unixMillis);
        // Nothing is lost on its way to a replica: only one that was in doubt is looked at again.
        Replicas replicas = new Replicas(hub, streams, System::nanoTime, Long.MAX_VALUE);
        told[0] = replicas;
        broker = new DiskBroker(embedded, isPersistent, streams, replicas);
        syncs =
                options.sync() == Sync.INTERVAL
                        ? new Syncs(database.folder().writeAheadLog(), options.intervalNanos())
                        : null;
    }

    /**
     * Opens the folder.
     *
     * @param embedded for all other namespaces, and for presence
     * @param isPersistent by the namespace's name; the same for as long as the node lives
     * @param newEpoch makes a stream's epoch
     * @param unixMillis the time of day, which ages are judged by
     * @throws StoreRefused it can't be used
     */
    public static DiskNode start(
            StoreOptions options,
            Hub hub,
            Broker embedded,
            Predicate<String> isPersistent,
            Supplier<String> newEpoch,
            LongSupplier unixMillis) {
        Database database = Database.open(options);
        try {
            DiskNode node =
                    new DiskNode(database, hub, embedded, isPersistent, newEpoch, unixMillis);
            node.writer.start();
            return node;
        } catch (SQLException e) {
            database.close();
            throw new StoreRefused(
                    "%s can't be read (%s)".formatted(database.folder().database(), e.getMessage()),
                    e);
        }
    }

    @Override
    public Broker broker() {
        return broker;
    }

    @Override
    public Control control() {
        return Control.NONE;
    }

    /** Whether the disk takes what is published. */
    @Override
    public boolean isReachable() {
        return writer.trouble() == null
                && readers.isWell()
                && (syncs == null || !syncs.hasFailed());
    }

    /** What was taken is written. */
    @Override
    public void close() {
        writer.close();
        readers.close();
        if (syncs != null) syncs.close();
        try {
            sweep.close();
            tables.close();
        } catch (SQLException e) {
            LOG.atWarn().setCause(e).log("persistent_history_left_open");
        }
        database.close();
    }
}
