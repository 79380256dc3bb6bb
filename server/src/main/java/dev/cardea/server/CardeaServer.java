package dev.cardea.server;

import dev.cardea.messaging.api.ServerApi;
import dev.cardea.messaging.broker.EmbeddedBroker;
import dev.cardea.messaging.hook.Hooks;
import dev.cardea.messaging.hub.Hub;
import dev.cardea.messaging.log.MemoryBudget;
import dev.cardea.messaging.session.Counters;
import dev.cardea.messaging.session.Node;
import dev.cardea.messaging.session.Sessions;
import dev.cardea.server.api.ApiCounters;
import dev.cardea.server.api.ApiRoutes;
import dev.cardea.server.auth.TokenAuthenticator;
import dev.cardea.server.config.Config;
import dev.cardea.server.config.HttpServerConfig;
import dev.cardea.server.dev.DemoFeed;
import dev.cardea.server.dev.FeedTimer;
import dev.cardea.server.metrics.HealthRoutes;
import dev.cardea.server.metrics.MetricsRoutes;
import dev.cardea.server.metrics.ProcessUses;
import dev.cardea.server.net.AllowedOrigins;
import dev.cardea.server.net.ClientDoor;
import dev.cardea.server.net.HttpLimits;
import dev.cardea.server.net.HttpPipeline;
import dev.cardea.server.net.HttpRoutes;
import dev.cardea.server.net.KeptHeaders;
import dev.cardea.server.net.Listener;
import dev.cardea.server.net.NettyLoop;
import dev.cardea.server.net.NettyLoops;
import dev.cardea.server.net.StaticFiles;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The whole server in one object: what is made at the start, in order, and taken down at the end.
 */
public final class CardeaServer implements AutoCloseable {
    private static final Duration PRESENCE_TTL = Duration.ofSeconds(60);
    private static final char[] EPOCH_LETTERS =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".toCharArray();

    private final Config config;
    private final NettyLoops loops;
    private final Node node;
    private final Listener listener;
    private final AtomicBoolean isReady;

    /** Only where the demo pages are served. */
    private final @Nullable DemoFeed demoFeed;

    private CardeaServer(
            Config config,
            NettyLoops loops,
            Node node,
            Listener listener,
            AtomicBoolean isReady,
            @Nullable DemoFeed demoFeed) {
        this.config = config;
        this.loops = loops;
        this.node = node;
        this.listener = listener;
        this.isReady = isReady;
        this.demoFeed = demoFeed;
    }

    /**
     * Starts listening.
     *
     * @param pages a folder that is served at {@code /}, or null
     * @throws IOException the address can't be bound
     */
    public static CardeaServer start(Config config, @Nullable Path pages) throws IOException {
        long maxHeapBytes = Runtime.getRuntime().maxMemory();
        NettyLoops loops =
                NettyLoops.start(
                        config.eventLoops(), config.memory().outbound().bytesOf(maxHeapBytes));
        Hub hub = hub(config, maxHeapBytes);
        hub.setShards(loops.all().stream().map(NettyLoop::shard).toList());
        Node node = node(config, hub);
        HttpServerConfig http = config.httpServer();
        try {
            ServerApi api = new ServerApi(node, name(config), new ProcessUses());
            AtomicBoolean isReady = new AtomicBoolean(true);
            HttpRoutes routes = routes(config, node, api, loops, isReady, pages);
            HttpPipeline pipeline = new HttpPipeline(routes, HttpLimits.DEFAULT);
            Listener listener = Listener.bind(loops, http.address(), http.port(), pipeline);
            loops.startTimers();
            DemoFeed demoFeed =
                    pages == null ? null : DemoFeed.start(node, api, FeedTimer.of(loops.timer()));
            return new CardeaServer(config, loops, node, listener, isReady, demoFeed);
        } catch (IOException | RuntimeException e) {
            loops.close();
            throw e;
        }
    }

    private static Hub hub(Config config, long maxHeapBytes) {
        int namespaces = 1 + config.channel().namespaces().size();
        long share = config.memory().publications().bytesOf(maxHeapBytes) / namespaces;
        RandomGenerator random = new SecureRandom();
        return new Hub(_ -> new MemoryBudget(share), () -> epoch(random));
    }

    private static String epoch(RandomGenerator random) {
        StringBuilder epoch = new StringBuilder(8);
        for (int i = 0; i < 8; i++)
            epoch.append(EPOCH_LETTERS[random.nextInt(EPOCH_LETTERS.length)]);
        return epoch.toString();
    }

    private static Node node(Config config, Hub hub) {
        return new Node(
                UUID.randomUUID().toString(),
                version(),
                CoreOptions.client(config),
                CoreOptions.namespaces(config.channel()),
                hub,
                new EmbeddedBroker(hub, PRESENCE_TTL.toNanos(), System::nanoTime),
                new TokenAuthenticator(config.client(), System::currentTimeMillis),
                Hooks.NONE,
                new Sessions(),
                new Counters(),
                System::currentTimeMillis,
                () -> UUID.randomUUID().toString(),
                RandomGenerator.getDefault());
    }

    private static String version() {
        String version = CardeaServer.class.getPackage().getImplementationVersion();
        return Objects.requireNonNullElse(version, "development");
    }

    /** The node's name, as Centrifugo makes it: host and port. */
    private static String name(Config config) {
        String host;
        try {
            host = InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException _) {
            host = "localhost"; // a machine that doesn't know itself by name
        }
        return host + "_" + config.httpServer().port();
    }

    private static HttpRoutes routes(
            Config config,
            Node node,
            ServerApi api,
            NettyLoops loops,
            AtomicBoolean isReady,
            @Nullable Path pages)
            throws IOException {
        ClientDoor clients =
                new ClientDoor(
                        loops,
                        node,
                        config.websocket().messageSizeLimit(),
                        config.client().connectionLimit(),
                        KeptHeaders.NONE);
        HttpRoutes.Builder routes =
                HttpRoutes.builder()
                        .origins(new AllowedOrigins(config.client().allowedOrigins()))
                        .upgrade("/connection/websocket", clients);
        ApiCounters apiCounters = new ApiCounters();
        ApiRoutes.add(routes, api, config.httpApi(), apiCounters);
        MetricsRoutes.add(routes, node, apiCounters, config.prometheus());
        HealthRoutes.add(routes, config.health(), isReady::get);
        if (pages != null) routes.under("/", new StaticFiles("/", pages));
        return routes.build();
    }

    /** The port that is listened on; the configured one, unless that is 0. */
    public int port() {
        return listener.port();
    }

    /**
     * Says that it isn't ready, ends every connection with what was published before, one after the
     * other, then the server. Takes {@code shutdown.timeout} at most; an interrupt ends it at once.
     */
    @Override
    public void close() {
        isReady.set(false);
        Drain drain = new Drain(node.sessions(), config.shutdown());
        try {
            drain.awaitGrace();
            listener.close(); // a refused connection goes to the next server, an accepted one comes
            // back
            if (demoFeed != null) demoFeed.close();
            drain.run();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        loops.close();
    }
}
