package dev.cardea.server;

import dev.cardea.messaging.api.ServerApi;
import dev.cardea.messaging.broker.Broker;
import dev.cardea.messaging.broker.NodeBroker;
import dev.cardea.messaging.broker.PublishQueue;
import dev.cardea.messaging.cluster.Cluster;
import dev.cardea.messaging.hub.Hub;
import dev.cardea.messaging.session.Node;
import dev.cardea.server.acme.AutoCert;
import dev.cardea.server.api.ApiCounters;
import dev.cardea.server.api.ApiRoutes;
import dev.cardea.server.config.Changes;
import dev.cardea.server.config.Config;
import dev.cardea.server.config.HttpServerConfig;
import dev.cardea.server.config.WebTransportConfig;
import dev.cardea.server.dev.DemoFeed;
import dev.cardea.server.dev.FeedTimer;
import dev.cardea.server.metrics.HealthRoutes;
import dev.cardea.server.metrics.Measured;
import dev.cardea.server.metrics.MetricsRoutes;
import dev.cardea.server.metrics.ProcessUses;
import dev.cardea.server.net.ClientDoor;
import dev.cardea.server.net.Compression;
import dev.cardea.server.net.ConnectionLimits;
import dev.cardea.server.net.EmulatedSessions;
import dev.cardea.server.net.HttpLimits;
import dev.cardea.server.net.HttpRoutes;
import dev.cardea.server.net.HttpStreams;
import dev.cardea.server.net.KeptHeaders;
import dev.cardea.server.net.NettyLoop;
import dev.cardea.server.net.NettyLoops;
import dev.cardea.server.net.StaticFiles;
import dev.cardea.server.peerjs.PeerServer;
import dev.cardea.server.proxy.Proxies;
import dev.cardea.server.quic.Http3Door;
import dev.cardea.server.quic.QuicLimits;
import dev.cardea.server.trace.Traces;
import dev.cardea.server.turn.TurnServer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The whole server in one object: what is made at the start, in order, and taken down at the end.
 */
public final class CardeaServer implements AutoCloseable {
    private static final Duration TLS_RENEWED_WITHIN = Duration.ofSeconds(10);

    /** What it was started with, and what holds now. */
    private final Config started;

    private volatile Config config;
    private final Live live;
    private final NettyLoops loops;
    private final Node node;
    private final NodeBroker shared;
    private final Cluster cluster;
    private final Doors doors;
    private final @Nullable TlsWatch tlsWatch;
    private final @Nullable AutoCert autoCert;
    private final AtomicBoolean isReady;
    private final Proxies proxies;

    /** Only where the demo pages are served. */
    private final @Nullable DemoFeed demoFeed;

    private final @Nullable TurnServer turn;
    private final @Nullable PeerServer peers;
    private final MercureParts mercure;

    private CardeaServer(
            Config config,
            Live live,
            NettyLoops loops,
            Node node,
            MercureParts mercure,
            NodeBroker shared,
            Cluster cluster,
            Doors doors,
            @Nullable AutoCert autoCert,
            AtomicBoolean isReady,
            Proxies proxies,
            @Nullable DemoFeed demoFeed,
            @Nullable TurnServer turn,
            @Nullable PeerServer peers) {
        this.started = config;
        this.config = config;
        this.live = live;
        this.loops = loops;
        this.node = node;
        this.mercure = mercure;
        this.shared = shared;
        this.cluster = cluster;
        this.doors = doors;
        this.autoCert = autoCert;
        HttpServerConfig http = config.httpServer();
        boolean hasTls = http.speaksTls() || http.internalTls().enabled() || http.http3().enabled();
        this.tlsWatch =
                hasTls
                        ? TlsWatch.start(doors, () -> this.config.httpServer(), TLS_RENEWED_WITHIN)
                        : null;
        this.isReady = isReady;
        this.proxies = proxies;
        this.demoFeed = demoFeed;
        this.turn = turn;
        this.peers = peers;
    }

    /**
     * Starts listening.
     *
     * @param pages a folder that is served at {@code /}, or null
     * @throws IOException the address can't be bound
     */
    public static CardeaServer start(Config config, @Nullable Path pages) throws IOException {
        return start(config, pages, (hub, id) -> NodeParts.broker(config, hub, id));
    }

    /**
     * The same with another broker.
     *
     * @param broker of the server's hub
     */
    public static CardeaServer start(
            Config config, @Nullable Path pages, Function<Hub, Broker> broker) throws IOException {
        return start(config, pages, (hub, _) -> NodeBroker.alone(broker.apply(hub)));
    }

    /**
     * The same with a broker that the server shares with others, and closes at its end.
     *
     * @param joins of the server's hub and its id
     */
    public static CardeaServer start(
            Config config, @Nullable Path pages, BiFunction<Hub, String, NodeBroker> joins)
            throws IOException {
        long maxHeapBytes = Runtime.getRuntime().maxMemory();
        NettyLoops loops =
                NettyLoops.start(
                        config.eventLoops(), config.memory().outbound().bytesOf(maxHeapBytes));
        Hub hub = NodeParts.hub(config, maxHeapBytes);
        hub.setShards(loops.all().stream().map(NettyLoop::shard).toList());
        Proxies proxies = new Proxies(config, Traces.of(config.opentelemetry()));
        Live live = new Live(config);
        String id = UUID.randomUUID().toString();
        NodeBroker shared;
        try {
            shared = joins.apply(hub, id);
        } catch (RuntimeException e) {
            loops.close();
            proxies.close();
            throw e;
        }
        PublishQueue queue = NodeParts.queue(shared, live);
        MercureParts mercure =
                MercureParts.of(
                        config,
                        hub,
                        queue,
                        !shared.isAlone() || config.isMercurePersistent(),
                        live.namespaces(),
                        loops);
        Node node = NodeParts.node(id, config, live, hub, mercure.broker(), proxies);
        HttpServerConfig http = config.httpServer();
        TurnServer turn = null;
        AutoCert autoCert = null;
        try {
            if (http.tlsAutocert().enabled()) autoCert = AutoCert.open(loops, http.tlsAutocert());
            if (config.turn().enabled())
                turn = TurnServer.start(config.turn(), loops, proxies.passwords());
            EmulatedSessions emulated = new EmulatedSessions();
            PeerServer peers =
                    config.peerjs().enabled()
                            ? new PeerServer(config.peerjs(), loops.all().getFirst(), id)
                            : null;
            ServerApi alone = new ServerApi(node, NodeParts.name(config), new ProcessUses());
            ServerApi own = peers == null ? alone : alone.with(peers);
            Cluster cluster =
                    new Cluster(
                            id,
                            shared.control(),
                            own::info,
                            own::call,
                            emulated::receive,
                            (from, what) -> {
                                if (peers != null) peers.heard(from, what);
                            },
                            System::nanoTime);
            ServerApi api = own.with(cluster);
            AtomicBoolean isReady = new AtomicBoolean(true);
            HttpRoutes.Builder external = HttpRoutes.builder();
            HttpRoutes.Builder internal = http.isSplit() ? HttpRoutes.builder() : external;
            if (turn != null) turn.addRoutes(external, node, keptHeaders(config, proxies));
            ConnectionLimits limits =
                    new ConnectionLimits(config.client().connectionLimit(), node.limits());
            mercure.add(external, limits);
            if (peers != null) {
                peers.addRoutes(external, node, keptHeaders(config, proxies), limits);
                peers.watch(node.revocations());
            }
            addRoutes(
                    external, internal, config, live, node, shared, cluster, emulated, api, loops,
                    isReady, proxies, turn, peers, mercure, pages, limits);
            DevelopmentTls development =
                    http.http3().enabled() && !http.speaksTls() ? new DevelopmentTls() : null;
            if (development != null)
                external.get(
                        config.webtransport().handlerPrefix() + "/certificates",
                        development::serveHashes);
            // only where any client takes the certificate
            if (http.http3().enabled() && http.speaksTls() && http.port() > 0)
                external.alternative("h3=\":" + http.port() + "\"; ma=86400");
            HttpRoutes routes = external.build();
            Doors doors =
                    Doors.open(
                            loops,
                            http,
                            routes,
                            http.isSplit() ? internal.build() : null,
                            http3(config, live, node, proxies, limits, routes),
                            new Certificates(autoCert, development));
            loops.startTimers();
            if (turn != null) turn.tellStarted();
            cluster.start();
            if (peers != null) peers.start(cluster);
            EverySecond.on(loops.all().getFirst(), cluster::tick);
            EverySecond.on(loops.all().getFirst(), queue::tick);
            mercure.startTimers(loops);
            DemoFeed demoFeed =
                    pages == null ? null : DemoFeed.start(node, api, FeedTimer.of(loops.timer()));
            CardeaServer server =
                    new CardeaServer(
                            config, live, loops, node, mercure, shared, cluster, doors, autoCert,
                            isReady, proxies, demoFeed, turn, peers);
            if (autoCert != null) autoCert.start(server::renewTls);
            return server;
        } catch (IOException | RuntimeException e) {
            if (autoCert != null) autoCert.close();
            if (turn != null) turn.close();
            shared.close();
            loops.close();
            proxies.close();
            throw e;
        }
    }

    private static @Nullable Http3Door http3(
            Config config,
            Live live,
            Node node,
            Proxies proxies,
            ConnectionLimits limits,
            HttpRoutes routes) {
        if (!config.httpServer().http3().enabled()) return null;
        WebTransportConfig webtransport = config.webtransport();
        return new Http3Door(
                node,
                webtransport.enabled() ? webtransport.handlerPrefix() : "",
                live.origins(),
                webtransport.messageSizeLimit(),
                limits,
                keptHeaders(config, proxies),
                new HttpStreams(routes, HttpLimits.DEFAULT),
                QuicLimits.DEFAULT);
    }

    /**
     * @param internal for the backend and for operators; the same as {@code external} where there
     *     is one port
     */
    private static void addRoutes(
            HttpRoutes.Builder external,
            HttpRoutes.Builder internal,
            Config config,
            Live live,
            Node node,
            NodeBroker shared,
            Cluster cluster,
            EmulatedSessions emulated,
            ServerApi api,
            NettyLoops loops,
            AtomicBoolean isReady,
            Proxies proxies,
            @Nullable TurnServer turn,
            @Nullable PeerServer peers,
            MercureParts mercure,
            @Nullable Path pages,
            ConnectionLimits limits)
            throws IOException {
        Compression compression = CoreOptions.compression(config.websocket());
        KeptHeaders kept = keptHeaders(config, proxies);
        ClientDoor clients =
                new ClientDoor(
                        loops,
                        node,
                        config.websocket().messageSizeLimit(),
                        limits,
                        kept,
                        compression);
        external.origins(live.origins());
        if (!config.websocket().disabled()) {
            external.upgrade(config.websocket().handlerPrefix(), clients);
        }
        StreamDoors.add(external, config, node, loops, limits, kept, emulated, cluster);
        ApiCounters apiCounters = new ApiCounters();
        HttpRoutes.Builder forBackends = config.httpApi().external() ? external : internal;
        if (turn != null) turn.addApi(forBackends, config.httpApi());
        ApiRoutes.add(forBackends, api, config.httpApi(), apiCounters, proxies.traces());
        Measured measured =
                new Measured(
                        apiCounters,
                        proxies.counters(),
                        loops,
                        compression,
                        registry -> {
                            if (turn != null) turn.addMetrics(registry);
                            if (peers != null) peers.addMetrics(registry);
                            mercure.addMetrics(registry);
                        });
        MetricsRoutes.add(internal, node, measured, config.prometheus());
        HealthRoutes.add(
                internal,
                config.health(),
                isReady::get,
                shared::isReachable,
                config.isPersistent());
        if (pages != null)
            external.under("/", new StaticFiles("/", pages, config.mercure().discoveryLink()));
    }

    private static KeptHeaders keptHeaders(Config config, Proxies proxies) {
        List<String> names = new ArrayList<>(proxies.passedHeaders());
        String user = config.client().userIdHttpHeader();
        if (!user.isEmpty()) names.addFirst(user);
        return new KeptHeaders(names);
    }

    /** The port that is listened on; the configured one, unless that is 0. */
    public int port() {
        return doors.port();
    }

    /** The port of API, metrics and health: the same, unless another is configured. */
    public int internalPort() {
        return doors.internalPort();
    }

    /** Whether clients connect with {@code https} and {@code wss}. */
    public boolean speaksTls() {
        return doors.speaksTls();
    }

    /**
     * What a new configuration has changed, by key.
     *
     * @param applied in effect now
     * @param pending in effect after a restart
     */
    public record Reloaded(List<String> applied, List<String> pending) {}

    /**
     * Takes over what can be changed while connections are open; the rest waits for a restart.
     *
     * @throws IOException new certificates can't be used; nothing has changed then
     */
    public synchronized Reloaded reload(Config next) throws IOException {
        List<String> changed = Changes.between(config, next);
        List<String> sinceStart = Changes.between(started, next);
        if (autoCert != null) autoCert.hurry();
        if (tlsWatch != null) doors.renewTls(next.httpServer());
        boolean namespacesToo = Live.keepsWhatIsMadeAtTheStart(started, next);
        live.become(next, namespacesToo);
        config = next;
        Predicate<String> waits =
                key -> !Live.applies(key) || (!namespacesToo && key.startsWith("channel."));
        return new Reloaded(
                changed.stream().filter(waits.negate()).toList(),
                sinceStart.stream().filter(waits).toList());
    }

    /** Looks at once whether certificates were renewed. */
    void renewTls() {
        if (tlsWatch != null) tlsWatch.look();
    }

    /**
     * Says that it isn't ready, ends every connection with what was published before, one after the
     * other, then the server. Takes {@code shutdown.timeout} at most; an interrupt ends it at once.
     */
    @Override
    public void close() {
        isReady.set(false);
        if (turn != null) turn.drain();
        Drain drain =
                new Drain(new OpenConnections(node.sessions(), mercure, peers), config.shutdown());
        try {
            drain.awaitGrace();
            // a refused connection goes to the next server, an accepted one would come back
            doors.closeExternal();
            if (demoFeed != null) demoFeed.close();
            drain.run();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        if (tlsWatch != null) tlsWatch.close();
        if (autoCert != null) autoCert.close();
        doors.close();
        if (peers != null) peers.leave();
        if (turn != null) turn.close();
        loops.close();
        leaveCluster();
        shared.close();
        proxies.close();
    }

    /** Behind all that the sessions' ends gave the broker to do; their answers aren't awaited. */
    private void leaveCluster() {
        try {
            cluster.leave().toCompletableFuture().get(1, TimeUnit.SECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException _) {
            // the others notice in a few seconds
        }
    }

    /** Where TURN is served; null: nowhere. */
    public @Nullable TurnServer turn() {
        return turn;
    }
}
