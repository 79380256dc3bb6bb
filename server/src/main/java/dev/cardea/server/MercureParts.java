package dev.cardea.server;

import dev.cardea.messaging.broker.Broker;
import dev.cardea.messaging.hub.Hub;
import dev.cardea.messaging.mercure.MappedNamespace;
import dev.cardea.messaging.mercure.MercureHub;
import dev.cardea.messaging.mercure.MercureOptions;
import dev.cardea.messaging.mercure.Retention;
import dev.cardea.messaging.mercure.Subscriber;
import dev.cardea.messaging.session.NameRules;
import dev.cardea.messaging.session.Namespaces;
import dev.cardea.server.config.ChannelConfig;
import dev.cardea.server.config.Config;
import dev.cardea.server.config.MercureConfig;
import dev.cardea.server.config.MercureRetentionConfig;
import dev.cardea.server.mercure.MercureDoor;
import dev.cardea.server.mercure.MercureMetrics;
import dev.cardea.server.net.ConnectionLimits;
import dev.cardea.server.net.HttpRoutes;
import dev.cardea.server.net.NettyLoop;
import dev.cardea.server.net.NettyLoops;
import dev.cardea.wire.mercure.Url;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The configured Mercure hub.
 *
 * @param broker what the node publishes through, so that the hub hears of the mapped namespace
 * @param door null: there is no hub
 */
record MercureParts(Broker broker, @Nullable MercureHub hub, @Nullable MercureDoor door) {
    private static final int HIGH_WATER_BYTES = 64 * 1024;

    /**
     * @param isShared updates go through the broker: other nodes have it, too, or it outlives this
     *     one
     */
    static MercureParts of(
            Config config,
            Hub channels,
            Broker broker,
            boolean isShared,
            Namespaces namespaces,
            NettyLoops loops) {
        MercureConfig mercure = config.mercure();
        if (!mercure.enabled()) return new MercureParts(broker, null, null);
        MercureHub hub =
                new MercureHub(
                        Objects.requireNonNull(Url.parse(mercure.effectiveUrl(), null)),
                        retention(mercure.retention()),
                        new MercureOptions(
                                mercure.subscriptions(),
                                mercure.heartbeat().toNanos(),
                                mercure.writeTimeout().toNanos(),
                                mercure.dispatchTimeout().toNanos(),
                                HIGH_WATER_BYTES),
                        channels.shards(),
                        () -> UUID.randomUUID().toString(),
                        System::currentTimeMillis,
                        RandomGenerator.getDefault());
        if (isShared)
            hub.shareThrough(
                    broker,
                    channels,
                    loops.all().getFirst().shard(),
                    config.client().presenceUpdateInterval().toNanos());
        MappedNamespace mapped =
                mercure.namespace().isEmpty()
                        ? null
                        : new MappedNamespace(
                                broker,
                                hub,
                                mercure.namespace(),
                                names(config.channel()),
                                namespaces::of,
                                System::nanoTime);
        return new MercureParts(
                mapped == null ? broker : mapped,
                hub,
                new MercureDoor(mercure, hub, mapped, loops));
    }

    private static NameRules names(ChannelConfig config) {
        return new NameRules(
                config.privatePrefix(),
                config.namespaceBoundary(),
                config.userBoundary(),
                config.userSeparator());
    }

    private static Retention retention(MercureRetentionConfig config) {
        long maxHeapBytes = Runtime.getRuntime().maxMemory();
        return new Retention(
                config.topicSize(),
                config.topicMemory().bytesOf(maxHeapBytes),
                config.ttl().toNanos(),
                config.size(),
                config.memory().bytesOf(maxHeapBytes));
    }

    void add(HttpRoutes.Builder routes, ConnectionLimits limits) {
        if (door != null) door.add(routes, limits);
    }

    void addMetrics(MeterRegistry registry) {
        if (hub != null) MercureMetrics.add(registry, hub);
    }

    int subscriberCount() {
        return hub == null ? 0 : hub.subscriberCount();
    }

    /** From any thread. */
    List<Subscriber> subscribers() {
        return hub == null ? List.of() : hub.subscribers();
    }

    /** On one of the loops, before they serve anybody. */
    void startTimers(NettyLoops loops) {
        if (hub != null) startTimers(hub, loops.all().getFirst());
    }

    private static void startTimers(MercureHub hub, NettyLoop loop) {
        loop.execute(() -> hub.startTimers(loop.shard()));
    }
}
