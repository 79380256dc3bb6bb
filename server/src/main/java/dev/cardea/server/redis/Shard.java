package dev.cardea.server.redis;

import dev.cardea.server.redis.Connector.Commanding;
import dev.cardea.server.redis.Ear.Patience;
import dev.cardea.server.redis.Ear.Wiring;
import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.api.StatefulConnection;
import io.netty.util.concurrent.EventExecutor;
import java.net.SocketAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * One Redis of those that channels are spread over: the connection that asks, those that listen,
 * and what makes them anew. Its state belongs to one thread.
 */
final class Shard implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Shard.class);

    private final Connector connector;
    private final EventExecutor owner;
    private final Commands commands;

    /** Listens to what concerns all nodes, and to channels where no slot decides who tells. */
    private final Ear ear;

    /** Listens to a cluster's channels, where each member tells of those that it has. */
    private final @Nullable SlotEars bySlot;

    private final Retries retries;
    private final long ioTimeoutNanos;
    private boolean isConnecting;
    private boolean isClosed;
    private volatile boolean isUp;

    /**
     * @param io where the connections' bytes are moved, once there is one
     * @param waits how many replicas have to have what is appended
     * @param ownName the PUB/SUB channel of this node alone
     * @param receiver of what is heard but this node's own echo
     * @param resumed told of names that something may have been missed of
     */
    Shard(
            Connector connector,
            EventExecutor owner,
            Supplier<@Nullable EventExecutor> io,
            long ioTimeoutNanos,
            Replication waits,
            String ownName,
            List<String> always,
            BiConsumer<String, byte[]> receiver,
            Consumer<List<String>> resumed) {
        this.connector = connector;
        this.owner = owner;
        this.ioTimeoutNanos = ioTimeoutNanos;
        this.retries = new Retries(connector, "commands");
        this.commands = new Commands(owner, io, waits, this::lostCommands);
        Patience patience = Patience.of(ioTimeoutNanos);
        this.ear =
                new Ear(
                        connector,
                        owner,
                        new Wiring(Subscriptions.Kind.EVERYWHERE, connector::subscriptions),
                        patience,
                        always,
                        ownName,
                        message -> {
                            var _ = commands.publish(ownName, message);
                        },
                        receiver,
                        resumed,
                        _ -> {},
                        this::look);
        Slots slots = connector.slots();
        this.bySlot =
                slots == null
                        ? null
                        : new SlotEars(
                                owner,
                                slots,
                                patience,
                                ownName,
                                (name, message) -> {
                                    var _ = commands.tell(name, message);
                                },
                                receiver,
                                resumed,
                                this::look);
    }

    Commands commands() {
        return commands;
    }

    /** Complete once what is told of that name arrives. */
    CompletionStage<Void> listen(String name) {
        CompletableFuture<Void> confirmed = new CompletableFuture<>();
        owner.execute(() -> {
            if (bySlot != null && commands.tellsBySlot()) bySlot.listen(name, confirmed);
            else if (bySlot != null && !commands.isLive())
                confirmed.completeExceptionally(new Unreachable("not connected to Redis"));
            else ear.listen(name, confirmed);
        });
        return confirmed;
    }

    void ignore(String name) {
        owner.execute(() -> {
            if (bySlot != null) bySlot.ignore(name);
            ear.ignore(name);
        });
    }

    /** Whether all connections were good when last looked at. */
    boolean isUp() {
        return isUp;
    }

    // ---- on the owner ----

    void connect() {
        connectCommands();
        ear.connect();
    }

    private void connectCommands() {
        if (isClosed || isConnecting) return;
        isConnecting = true;
        var _ = connector.commands().whenCompleteAsync(this::connected, owner);
    }

    private void connected(Commanding commanding, Throwable failure) {
        isConnecting = false;
        if (failure != null) {
            retries.failed(failure);
            var _ =
                    owner.schedule(
                            this::connectCommands, retries.waitMillis(), TimeUnit.MILLISECONDS);
            return;
        }
        retries.succeeded();
        // Those of a cluster are many, and come back by themselves.
        if (connector.slots() == null) watch(commanding.connection());
        commands.connected(commanding);
        look();
    }

    /** The connection tells when it ends. */
    private void watch(StatefulConnection<byte[], byte[]> connection) {
        connection.addListener(
                new RedisConnectionStateListener() {
                    @Override
                    public void onRedisDisconnected(RedisChannelHandler<?, ?> which) {
                        owner.execute(() -> {
                            if (!isClosed && commands.isOver(connection)) lostCommands();
                        });
                    }

                    @Override
                    public void onRedisConnected(
                            RedisChannelHandler<?, ?> which, SocketAddress address) {}
                });
        if (!connection.isOpen()) owner.execute(this::lostCommands);
    }

    private void lostCommands() {
        if (!commands.isLive()) return;
        commands.close();
        look();
        connectCommands();
    }

    private void look() {
        boolean now = commands.isLive() && ear.isUp() && (bySlot == null || bySlot.isUp());
        if (isClosed || now == isUp) return;
        isUp = now;
        LOG.atLevel(now ? Level.INFO : Level.WARN)
                .addKeyValue("server", connector)
                .log(now ? "broker_connected" : "broker_lost");
    }

    /** Once a second, or as often as the patience with Redis asks for. */
    void tick(long nowNanos) {
        commands.probe(nowNanos, ioTimeoutNanos);
        ear.tick(nowNanos);
        if (bySlot != null && commands.tellsBySlot()) bySlot.tick(nowNanos);
    }

    @Override
    public void close() {
        isClosed = true;
        isUp = false;
        commands.close();
        ear.close();
        if (bySlot != null) bySlot.close();
    }
}
