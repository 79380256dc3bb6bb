package dev.cardea.server.disk;

import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Removes what has outlived its time: some streams at each call, all in turn. On the writer's
 * thread, in its transaction.
 */
final class Sweep implements AutoCloseable {
    private static final int AT_ONCE = 1_000;
    private static final int AT_ONCE_IN_NEED = 10_000;
    private static final int REMOVED_AT_ONCE = 20_000;
    private static final int PROBE_BYTES = 64 * 1024;

    private record Look(
            long id,
            String channel,
            long top,
            long writtenMillis,
            long ttlMillis,
            long metaTtlMillis) {}

    private final Tables tables;
    private final long maxIdle;

    /** Whether somebody reads the channel here. */
    private final Predicate<String> isRead;

    private final Prepared next;
    private final Prepared oldestAt;
    private final Prepared firstYoung;
    private final Prepared removeStream;
    private final Prepared removeResults;
    private long lookedAt;

    /** Streams without publications that stay, as far as this round has come. */
    private long idle;

    /** So many of them are still to go, as the last round has found. */
    private long excess;

    /**
     * @param maxIdle streams of which nothing but the position is left; past it they go before
     *     their time
     */
    Sweep(Tables tables, long maxIdle, Predicate<String> isRead) throws SQLException {
        this.tables = tables;
        this.maxIdle = maxIdle;
        this.isRead = isRead;
        Connection connection = tables.connection();
        next =
                new Prepared(
                        connection,
                        "SELECT id, channel, top, written_ms, ttl_ms, meta_ttl_ms FROM streams"
                                + " WHERE id > ? ORDER BY id LIMIT ?");
        oldestAt =
                new Prepared(
                        connection,
                        "SELECT at_ms FROM publications WHERE stream = ? ORDER BY offset LIMIT 1");
        firstYoung =
                new Prepared(
                        connection,
                        "SELECT offset FROM publications WHERE stream = ? AND at_ms >= ?"
                                + " ORDER BY offset LIMIT 1");
        removeStream = new Prepared(connection, "DELETE FROM streams WHERE id = ?");
        removeResults =
                new Prepared(
                        connection,
                        "DELETE FROM results WHERE (channel, key) IN"
                                + " (SELECT channel, key FROM results WHERE expires_ms <= ? LIMIT ?)");
    }

    /** The next some. Returns how many rows went. */
    int some() throws SQLException {
        long now = tables.unixMillis();
        removeResults.get().setLong(1, now);
        removeResults.get().setInt(2, REMOVED_AT_ONCE);
        int removed = removeResults.get().executeUpdate();
        int atOnce = excess > 0 ? AT_ONCE_IN_NEED : AT_ONCE;
        List<Look> looks = looks(atOnce);
        for (Look look : looks) {
            lookedAt = look.id();
            removed += expire(look, now);
            if (removed > REMOVED_AT_ONCE) return removed;
        }
        if (looks.size() == atOnce) return removed;
        lookedAt = 0; // the next round
        excess = Math.max(0, idle - maxIdle);
        idle = 0;
        return removed;
    }

    private List<Look> looks(int atOnce) throws SQLException {
        List<Look> looks = new ArrayList<>();
        next.get().setLong(1, lookedAt);
        next.get().setInt(2, atOnce);
        try (ResultSet found = next.get().executeQuery()) {
            while (found.next())
                looks.add(
                        new Look(
                                found.getLong(1),
                                found.getString(2),
                                found.getLong(3),
                                found.getLong(4),
                                found.getLong(5),
                                found.getLong(6)));
        }
        return looks;
    }

    /** Returns how many rows went. */
    private int expire(Look look, long now) throws SQLException {
        int removed = 0;
        long from = now - look.ttlMillis();
        oldestAt.get().setLong(1, look.id());
        boolean isEmpty;
        boolean isOld;
        try (ResultSet found = oldestAt.get().executeQuery()) {
            isEmpty = !found.next();
            isOld = !isEmpty && found.getLong(1) < from;
        }
        if (isOld) {
            long young = firstYoung(look, from);
            removed = tables.remove(look.id(), young == 0 ? look.top() : young - 1);
            isEmpty = young == 0;
        }
        if (!isEmpty || isRead.test(look.channel())) return removed;
        boolean isOutlived = look.writtenMillis() + look.metaTtlMillis() < now;
        if (!isOutlived && excess == 0) {
            idle++;
            return removed;
        }
        if (excess > 0) excess--;
        removeStream.get().setLong(1, look.id());
        tables.forget(look.channel());
        return removed + removeStream.get().executeUpdate();
    }

    private long firstYoung(Look look, long from) throws SQLException {
        firstYoung.get().setLong(1, look.id());
        firstYoung.get().setLong(2, from);
        try (ResultSet found = firstYoung.get().executeQuery()) {
            return found.next() ? found.getLong(1) : 0;
        }
    }

    /** Fails while the disk takes nothing. */
    void probe() throws SQLException, IOException {
        try (PreparedStatement fill =
                tables.connection()
                        .prepareStatement("INSERT OR REPLACE INTO facts VALUES('probe', ?)")) {
            tables.begin();
            fill.setString(1, "x".repeat(PROBE_BYTES));
            fill.executeUpdate();
            tables.commit();
            tables.begin();
            fill.setString(1, "");
            fill.executeUpdate();
            tables.commit();
        }
    }

    /** Something has failed. */
    void failed() {
        for (Prepared each : all()) each.forget();
    }

    private List<Prepared> all() {
        return List.of(next, oldestAt, firstYoung, removeStream, removeResults);
    }

    @Override
    public void close() throws SQLException {
        for (Prepared each : all()) each.close();
    }
}
