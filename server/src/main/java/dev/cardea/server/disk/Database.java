package dev.cardea.server.disk;

import dev.cardea.server.config.PersistenceConfig.Sync;
import java.io.IOException;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteConfig;

/**
 * The database in a folder: its form, and what is known of the process that had it before.
 *
 * <p>Each life of the streams has a number. It is another one when what the last process had told
 * clients may be missing: streams of an earlier life get another epoch before anybody is told of
 * them.
 */
final class Database implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Database.class);
    private static final int APPLICATION_ID = 0x43726461;
    private static final int FORMAT = 1;
    private static final int PAGE_BYTES = 4096;

    /** Looked through as a whole at every start; a larger one only where it may be damaged. */
    private static final long CHECKED_BYTES = 256L * 1024 * 1024;

    private static final String[] SCHEMA = {
        "CREATE TABLE facts(name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
        "CREATE TABLE streams(id INTEGER PRIMARY KEY, channel TEXT NOT NULL UNIQUE,"
                + " epoch TEXT NOT NULL, life INTEGER NOT NULL, top INTEGER NOT NULL,"
                + " version INTEGER NOT NULL, version_epoch TEXT NOT NULL,"
                + " written_ms INTEGER NOT NULL, ttl_ms INTEGER NOT NULL,"
                + " meta_ttl_ms INTEGER NOT NULL)",
        "CREATE TABLE publications(stream INTEGER NOT NULL, offset INTEGER NOT NULL,"
                + " at_ms INTEGER NOT NULL, patched INTEGER NOT NULL, sum INTEGER NOT NULL,"
                + " body BLOB NOT NULL, PRIMARY KEY(stream, offset)) WITHOUT ROWID",
        "CREATE TABLE results(channel TEXT NOT NULL, key TEXT NOT NULL, epoch TEXT NOT NULL,"
                + " offset INTEGER NOT NULL, expires_ms INTEGER NOT NULL,"
                + " PRIMARY KEY(channel, key)) WITHOUT ROWID",
        "CREATE INDEX results_expire ON results(expires_ms)",
    };

    private final Folder folder;
    private final StoreOptions options;
    private final Connection writing;
    private final Told told;
    private final long transactions;
    private final long life;

    private Database(
            Folder folder,
            StoreOptions options,
            Connection writing,
            Told told,
            long transactions,
            long life) {
        this.folder = folder;
        this.options = options;
        this.writing = writing;
        this.told = told;
        this.transactions = transactions;
        this.life = life;
    }

    /**
     * Opens it, or makes it.
     *
     * @throws StoreRefused it can't be used as it is
     */
    static Database open(StoreOptions options) {
        Folder folder = Folder.take(options.folder());
        Connection writing = null;
        try {
            boolean isNew = isNew(folder);
            writing = connect(folder, false);
            prepare(writing, options);
            if (isNew) create(writing);
            else check(folder, writing);
            return begin(folder, options, writing);
        } catch (SQLException | IOException e) {
            close(writing);
            folder.close();
            throw refused(folder, e);
        } catch (StoreRefused e) {
            close(writing);
            folder.close();
            throw e;
        }
    }

    private static boolean isNew(Folder folder) throws IOException {
        return !Files.exists(folder.database()) || Files.size(folder.database()) == 0;
    }

    private static StoreRefused refused(Folder folder, Exception e) {
        String message = String.valueOf(e.getMessage());
        boolean isDamaged = message.contains("NOTADB") || message.contains("CORRUPT");
        return new StoreRefused(
                isDamaged
                        ? damaged(folder, message)
                        : "%s can't be opened (%s)".formatted(folder.database(), message),
                e);
    }

    private static String damaged(Folder folder, String how) {
        return ("%s is damaged (%s). Put back a copy of the folder, or move the folder away to begin"
                        + " without history; 'sqlite3 %s .recover' shows what is left of it")
                .formatted(folder.database(), how, folder.database());
    }

    private static Connection connect(Folder folder, boolean isReader) throws SQLException {
        SQLiteConfig config = new SQLiteConfig();
        config.setReadOnly(isReader);
        config.setBusyTimeout(5_000);
        return config.createConnection("jdbc:sqlite:" + folder.database().toAbsolutePath());
    }

    private static void prepare(Connection writing, StoreOptions options) throws SQLException {
        run(writing, "PRAGMA page_size = " + PAGE_BYTES);
        run(writing, "PRAGMA journal_mode = WAL");
        // in between, pages are written in an order that a power cut can't spoil
        boolean isAlways = options.sync() == Sync.ALWAYS;
        run(writing, "PRAGMA synchronous = " + (isAlways ? "FULL" : "NORMAL"));
        run(writing, "PRAGMA cache_size = -32768");
        run(writing, "PRAGMA journal_size_limit = 67108864");
        run(writing, "PRAGMA wal_autocheckpoint = 2000");
        long pages = options.maxBytes() == 0 ? 0xFFFFFFFEL : options.maxBytes() / PAGE_BYTES;
        run(writing, "PRAGMA max_page_count = " + pages);
    }

    private static void create(Connection writing) throws SQLException {
        run(writing, "BEGIN IMMEDIATE");
        for (String statement : SCHEMA) run(writing, statement);
        run(writing, "PRAGMA application_id = " + APPLICATION_ID);
        run(writing, "PRAGMA user_version = " + FORMAT);
        run(writing, "COMMIT");
    }

    private static void check(Folder folder, Connection writing) throws SQLException, IOException {
        long application = number(writing, "PRAGMA application_id");
        long format = number(writing, "PRAGMA user_version");
        if (application != APPLICATION_ID)
            throw new StoreRefused("%s is no database of Cardea's".formatted(folder.database()));
        if (format != FORMAT)
            throw new StoreRefused(
                    "%s has format %d; this version of Cardea expects %d"
                            .formatted(folder.database(), format, FORMAT));
        long pages = number(writing, "PRAGMA page_count");
        boolean isShort = Files.size(folder.database()) / PAGE_BYTES < pages;
        boolean isSmall = pages * PAGE_BYTES <= CHECKED_BYTES;
        if (!isShort && !isSmall && wasLeftWell(writing)) return;
        String found = text(writing, "PRAGMA quick_check(1)");
        if (!"ok".equals(found)) throw new StoreRefused(damaged(folder, found));
    }

    private static boolean wasLeftWell(Connection writing) throws SQLException {
        return fact(writing, "open").isEmpty()
                || fact(writing, "boot").equals(Objects.requireNonNullElse(Folder.bootId(), "?"));
    }

    private static Database begin(Folder folder, StoreOptions options, Connection writing)
            throws SQLException, IOException {
        String before = fact(writing, "life");
        long life = before.isEmpty() ? 1 : Long.parseLong(before);
        long transactions = before.isEmpty() ? 0 : Long.parseLong(fact(writing, "transactions"));
        Told told = Told.open(folder.told());
        String missing = before.isEmpty() ? "" : missing(folder, writing, transactions, told);
        if (!missing.isEmpty()) {
            life++;
            LOG.atWarn()
                    .addKeyValue("path", folder.database())
                    .addKeyValue("reason", missing)
                    .log("persistent_streams_renewed");
        }
        run(writing, "BEGIN IMMEDIATE");
        keepFact(writing, "life", Long.toString(life));
        keepFact(writing, "transactions", Long.toString(transactions));
        keepFact(writing, "boot", Objects.requireNonNullElse(Folder.bootId(), ""));
        keepFact(writing, "file", folder.databaseFile());
        keepFact(writing, "sync", options.sync().name());
        keepFact(writing, "open", "yes");
        run(writing, "COMMIT");
        // all of it on the disk, before anybody is told anything
        run(writing, "PRAGMA wal_checkpoint(TRUNCATE)");
        told.count(transactions);
        return new Database(folder, options, writing, told, transactions, life);
    }

    /** Why something may be missing that clients have seen; empty: nothing is. */
    private static String missing(Folder folder, Connection writing, long transactions, Told told)
            throws SQLException, IOException {
        if (!fact(writing, "file").equals(folder.databaseFile())) return "copied";
        if (transactions < told.count()) return "cut_off";
        boolean isSafe =
                fact(writing, "open").isEmpty()
                        || fact(writing, "sync").equals(Sync.ALWAYS.name())
                        || fact(writing, "boot").equals(Folder.bootId());
        return isSafe ? "" : "machine_died";
    }

    /** The writer's. */
    Connection writing() {
        return writing;
    }

    /** One more that only reads, for one thread. */
    Connection reading() throws SQLException {
        return connect(folder, true);
    }

    Folder folder() {
        return folder;
    }

    StoreOptions options() {
        return options;
    }

    /** To be counted up by each transaction from here on, before anybody is told of it. */
    Told told() {
        return told;
    }

    /** How many there were before. */
    long transactions() {
        return transactions;
    }

    /** Which life of the streams this is. */
    long life() {
        return life;
    }

    /** Notes that all was written, and closes. The other connections are closed already. */
    @Override
    public void close() {
        try {
            keepFact(writing, "open", "");
            run(writing, "PRAGMA wal_checkpoint(TRUNCATE)");
        } catch (SQLException e) {
            LOG.atWarn().setCause(e).log("persistent_history_left_open");
        }
        close(writing);
        try {
            told.close();
        } catch (IOException e) {
            LOG.atWarn().setCause(e).log("persistent_history_left_open");
        }
        folder.close();
    }

    private static void close(@Nullable Connection connection) {
        try {
            if (connection != null) connection.close();
        } catch (SQLException e) {
            LOG.atWarn().setCause(e).log("persistent_history_left_open");
        }
    }

    private static String fact(Connection connection, String name) throws SQLException {
        try (PreparedStatement query =
                connection.prepareStatement("SELECT value FROM facts WHERE name = ?")) {
            query.setString(1, name);
            try (ResultSet found = query.executeQuery()) {
                return found.next() ? found.getString(1) : "";
            }
        }
    }

    private static void keepFact(Connection connection, String name, String value)
            throws SQLException {
        try (PreparedStatement update =
                connection.prepareStatement("INSERT OR REPLACE INTO facts VALUES(?, ?)")) {
            update.setString(1, name);
            update.setString(2, value);
            update.executeUpdate();
        }
    }

    private static void run(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static long number(Connection connection, String sql) throws SQLException {
        return Long.parseLong(text(connection, sql));
    }

    private static String text(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            return result.next() ? Objects.requireNonNullElse(result.getString(1), "") : "";
        }
    }
}
