package dev.cardea.server.disk;

import dev.cardea.messaging.hub.ChannelOptions;
import dev.cardea.wire.centrifuge.StreamPosition;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the writer's thread reads and changes, in the transaction that is open. It remembers where
 * streams stand; a transaction that fails makes it forget.
 */
final class Tables implements AutoCloseable {
    /** Streams whose place is remembered; others are looked up. */
    private static final int REMEMBERED = 50_000;

    private final Connection connection;
    private final Transaction transaction;
    private final long life;
    private final Supplier<String> newEpoch;
    private final LongSupplier unixMillis;

    private final Prepared find;
    private final Prepared insertStream;
    private final Prepared updateStream;
    private final Prepared insertPublication;
    private final Prepared removePublications;
    private final Prepared oldest;
    private final Prepared findResult;
    private final Prepared keepResult;
    private final Prepared countUp;

    private final Map<String, StreamState> streams =
            new LinkedHashMap<>(1024, 0.75f, true) {
                @Override
                protected boolean removeEldestEntry(Map.Entry<String, StreamState> eldest) {
                    return size() > REMEMBERED && !changed.containsKey(eldest.getKey());
                }
            };
    private final Map<String, StreamState> changed = new LinkedHashMap<>();
    private final Told told;
    private long transactions;
    private long nextId;

    /**
     * @param newEpoch makes a stream's epoch; streams of an earlier life get another, too
     */
    Tables(Database database, Supplier<String> newEpoch, LongSupplier unixMillis)
            throws SQLException {
        this.connection = database.writing();
        this.transaction = new Transaction(connection, true);
        this.life = database.life();
        this.told = database.told();
        this.transactions = database.transactions();
        this.newEpoch = newEpoch;
        this.unixMillis = unixMillis;
        find =
                new Prepared(
                        connection,
                        "SELECT id, epoch, life, top, version, version_epoch, written_ms, ttl_ms,"
                                + " meta_ttl_ms FROM streams WHERE channel = ?");
        insertStream =
                new Prepared(
                        connection,
                        "INSERT INTO streams(epoch, life, top, version, version_epoch, written_ms,"
                                + " ttl_ms, meta_ttl_ms, channel, id) VALUES(?,?,?,?,?,?,?,?,?,?)");
        updateStream =
                new Prepared(
                        connection,
                        "UPDATE streams SET epoch = ?, life = ?, top = ?, version = ?,"
                                + " version_epoch = ?, written_ms = ?, ttl_ms = ?, meta_ttl_ms = ?"
                                + " WHERE channel = ? AND id = ?");
        insertPublication =
                new Prepared(connection, "INSERT INTO publications VALUES(?,?,?,?,?,?)");
        removePublications =
                new Prepared(
                        connection, "DELETE FROM publications WHERE stream = ? AND offset <= ?");
        oldest =
                new Prepared(
                        connection,
                        "SELECT offset FROM publications WHERE stream = ? ORDER BY offset LIMIT 1");
        findResult =
                new Prepared(
                        connection,
                        "SELECT epoch, offset FROM results WHERE channel = ? AND key = ?"
                                + " AND expires_ms > ?");
        keepResult = new Prepared(connection, "INSERT OR REPLACE INTO results VALUES(?,?,?,?,?)");
        countUp =
                new Prepared(connection, "UPDATE facts SET value = ? WHERE name = 'transactions'");
        try (PreparedStatement query =
                        connection.prepareStatement("SELECT coalesce(max(id), 0) FROM streams");
                ResultSet found = query.executeQuery()) {
            nextId = found.next() ? found.getLong(1) + 1 : 1;
        }
    }

    long unixMillis() {
        return unixMillis.getAsLong();
    }

    // ---- streams ----

    /** The stream, made if need be, in this life. */
    StreamState open(String channel, ChannelOptions options) throws SQLException {
        StreamState state = streams.get(channel);
        if (state == null) {
            state = load(channel);
            if (state == null) state = new StreamState(nextId++, channel, newEpoch.get(), life);
            if (!state.isKept) touch(state);
            streams.put(channel, state);
        }
        if (state.life != life) renew(state);
        long ttl = TimeUnit.NANOSECONDS.toMillis(options.log().historyTtlNanos());
        long metaTtl = TimeUnit.NANOSECONDS.toMillis(options.historyMetaTtlNanos());
        if (state.ttlMillis != ttl || state.metaTtlMillis != metaTtl) {
            state.ttlMillis = ttl;
            state.metaTtlMillis = metaTtl;
            change(state);
        }
        state.size = options.log().historySize();
        return state;
    }

    private @Nullable StreamState load(String channel) throws SQLException {
        find.get().setString(1, channel);
        StreamState state;
        try (ResultSet found = find.get().executeQuery()) {
            if (!found.next()) return null;
            state =
                    new StreamState(
                            found.getLong(1), channel, found.getString(2), found.getLong(3));
            state.isKept = true;
            state.top = found.getLong(4);
            state.version = found.getLong(5);
            state.versionEpoch = found.getString(6);
            state.writtenMillis = found.getLong(7);
            state.ttlMillis = found.getLong(8);
            state.metaTtlMillis = found.getLong(9);
        }
        oldest.get().setLong(1, state.id);
        try (ResultSet found = oldest.get().executeQuery()) {
            state.removedTo = found.next() ? found.getLong(1) - 1 : state.top;
        }
        return state;
    }

    /** Another epoch: what clients have seen of it may be something else. */
    void renew(StreamState state) {
        state.epoch = newEpoch.get();
        state.life = life;
        change(state);
    }

    /** Its time to live begins anew. */
    void touch(StreamState state) {
        state.writtenMillis = unixMillis();
        change(state);
    }

    private void change(StreamState state) {
        changed.put(state.channel, state);
    }

    /** The stream may have been removed meanwhile. */
    void forget(String channel) {
        streams.remove(channel);
    }

    // ---- publications ----

    void append(StreamState state, Stored stored) throws SQLException {
        insertPublication.get().setLong(1, state.id);
        insertPublication.get().setLong(2, stored.offset());
        insertPublication.get().setLong(3, stored.atMillis());
        insertPublication.get().setInt(4, stored.isPatched() ? 1 : 0);
        insertPublication.get().setLong(5, stored.sum());
        insertPublication.get().setBytes(6, stored.body().toArray());
        insertPublication.get().executeUpdate();
        state.top = stored.offset();
        touch(state);
    }

    /** Everything up to an offset. */
    void removeTo(StreamState state, long offset) throws SQLException {
        remove(state.id, offset);
        state.removedTo = Math.max(state.removedTo, Math.min(offset, state.top));
    }

    /** Rows of a stream's publications up to an offset. Returns how many went. */
    int remove(long stream, long offset) throws SQLException {
        removePublications.get().setLong(1, stream);
        removePublications.get().setLong(2, offset);
        return removePublications.get().executeUpdate();
    }

    void begin() throws SQLException {
        transaction.begin();
    }

    /**
     * Rows that say something else, and then the transaction is written, as safely as is
     * configured.
     */
    void commit() throws SQLException, IOException {
        flush();
        transaction.commit();
        changed.clear();
        transactions++;
        told.count(transactions);
    }

    private void flush() throws SQLException {
        for (StreamState state : changed.values()) {
            PreparedStatement row = (state.isKept ? updateStream : insertStream).get();
            row.setString(1, state.epoch);
            row.setLong(2, state.life);
            row.setLong(3, state.top);
            row.setLong(4, state.version);
            row.setString(5, state.versionEpoch);
            row.setLong(6, state.writtenMillis);
            row.setLong(7, state.ttlMillis);
            row.setLong(8, state.metaTtlMillis);
            row.setString(9, state.channel);
            row.setLong(10, state.id);
            row.executeUpdate();
            state.isKept = true;
            // some at a time, so that few transactions pay for it
            int slack = Math.max(8, Math.min(state.size / 4, 1_000));
            if (state.top - state.removedTo >= (long) state.size + slack)
                removeTo(state, state.top - state.size);
        }
        countUp.get().setString(1, Long.toString(transactions + 1));
        countUp.get().executeUpdate();
    }

    /** Without a look at what was remembered, which is as it was. */
    void rollBackUnchanged() {
        transaction.rollBack();
    }

    /** The transaction has failed, or is given up. */
    void rollBack() {
        transaction.rollBack();
        for (Prepared each : all()) each.forget();
        streams.clear();
        changed.clear();
    }

    // ---- results of idempotency keys ----

    @Nullable StreamPosition result(String channel, String key) throws SQLException {
        findResult.get().setString(1, channel);
        findResult.get().setString(2, key);
        findResult.get().setLong(3, unixMillis());
        try (ResultSet found = findResult.get().executeQuery()) {
            return found.next() ? new StreamPosition(found.getLong(2), found.getString(1)) : null;
        }
    }

    void keepResult(String channel, String key, StreamPosition position, long ttlMillis)
            throws SQLException {
        keepResult.get().setString(1, channel);
        keepResult.get().setString(2, key);
        keepResult.get().setString(3, position.epoch());
        keepResult.get().setLong(4, position.offset());
        keepResult.get().setLong(5, unixMillis() + ttlMillis);
        keepResult.get().executeUpdate();
    }

    Connection connection() {
        return connection;
    }

    private List<Prepared> all() {
        return List.of(
                find,
                insertStream,
                updateStream,
                insertPublication,
                removePublications,
                oldest,
                findResult,
                keepResult,
                countUp);
    }

    @Override
    public void close() throws SQLException {
        transaction.close();
        for (Prepared each : all()) each.close();
    }
}
