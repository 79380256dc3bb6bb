package dev.cardea.server.disk;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * The transactions of one connection, begun and ended by hand: SQLite ends one by itself when the
 * disk is full, which the driver doesn't notice. For one thread at a time.
 */
final class Transaction implements AutoCloseable {
    private final Statement statement;
    private final String begin;
    private boolean isOpen;

    /**
     * @param writes it is the only one that does, from its first statement on
     */
    Transaction(Connection connection, boolean writes) throws SQLException {
        this.statement = connection.createStatement();
        this.begin = writes ? "BEGIN IMMEDIATE" : "BEGIN";
    }

    /** Unless it has begun. */
    void begin() throws SQLException {
        if (isOpen) return;
        statement.execute(begin);
        isOpen = true;
    }

    void commit() throws SQLException {
        statement.execute("COMMIT");
        isOpen = false;
    }

    /** What was changed isn't. Nothing, if SQLite has done so already. */
    void rollBack() {
        if (!isOpen) return;
        isOpen = false;
        try {
            statement.execute("ROLLBACK");
        } catch (SQLException _) {
            // there is none any more; if there is, the next BEGIN fails, and says why
        }
    }

    @Override
    public void close() throws SQLException {
        rollBack();
        statement.close();
    }
}
