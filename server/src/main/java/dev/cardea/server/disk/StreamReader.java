package dev.cardea.server.disk;

import dev.cardea.messaging.broker.Mark;
import dev.cardea.wire.Bytes;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads streams, each in one moment, on a connection of its own. For one thread at a time. */
final class StreamReader implements AutoCloseable {
    private static final long BYTES_AT_MOST = 16L * 1024 * 1024;

    /**
     * A part of a stream.
     *
     * @param top where the stream stands at that moment
     * @param isDamaged it isn't what was written
     */
    record Part(List<Stored> publications, Mark top, boolean isDamaged) {}

    private final Connection connection;
    private final Transaction transaction;
    private final long life;
    private final Prepared find;
    private final Prepared first;
    private final Prepared forward;
    private final Prepared backward;

    /**
     * @param life streams of another aren't there yet
     */
    StreamReader(Connection connection, long life) throws SQLException {
        this.connection = connection;
        this.life = life;
        this.transaction = new Transaction(connection, false);
        find =
                new Prepared(
                        connection, "SELECT id, epoch, life, top FROM streams WHERE channel = ?");
        first =
                new Prepared(
                        connection,
                        "SELECT offset FROM publications WHERE stream = ? AND offset > ?"
                                + " AND at_ms >= ? ORDER BY offset LIMIT 1");
        String columns = "SELECT offset, at_ms, patched, sum, body FROM publications";
        forward =
                new Prepared(
                        connection,
                        columns + " WHERE stream = ? AND offset >= ? ORDER BY offset LIMIT ?");
        backward =
                new Prepared(
                        connection,
                        columns
                                + " WHERE stream = ? AND offset >= ? AND offset < ?"
                                + " ORDER BY offset DESC LIMIT ?");
    }

    /**
     * Null: there is no such stream in this life.
     *
     * @param offset forward: publications behind it; else before it, 0 from the newest on
     * @param size how many history keeps
     * @param fromMillis Unix time; what is older isn't kept any more
     */
    @Nullable Part read(
            String channel, boolean isForward, long offset, int limit, int size, long fromMillis)
            throws SQLException {
        transaction.begin();
        try {
            return part(channel, isForward, offset, limit, size, fromMillis);
        } catch (SQLException e) {
            for (Prepared each : List.of(find, first, forward, backward)) each.forget();
            throw e;
        } finally {
            transaction.rollBack(); // nothing was written; the next one sees what was meanwhile
        }
    }

    private @Nullable Part part(
            String channel, boolean isForward, long offset, int limit, int size, long fromMillis)
            throws SQLException {
        find.get().setString(1, channel);
        long id;
        Mark top;
        try (ResultSet found = find.get().executeQuery()) {
            if (!found.next() || found.getLong(3) != life) return null;
            id = found.getLong(1);
            top = new Mark(found.getString(2), found.getLong(4), 0);
        }
        boolean isBeyond = isForward ? offset < 0 || offset >= top.offset() : offset == 1;
        if (limit == 0 || isBeyond) return new Part(List.of(), top, false);
        long floor = Math.max(top.offset() - size, 0);
        long from = oldest(id, Math.max(isForward ? offset : 0, floor), fromMillis);
        if (from == 0) return new Part(List.of(), top, false);
        PreparedStatement query = (isForward ? forward : backward).get();
        query.setLong(1, id);
        query.setLong(2, from);
        if (!isForward) query.setLong(3, offset <= 0 ? Long.MAX_VALUE : offset);
        query.setInt(isForward ? 3 : 4, limit);
        return part(isForward, id, top, limit, query);
    }

    private long oldest(long id, long behind, long fromMillis) throws SQLException {
        first.get().setLong(1, id);
        first.get().setLong(2, behind);
        first.get().setLong(3, fromMillis);
        try (ResultSet found = first.get().executeQuery()) {
            return found.next() ? found.getLong(1) : 0;
        }
    }

    private static Part part(
            boolean isForward, long id, Mark top, int limit, PreparedStatement query)
            throws SQLException {
        List<Stored> all = new ArrayList<>();
        long bytes = 0;
        boolean isDamaged = false;
        boolean isCut = false;
        try (ResultSet found = query.executeQuery()) {
            while (!isDamaged && !isCut && found.next()) {
                Stored stored =
                        new Stored(
                                found.getLong(1),
                                found.getLong(2),
                                found.getInt(3) != 0,
                                found.getLong(4),
                                Bytes.wrap(found.getBytes(5)));
                long before = all.isEmpty() ? 0 : all.getLast().offset();
                isDamaged =
                        !stored.isWhole(id)
                                || stored.offset() > top.offset()
                                || (before != 0
                                        && stored.offset() != before + (isForward ? 1 : -1));
                all.add(stored);
                bytes += stored.body().length();
                isCut = bytes > BYTES_AT_MOST;
            }
        }
        // what is kept is kept up to the top
        isDamaged |=
                isForward
                        && !isCut
                        && !all.isEmpty()
                        && all.size() < limit
                        && all.getLast().offset() != top.offset();
        return new Part(isDamaged ? List.of() : all, top, isDamaged);
    }

    @Override
    public void close() throws SQLException {
        find.close();
        first.close();
        forward.close();
        backward.close();
        transaction.close();
        connection.close();
    }
}
