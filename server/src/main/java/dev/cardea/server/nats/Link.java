package dev.cardea.server.nats;

import io.nats.client.Connection;
import io.nats.client.ConnectionListener;
import io.nats.client.Consumer;
import io.nats.client.ErrorListener;
import io.nats.client.JetStreamManagement;
import io.nats.client.JetStreamOptions;
import io.nats.client.JetStreamStatusException;
import io.nats.client.Message;
import io.nats.client.Nats;
import io.nats.client.Options;
import io.nats.client.impl.Headers;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connection with NATS, and what makes it anew: each time another one, so that whoever takes a
 * message knows whether anything may be missing before it. Thread safe.
 */
final class Link implements AutoCloseable {
    /** What has no answer by then has none. */
    static final Duration ANSWERS = Duration.ofSeconds(4);

    private static final Logger LOG = LoggerFactory.getLogger(Link.class);
    private static final Duration PINGS = Duration.ofSeconds(2);
    private static final Duration TIMES_OUT = Duration.ofMillis(250);
    private static final Duration LAST_WORDS = Duration.ofSeconds(1);

    /**
     * A question that comes while a connection closes is one that the client library forgets: it
     * neither fails nor times out there.
     */
    private static final long FORGOTTEN_MILLIS = ANSWERS.toMillis() + 1_000;

    private static final long FIRST_WAIT_MILLIS = 50;
    private static final long LONGEST_WAIT_MILLIS = 2_000;

    private static final int NO_RESPONDERS = 503;

    /** So much may wait for NATS's answers; a publisher beyond it is told at once. */
    private static final long MAX_UNANSWERED_BYTES = 64 * 1024 * 1024;

    /** Told on the thread that connects. */
    interface Watcher {
        /** Before anybody asks anything over it. */
        void listenOver(Connection connection) throws IOException, InterruptedException;

        /** Questions can be asked. */
        void connected();

        /** The client library has let go of messages. */
        void dropped();
    }

    /** One connection's life. */
    private record Live(Connection connection, JetStreamManagement management) {}

    private final Options.Builder options;
    private final String servers;
    private final Watcher watcher;
    private final AtomicLong unansweredBytes = new AtomicLong();
    private final AtomicInteger failures = new AtomicInteger();
    private volatile @Nullable Live live;
    private volatile boolean isClosed;
    private volatile @Nullable Thread connecting;

    /**
     * @param servers for the log
     */
    Link(Options.Builder options, String servers, Watcher watcher) {
        this.servers = servers;
        this.watcher = watcher;
        this.options =
                options.noReconnect()
                        .pingInterval(PINGS)
                        .maxPingsOut(2)
                        .requestCleanupInterval(TIMES_OUT)
                        .reportNoResponders()
                        .connectionListener(
                                new ConnectionListener() {
                                    @Override
                                    @Deprecated
                                    public void connectionEvent(
                                            Connection connection, Events event) {
                                        if (event == Events.CLOSED) lost(connection);
                                    }
                                })
                        .errorListener(
                                new ErrorListener() {
                                    @Override
                                    public void slowConsumerDetected(
                                            Connection connection, Consumer consumer) {
                                        LOG.atWarn().log("broker_messages_dropped");
                                        watcher.dropped();
                                    }

                                    @Override
                                    public void errorOccurred(Connection connection, String error) {
                                        LOG.atWarn().addKeyValue("why", error).log("broker_error");
                                    }
                                });
    }

    /** Connects in its own time, and again whenever the connection is lost. */
    synchronized void connect() {
        if (isClosed || connecting != null) return;
        connecting = Thread.ofVirtual().name("nats-connect").start(this::connectUntilClosed);
    }

    private void connectUntilClosed() {
        while (!isClosed) {
            try {
                begin(Nats.connect(options.build()));
                return;
            } catch (IOException | RuntimeException e) {
                failed(e);
            } catch (InterruptedException _) {
                return; // closed
            }
        }
    }

    private void begin(Connection connection) throws IOException, InterruptedException {
        boolean isLive = false;
        try {
            JetStreamManagement management =
                    connection.jetStreamManagement(
                            JetStreamOptions.builder().requestTimeout(ANSWERS).build());
            watcher.listenOver(connection);
            synchronized (this) {
                if (isClosed) return;
                live = new Live(connection, management);
                connecting = null;
                isLive = true;
            }
        } finally {
            if (!isLive) connection.close();
        }
        failures.set(0);
        LOG.atInfo().addKeyValue("server", servers).log("broker_connected");
        if (connection.getStatus() == Connection.Status.CLOSED) lost(connection);
        else watcher.connected();
    }

    private void failed(Exception e) throws RuntimeException {
        int count = failures.incrementAndGet();
        if (count == 1 || count % 30 == 0) { // once, and then each minute
            LOG.atWarn()
                    .addKeyValue("server", servers)
                    .addKeyValue("why", e.getMessage())
                    .log("broker_unreachable");
        }
        long millis = Math.min(LONGEST_WAIT_MILLIS, FIRST_WAIT_MILLIS << Math.min(count, 10));
        try {
            Thread.sleep(millis / 2 + ThreadLocalRandom.current().nextLong(millis / 2));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void lost(Connection connection) {
        synchronized (this) {
            Live before = live;
            if (before == null || !before.connection().equals(connection)) return;
            live = null;
            if (isClosed) return;
        }
        LOG.atWarn().addKeyValue("server", servers).log("broker_lost");
        connect();
    }

    boolean isUp() {
        return live != null;
    }

    /**
     * @throws Unreachable there is none
     */
    Connection connection() {
        return now().connection();
    }

    JetStreamManagement management() {
        return now().management();
    }

    private Live now() {
        Live now = live;
        if (now == null) throw new Unreachable("not connected to NATS");
        return now;
    }

    /** Tells, and nobody knows who has heard it. */
    CompletableFuture<@Nullable Void> tell(String subject, byte[] message) {
        try {
            connection().publish(subject, message);
            return CompletableFuture.completedFuture(null);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** Asks; fails soon after {@link #ANSWERS} if there is no answer. */
    CompletableFuture<Message> ask(String subject, @Nullable Headers headers, byte[] message) {
        if (unansweredBytes.addAndGet(message.length) > MAX_UNANSWERED_BYTES) {
            unansweredBytes.addAndGet(-message.length);
            return CompletableFuture.failedFuture(new Unreachable("too much waits for NATS"));
        }
        CompletableFuture<Message> answer;
        try {
            answer = connection().requestWithTimeout(subject, headers, message, ANSWERS);
        } catch (RuntimeException e) {
            unansweredBytes.addAndGet(-message.length);
            return CompletableFuture.failedFuture(e);
        }
        return answer.orTimeout(FORGOTTEN_MILLIS, TimeUnit.MILLISECONDS)
                .handle((got, failure) -> {
                    unansweredBytes.addAndGet(-message.length);
                    if (failure == null) return got;
                    throw failure instanceof CancellationException
                                    || failure instanceof TimeoutException
                            ? new Unreachable("NATS doesn't answer")
                            : new CompletionException(failure);
                });
    }

    /** NATS knows at once when nobody listens where something was asked. */
    static boolean isNobody(Throwable failure) {
        Throwable why = failure;
        while (why instanceof CompletionException && why.getCause() != null) why = why.getCause();
        return why instanceof JetStreamStatusException status
                && status.getStatus().getCode() == NO_RESPONDERS;
    }

    @Override
    public void close() {
        Live last;
        Thread thread;
        synchronized (this) {
            isClosed = true;
            last = live;
            live = null;
            thread = connecting;
        }
        if (thread != null) thread.interrupt();
        if (last == null) return;
        try {
            last.connection().flush(LAST_WORDS);
            last.connection().close();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (TimeoutException | RuntimeException _) {
            // it wasn't there any more
        }
    }
}
