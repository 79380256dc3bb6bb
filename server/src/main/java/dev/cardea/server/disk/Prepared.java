package dev.cardea.server.disk;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** A statement that is prepared once, and again after a failure: the driver closes what fails. */
final class Prepared implements AutoCloseable {
    private final Connection connection;
    private final String sql;
    private @Nullable PreparedStatement statement;

    Prepared(Connection connection, String sql) {
        this.connection = connection;
        this.sql = sql;
    }

    PreparedStatement get() throws SQLException {
        PreparedStatement known = statement;
        if (known != null) return known;
        PreparedStatement made = connection.prepareStatement(sql);
        statement = made;
        return made;
    }

    /** Something has failed on the connection. */
    void forget() {
        try {
            close();
        } catch (SQLException _) {
            // it is closed
        }
    }

    @Override
    public void close() throws SQLException {
        PreparedStatement known = statement;
        statement = null;
        if (known != null) known.close();
    }
}
