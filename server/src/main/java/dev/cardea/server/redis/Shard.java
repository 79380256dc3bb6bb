package dev.cardea.server.redis;

import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.api.StatefulConnection;
import io.netty.util.concurrent.EventExecutor;
import java.net.SocketAddress;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * One Redis of those that channels are spread over: the connection that asks, the one that listens,
 * and what makes them anew. Its state belongs to one thread.
 */
final class Shard implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Shard.class);
    private static final long FIRST_WAIT_MILLIS = 50;
    private static final long LONGEST_WAIT_MILLIS = 2_000;

    /** Nothing was heard of what this node has itself said: what listens is dead, or deaf. */
    private static final long DEAF_NANOS = TimeUnit.SECONDS.toNanos(10);

    private static final long SPEAKS_NANOS = TimeUnit.SECONDS.toNanos(3);
    private static final byte[] ECHO = {'~', '\n'};

    private final Connector connector;
    private final EventExecutor owner;
    private final Commands commands;
    private final Subscriptions subscriptions;
    private final String ownName;
    private final Consumer<List<String>> resumed;
    private final long ioTimeoutNanos;
    private final AtomicLong heardNanos = new AtomicLong();

    private long spokeNanos;
    private int failedCommands;
    private int failedSubscriptions;
    private boolean isConnectingCommands;
    private boolean isConnectingSubscriptions;

    /** The others can speak to this node. */
    private boolean isListening;

    private boolean isClosed;
    private volatile boolean isUp;

    /**
     * @param io where the connections' bytes are moved, once there is one
     * @param ownName the PUB/SUB channel of this node alone
     * @param receiver of what is heard but this node's own echo
     * @param resumed told of names that something may have been missed of
     */
    Shard(
            Connector connector,
            EventExecutor owner,
            Supplier<@Nullable EventExecutor> io,
            long ioTimeoutNanos,
            String ownName,
            List<String> always,
            BiConsumer<String, byte[]> receiver,
            Consumer<List<String>> resumed) {
        this.connector = connector;
        this.owner = owner;
        this.ownName = ownName;
        this.ioTimeoutNanos = ioTimeoutNanos;
        this.resumed = resumed;
        this.commands = new Commands(owner, io, this::lostCommands);
        this.subscriptions =
                new Subscriptions(owner, always, (name, message) -> heard(name, message, receiver));
    }

    Commands commands() {
        return commands;
    }

    CompletionStage<Void> listen(String name) {
        return subscriptions.listen(name);
    }

    void ignore(String name) {
        subscriptions.ignore(name);
    }

    /** Whether both connections were good when last looked at. */
    boolean isUp() {
        return isUp;
    }

    private void heard(String name, byte[] message, BiConsumer<String, byte[]> receiver) {
        if (message.length == ECHO.length && message[0] == ECHO[0]) {
            if (name.equals(ownName)) heardNanos.set(System.nanoTime());
            return;
        }
        receiver.accept(name, message);
    }

    // ---- on the owner ----

    void connect() {
        connectCommands();
        connectSubscriptions();
    }

    private void connectCommands() {
        if (isClosed || isConnectingCommands) return;
        isConnectingCommands = true;
        var _ =
                connector
                        .commands()
                        .whenCompleteAsync(
                                (commanding, failure) -> {
                                    isConnectingCommands = false;
                                    if (failure != null) {
                                        failed("commands", failure, ++failedCommands);
                                        later(this::connectCommands, failedCommands);
                                        return;
                                    }
                                    failedCommands = 0;
                                    // Those of a cluster are many, and come back by themselves.
                                    if (!connector.isCluster())
                                        watch(commanding.connection(), this::lostCommands);
                                    commands.connected(commanding);
                                    look();
                                },
                                owner);
    }

    private void connectSubscriptions() {
        if (isClosed || isConnectingSubscriptions) return;
        isConnectingSubscriptions = true;
        var _ =
                connector
                        .subscriptions()
                        .whenCompleteAsync(
                                (connection, failure) -> {
                                    isConnectingSubscriptions = false;
                                    if (failure != null) {
                                        failed("subscriptions", failure, ++failedSubscriptions);
                                        later(this::connectSubscriptions, failedSubscriptions);
                                        return;
                                    }
                                    failedSubscriptions = 0;
                                    watch(connection, this::lostSubscriptions);
                                    heardNanos.set(System.nanoTime());
                                    subscriptions.connected(connection, this::resumed);
                                    look();
                                },
                                owner);
    }

    private void resumed(List<String> names) {
        if (names.contains(ownName)) isListening = true;
        look();
        resumed.accept(names);
    }

    private void later(Runnable connect, int failures) {
        long millis = Math.min(LONGEST_WAIT_MILLIS, FIRST_WAIT_MILLIS << Math.min(failures, 10));
        var _ = owner.schedule(connect, millis, TimeUnit.MILLISECONDS);
    }

    private void failed(String what, Throwable failure, int failures) {
        if (failures > 1 && failures % 30 != 0) return; // once, and then each minute
        LOG.atWarn()
                .addKeyValue("server", connector)
                .addKeyValue("for", what)
                .addKeyValue("why", reason(failure))
                .log("broker_unreachable");
    }

    private static @Nullable String reason(Throwable failure) {
        Throwable deepest = failure;
        while (deepest.getCause() != null) deepest = deepest.getCause();
        return deepest.getMessage();
    }

    /** The connection tells when it ends. */
    private void watch(StatefulConnection<byte[], byte[]> connection, Runnable lost) {
        connection.addListener(
                new RedisConnectionStateListener() {
                    @Override
                    public void onRedisDisconnected(RedisChannelHandler<?, ?> which) {
                        owner.execute(() -> {
                            if (!isClosed && connection.equals(which)) lost.run();
                        });
                    }

                    @Override
                    public void onRedisConnected(
                            RedisChannelHandler<?, ?> which, SocketAddress address) {}
                });
        if (!connection.isOpen()) owner.execute(lost);
    }

    private void lostCommands() {
        if (!commands.isLive()) return;
        commands.close();
        look();
        connectCommands();
    }

    private void lostSubscriptions() {
        if (!subscriptions.isLive()) return;
        subscriptions.close();
        isListening = false;
        look();
        connectSubscriptions();
    }

    private void look() {
        boolean now = commands.isLive() && subscriptions.isLive() && isListening;
        if (now == isUp) return;
        isUp = now;
        LOG.atLevel(now ? Level.INFO : Level.WARN)
                .addKeyValue("server", connector)
                .log(now ? "broker_connected" : "broker_lost");
    }

    /** Once a second. */
    void tick(long nowNanos) {
        commands.probe(nowNanos, ioTimeoutNanos);
        boolean isSilent = !subscriptions.probe(nowNanos, ioTimeoutNanos);
        boolean isDeaf = isUp && nowNanos - heardNanos.get() > DEAF_NANOS;
        if (isSilent || isDeaf) {
            LOG.atWarn().addKeyValue("server", connector).log("broker_subscription_dead");
            lostSubscriptions();
        }
        if (isUp && nowNanos - spokeNanos > SPEAKS_NANOS) {
            spokeNanos = nowNanos;
            var _ = commands.publish(ownName, ECHO);
        }
    }

    @Override
    public void close() {
        isClosed = true;
        isUp = false;
        commands.close();
        subscriptions.close();
    }
}
