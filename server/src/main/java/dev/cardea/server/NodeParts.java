package dev.cardea.server;

import dev.cardea.messaging.auth.MemoryRevocations;
import dev.cardea.messaging.broker.Broker;
import dev.cardea.messaging.broker.EmbeddedBroker;
import dev.cardea.messaging.broker.NodeBroker;
import dev.cardea.messaging.broker.PublishQueue;
import dev.cardea.messaging.broker.PublishQueue.Limit;
import dev.cardea.messaging.hub.Hub;
import dev.cardea.messaging.log.MemoryBudget;
import dev.cardea.messaging.mercure.MercureHub;
import dev.cardea.messaging.session.Counters;
import dev.cardea.messaging.session.Node;
import dev.cardea.messaging.session.RevokedTokens;
import dev.cardea.messaging.session.Sessions;
import dev.cardea.server.auth.HeaderAuthenticator;
import dev.cardea.server.config.Config;
import dev.cardea.server.config.PersistenceConfig;
import dev.cardea.server.disk.DiskNode;
import dev.cardea.server.disk.StoreOptions;
import dev.cardea.server.nats.NatsNode;
import dev.cardea.server.proxy.Proxies;
import dev.cardea.server.redis.RedisNode;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** What the messaging core is made of in a real process: its clocks, its randomness, its limits. */
final class NodeParts {
    private static final Duration PRESENCE_TTL = Duration.ofSeconds(60);

    /** Some 15 MiB; past it a revocation is refused, which the API's caller is told. */
    private static final int MAX_REVOCATIONS = 100_000;

    private static final char[] EPOCH_LETTERS =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".toCharArray();

    private NodeParts() {}

    static Hub hub(Config config, long maxHeapBytes) {
        int namespaces = 1 + config.channel().namespaces().size();
        long share = config.memory().publications().bytesOf(maxHeapBytes) / namespaces;
        return new Hub(_ -> new MemoryBudget(share), epochs(), config.memory().idleStreams());
    }

    /** What the configuration says, for the node with this id. */
    static NodeBroker broker(Config config, Hub hub, String id) {
        if (config.broker().isNats()) {
            return NatsNode.start(
                    config.broker().nats(),
                    hub,
                    id,
                    epochs(),
                    config.client().channelPositionCheckDelay());
        }
        return switch (config.engine().type()) {
            case MEMORY ->
                    config.isPersistent()
                            ? diskNode(config, hub)
                            : NodeBroker.alone(embeddedBroker(hub));
            case REDIS ->
                    RedisNode.start(
                            config.engine().redis(),
                            hub,
                            id,
                            epochs(),
                            config.client().channelPositionCheckDelay());
        };
    }

    private static NodeBroker diskNode(Config config, Hub hub) {
        PersistenceConfig persistence = config.persistence();
        Set<String> persistent = config.persistentNamespaces();
        if (config.mercure().isPersistent()) persistent.add(MercureHub.CHANNEL);
        return DiskNode.start(
                new StoreOptions(
                        Path.of(persistence.path()),
                        persistence.sync(),
                        persistence.interval().toNanos(),
                        persistence.maxBytes(),
                        config.memory().idleStreams()),
                hub,
                embeddedBroker(hub),
                persistent::contains,
                epochs(),
                System::currentTimeMillis);
    }

    /** Before a broker that may be away. One that is this process itself never is. */
    static PublishQueue queue(NodeBroker shared, Live live) {
        boolean isAlone = shared.isAlone();
        return new PublishQueue(
                shared.broker(),
                namespace -> isAlone ? Limit.NONE : live.publishQueue(namespace),
                () -> UUID.randomUUID().toString(),
                System::nanoTime);
    }

    private static Supplier<String> epochs() {
        RandomGenerator random = new SecureRandom();
        return () -> epoch(random);
    }

    private static String epoch(RandomGenerator random) {
        StringBuilder epoch = new StringBuilder(8);
        for (int i = 0; i < 8; i++)
            epoch.append(EPOCH_LETTERS[random.nextInt(EPOCH_LETTERS.length)]);
        return epoch.toString();
    }

    static Broker embeddedBroker(Hub hub) {
        return new EmbeddedBroker(hub, PRESENCE_TTL.toNanos(), System::nanoTime);
    }

    static Node node(String id, Config config, Live live, Hub hub, Broker broker, Proxies proxies) {
        Node node =
                new Node(
                        id,
                        version(),
                        CoreOptions.client(config),
                        live.namespaces(),
                        hub,
                        broker,
                        proxies.before(
                                HeaderAuthenticator.before(
                                        live.authenticator(), config.client().userIdHttpHeader())),
                        new MemoryRevocations(
                                MAX_REVOCATIONS, () -> System.currentTimeMillis() / 1000),
                        proxies.hooks(),
                        LimitOptions.of(config.client()),
                        new Sessions(),
                        new Counters(),
                        System::currentTimeMillis,
                        () -> UUID.randomUUID().toString(),
                        RandomGenerator.getDefault());
        RevokedTokens.watch(node);
        return node;
    }

    private static String version() {
        String version = CardeaServer.class.getPackage().getImplementationVersion();
        return Objects.requireNonNullElse(version, "development");
    }

    /** The node's name: what the configuration says, or as Centrifugo makes it, host and port. */
    static String name(Config config) {
        if (!config.node().name().isEmpty()) return config.node().name();
        String host;
        try {
            host = InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException _) {
            host = "localhost"; // a machine that doesn't know itself by name
        }
        return host + "_" + config.httpServer().port();
    }
}
