package dev.cardea.server.redis;

import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.netty.util.concurrent.EventExecutor;
import java.net.SocketAddress;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection that listens, and what makes it anew: when it ends, when the server is silent, and
 * when nothing comes of what this node itself has said to it. Its state belongs to one thread.
 */
final class Ear implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Ear.class);
    private static final byte[] ECHO = {'~', '\n'};

    private final Object server;
    private final Supplier<CompletionStage<StatefulRedisPubSubConnection<byte[], byte[]>>> connects;
    private final EventExecutor owner;
    private final Subscriptions subscriptions;
    private final String echo;
    private final Consumer<byte[]> speaks;
    private final Consumer<List<String>> resumed;
    private final Runnable changed;
    private final Retries retries;
    private final Patience patience;
    private final AtomicLong heardNanos = new AtomicLong();

    private long spokeNanos;
    private boolean isConnecting;

    /** The node has heard itself, or will: its echo is listened to. */
    private boolean isListening;

    private boolean isClosed;

    /**
     * How long what is silent is waited for, in nanoseconds.
     *
     * @param answer the server's, to a ping
     * @param echo what this node itself has said; it speaks three times as often
     */
    record Patience(long answer, long echo) {
        static Patience of(long ioTimeoutNanos) {
            return new Patience(ioTimeoutNanos, ioTimeoutNanos * 5 / 2);
        }
    }

    /** What listens, and to what. */
    record Wiring(
            Subscriptions.Kind kind,
            Supplier<CompletionStage<StatefulRedisPubSubConnection<byte[], byte[]>>> connects) {}

    /**
     * @param server for the log
     * @param always names that are always listened to, among them {@code echo}
     * @param echo a name that this node alone listens to
     * @param speaks says something to {@code echo}
     * @param receiver of what is heard but the echo
     * @param resumed told of names that something may have been missed of
     * @param dropped told of a name that the server doesn't tell of any more, unasked
     * @param changed called when it is up or down
     */
    Ear(
            Object server,
            EventExecutor owner,
            Wiring wiring,
            Patience patience,
            List<String> always,
            String echo,
            Consumer<byte[]> speaks,
            BiConsumer<String, byte[]> receiver,
            Consumer<List<String>> resumed,
            Consumer<String> dropped,
            Runnable changed) {
        this.server = server;
        this.owner = owner;
        this.connects = wiring.connects();
        this.patience = patience;
        this.echo = echo;
        this.speaks = speaks;
        this.resumed = resumed;
        this.changed = changed;
        this.retries = new Retries(server, "subscriptions");
        this.subscriptions =
                new Subscriptions(
                        owner,
                        wiring.kind(),
                        always,
                        (name, message) -> heard(name, message, receiver),
                        dropped);
    }

    private void heard(String name, byte[] message, BiConsumer<String, byte[]> receiver) {
        if (message.length == ECHO.length && message[0] == ECHO[0]) {
            if (name.equals(echo)) heardNanos.set(System.nanoTime());
            return;
        }
        receiver.accept(name, message);
    }

    // ---- on the owner ----

    boolean isUp() {
        return subscriptions.isLive() && isListening;
    }

    String echo() {
        return echo;
    }

    void listen(String name, CompletableFuture<Void> confirmed) {
        subscriptions.listen(name, confirmed);
    }

    void ignore(String name) {
        subscriptions.ignore(name);
    }

    /** Takes over a name that another one has listened to, and whoever waits for it. */
    void adopt(String name, Collection<CompletableFuture<Void>> waiting) {
        subscriptions.adopt(name, waiting, this::resumed);
    }

    /** Gives up a name, and whoever waits for it. */
    Collection<CompletableFuture<Void>> release(String name) {
        return subscriptions.release(name);
    }

    void connect() {
        if (isClosed || isConnecting) return;
        isConnecting = true;
        var _ = connects.get().whenCompleteAsync(this::connected, owner);
    }

    private void connected(
            StatefulRedisPubSubConnection<byte[], byte[]> connection, Throwable failure) {
        isConnecting = false;
        if (failure != null) {
            retries.failed(failure);
            subscriptions.close(); // nobody waits longer
            var _ = owner.schedule(this::connect, retries.waitMillis(), TimeUnit.MILLISECONDS);
            return;
        }
        if (isClosed) {
            var _ = connection.closeAsync();
            return;
        }
        retries.succeeded();
        watch(connection);
        heardNanos.set(System.nanoTime());
        subscriptions.connected(connection, this::resumed);
        changed.run();
    }

    private void watch(StatefulRedisPubSubConnection<byte[], byte[]> connection) {
        connection.addListener(
                new RedisConnectionStateListener() {
                    @Override
                    public void onRedisDisconnected(RedisChannelHandler<?, ?> which) {
                        owner.execute(() -> {
                            if (!isClosed && connection.equals(which)) lost();
                        });
                    }

                    @Override
                    public void onRedisConnected(
                            RedisChannelHandler<?, ?> which, SocketAddress address) {}
                });
        if (!connection.isOpen()) owner.execute(this::lost);
    }

    private void resumed(List<String> names) {
        if (names.contains(echo)) isListening = true;
        changed.run();
        resumed.accept(names);
    }

    private void lost() {
        if (!subscriptions.isLive()) return;
        subscriptions.close();
        isListening = false;
        changed.run();
        connect();
    }

    /** Once a second. */
    void tick(long nowNanos) {
        boolean isSilent = !subscriptions.probe(nowNanos, patience.answer());
        boolean isDeaf = isUp() && nowNanos - heardNanos.get() > patience.echo();
        if (isSilent || isDeaf) {
            LOG.atWarn().addKeyValue("server", server).log("broker_subscription_dead");
            lost();
        }
        if (isUp() && nowNanos - spokeNanos >= patience.echo() / 3) {
            spokeNanos = nowNanos;
            speaks.accept(ECHO);
        }
    }

    @Override
    public void close() {
        isClosed = true;
        subscriptions.close();
    }
}
