package dev.cardea.server.redis;

import dev.cardea.messaging.broker.Arrival;
import dev.cardea.messaging.broker.Broker;
import dev.cardea.messaging.broker.Control;
import dev.cardea.messaging.broker.NodeBroker;
import dev.cardea.messaging.broker.Replicas;
import dev.cardea.messaging.hub.Hub;
import dev.cardea.server.config.RedisConfig;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.Malformed;
import io.lettuce.core.RedisURI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** This node's side of Redis: one Redis, or several that channels are spread over by name. */
public final class RedisNode implements NodeBroker, Control {
    private static final Logger LOG = LoggerFactory.getLogger(RedisNode.class);
    private static final long LOOKS_EVERY_NANOS = Duration.ofSeconds(1).toNanos();
    private static final Duration FIRST_CONNECT = Duration.ofSeconds(2);

    private final Keys keys;
    private final boolean isCluster;
    private final List<RedisThreads> threads = new ArrayList<>();
    private final List<Connector> connectors = new ArrayList<>();
    private final List<Shard> shards = new ArrayList<>();
    private final Replicas replicas;
    private final RedisBroker broker;
    private final AtomicLong malformed = new AtomicLong();
    private volatile Consumer<Bytes> receiver = _ -> {};

    private RedisNode(
            RedisConfig config,
            Hub hub,
            String id,
            Supplier<String> newEpoch,
            Duration positionCheck) {
        this.keys = new Keys(config.prefix(), config.layout());
        this.isCluster = RedisServers.isCluster(config);
        RedisStreams streams = new RedisStreams(keys, this::shard, newEpoch);
        this.replicas = new Replicas(hub, streams, System::nanoTime, positionCheck.toNanos());
        this.broker =
                new RedisBroker(
                        keys, this::shard, streams, replicas, config.presenceTtl().toMillis());
        if (isCluster) {
            RedisThreads own = new RedisThreads();
            threads.add(own);
            add(
                    config,
                    id,
                    own,
                    new ClusterServers(
                            own.resources(),
                            RedisServers.members(config),
                            RedisServers.clusterOptions(config),
                            RedisServers.options(config)));
        } else {
            for (RedisURI uri : RedisServers.shards(config)) addShard(config, uri, id);
        }
    }

    private void addShard(RedisConfig config, RedisURI uri, String id) {
        RedisThreads own = new RedisThreads();
        threads.add(own);
        add(config, id, own, new Standalone(own.resources(), uri, RedisServers.options(config)));
    }

    private void add(RedisConfig config, String id, RedisThreads own, Connector connector) {
        connectors.add(connector);
        shards.add(
                new Shard(
                        connector,
                        own.owner(),
                        own::io,
                        config.ioTimeout().toNanos(),
                        new Replication(config.waitReplicas(), config.waitTimeout().toMillis()),
                        keys.node(id),
                        List.of(keys.node(id), keys.control()),
                        this::heard,
                        this::resumed));
    }

    /**
     * Connects. Where Redis isn't there yet, it is tried again, and the node does what it can
     * without it.
     *
     * @param id the node's
     * @param newEpoch makes a stream's epoch
     * @param positionCheck a stream that nothing was heard of for so long is looked at
     */
    public static RedisNode start(
            RedisConfig config,
            Hub hub,
            String id,
            Supplier<String> newEpoch,
            Duration positionCheck) {
        RedisNode node = new RedisNode(config, hub, id, newEpoch, positionCheck);
        node.connect(config.ioTimeout().toNanos());
        return node;
    }

    private void connect(long ioTimeoutNanos) {
        long period = Math.min(LOOKS_EVERY_NANOS, ioTimeoutNanos / 4);
        for (int i = 0; i < shards.size(); i++) {
            Shard shard = shards.get(i);
            var owner = threads.get(i).owner();
            owner.execute(shard::connect);
            var _ =
                    owner.scheduleAtFixedRate(
                            () -> guarded(() -> shard.tick(System.nanoTime())),
                            period,
                            period,
                            TimeUnit.NANOSECONDS);
        }
        var _ =
                threads.getFirst()
                        .owner()
                        .scheduleAtFixedRate(() -> guarded(replicas::tick), 1, 1, TimeUnit.SECONDS);
        long deadline = System.nanoTime() + FIRST_CONNECT.toNanos();
        while (!isReachable() && System.nanoTime() < deadline && !Thread.interrupted()) {
            LockSupport.parkNanos(1_000_000);
        }
    }

    /** A timer that throws is one that never comes again. */
    private static void guarded(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            LOG.atError().setCause(e).log("broker_timer_failed");
        }
    }

    private Shard shard(String channel) {
        int count = shards.size();
        return shards.get(count == 1 ? 0 : JumpHash.bucket(channel, count));
    }

    // ---- what is heard ----

    private void heard(String name, byte[] message) {
        String channel = keys.channelOf(name);
        try {
            if (channel != null) replicas.arrived(channel, parse(message));
            else if (message.length <= Control.MAX_BYTES) receiver.accept(Bytes.wrap(message));
        } catch (Malformed e) {
            if (malformed.getAndIncrement() == 0)
                LOG.atWarn().addKeyValue("name", name).setCause(e).log("broker_message_malformed");
        } catch (RuntimeException e) {
            LOG.atError().addKeyValue("name", name).setCause(e).log("broker_message_failed");
        }
    }

    private Arrival parse(byte[] message) {
        return keys.isCentrifugos() ? CentrifugoMessages.parse(message) : Messages.parse(message);
    }

    private void resumed(List<String> names) {
        replicas.doubt(names.stream().map(keys::channelOf).filter(Objects::nonNull).toList());
    }

    // ---- as this node's side ----

    @Override
    public Broker broker() {
        return broker;
    }

    @Override
    public Control control() {
        return this;
    }

    @Override
    public boolean isReachable() {
        for (Shard shard : shards) if (!shard.isUp()) return false;
        return true;
    }

    @Override
    public void close() {
        for (int i = 0; i < shards.size(); i++) {
            Shard shard = shards.get(i);
            threads.get(i).owner().submit(shard::close).awaitUninterruptibly(2, TimeUnit.SECONDS);
        }
        connectors.forEach(Connector::close);
        threads.forEach(RedisThreads::close);
    }

    // ---- control ----

    @Override
    public void receive(Consumer<Bytes> taker) {
        receiver = taker;
    }

    @Override
    public CompletionStage<Boolean> toAll(Bytes message) {
        return say(keys.control(), message);
    }

    @Override
    public CompletionStage<Boolean> toNode(String node, Bytes message) {
        return say(keys.node(node), message);
    }

    private CompletionStage<Boolean> say(String name, Bytes message) {
        if (message.length() > MAX_BYTES)
            return CompletableFuture.failedStage(
                    new IllegalArgumentException("a control message of " + message.length()));
        return shards.getFirst()
                .commands()
                .publish(name, message.toArray())
                // A member of a cluster knows its own listeners only.
                .thenApply(count -> count > 0 || isCluster);
    }
}
