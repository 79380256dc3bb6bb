package dev.cardea.server.turn;

import dev.cardea.messaging.session.Node;
import dev.cardea.rtc.turn.Credentials;
import dev.cardea.rtc.turn.IpRange;
import dev.cardea.rtc.turn.PeerPolicy;
import dev.cardea.rtc.turn.PendingConnections;
import dev.cardea.rtc.turn.Quotas;
import dev.cardea.rtc.turn.Relays;
import dev.cardea.rtc.turn.TurnEngine;
import dev.cardea.rtc.turn.TurnOptions;
import dev.cardea.rtc.turn.UserDirectory;
import dev.cardea.server.api.ApiRoutes;
import dev.cardea.server.config.HttpApiConfig;
import dev.cardea.server.config.TurnConfig;
import dev.cardea.server.config.TurnUserConfig;
import dev.cardea.server.net.HttpRoutes;
import dev.cardea.server.net.KeptHeaders;
import dev.cardea.server.net.NettyLoop;
import dev.cardea.server.net.NettyLoops;
import dev.cardea.server.net.Sockets;
import dev.cardea.server.net.Tls;
import dev.cardea.server.proxy.Passwords;
import dev.cardea.server.tls.BadPem;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.stun.IpAddress;
import dev.cardea.wire.stun.TransportAddress;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.Channel;
import io.netty.channel.epoll.Epoll;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** STUN and TURN on all event loops. */
public final class TurnServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TurnServer.class);

    /** Connections beside those of allocations. */
    private static final int SPARE_CONNECTIONS = 1024;

    private final TurnConfig config;
    private final Credentials credentials;
    private @Nullable RelayPlan relays;
    private final List<TurnLoop> loops = new ArrayList<>();
    private final List<UdpDoor> udp = new ArrayList<>();
    private final List<StreamDoor> streams = new ArrayList<>();
    private @Nullable Discovery discovery;
    private final Quotas quotas;
    private final TurnTotals totals = new TurnTotals();
    private IpAddress told = IpAddress.parse("127.0.0.1");
    private int port;
    private int tlsPort;

    private final @Nullable Passwords passwords;

    private TurnServer(TurnConfig config, @Nullable Passwords passwords) {
        this.config = config;
        this.passwords = passwords;
        this.credentials = credentials(config);
        this.quotas =
                new Quotas(config.quotas().allocations(), config.quotas().allocationsPerUser());
    }

    /**
     * Starts listening.
     *
     * @param passwords of users that the configuration doesn't have; null: there are none
     * @throws IOException a port can't be bound, or a certificate not be used
     */
    public static TurnServer start(
            TurnConfig config, NettyLoops netty, @Nullable Passwords passwords) throws IOException {
        TurnServer server = new TurnServer(config, passwords);
        try {
            server.open(netty);
            return server;
        } catch (IOException | RuntimeException e) {
            server.close();
            throw e;
        }
    }

    private static Credentials credentials(TurnConfig config) {
        Map<String, String> passwords = new HashMap<>();
        for (TurnUserConfig each : config.users()) passwords.put(each.name(), each.password());
        return new Credentials(config.realm(), passwords, config.secrets());
    }

    private void open(NettyLoops netty) throws IOException {
        List<NettyLoop> all = netty.all();
        SecureRandom random = new SecureRandom();
        RelayPlan plan = RelayPlan.of(config);
        relays = plan;
        told = plan.told();
        TurnOptions options = options(random, all.size());
        for (NettyLoop each : all) {
            loops.add(
                    new TurnLoop(
                            each.eventLoop(),
                            new Journal(totals),
                            loop -> engine(loop, options, plan.of(loop), random)));
        }
        plan.open();
        listen(netty);
        for (TurnLoop each : loops) {
            var _ =
                    each.eventLoop()
                            .scheduleAtFixedRate(() -> tick(each, plan), 1, 1, TimeUnit.SECONDS);
        }
    }

    private UserDirectory directory(TurnLoop loop) {
        return passwords == null
                ? UserDirectory.NONE
                : new BackendUsers(passwords, config.realm(), loop.eventLoop(), System::nanoTime);
    }

    private TurnEngine engine(
            TurnLoop loop, TurnOptions options, Relays relays, SecureRandom random) {
        return new TurnEngine(
                options,
                relays,
                loop.journal(),
                directory(loop),
                () -> System.currentTimeMillis() / 1000,
                new SplittableRandom(random.nextLong()),
                System.nanoTime());
    }

    private TurnOptions options(SecureRandom random, int loopCount) {
        byte[] nonceSecret = new byte[32];
        random.nextBytes(nonceSecret);
        var limits = config.quotas();
        return new TurnOptions(
                credentials,
                new PeerPolicy(ranges(config.peers().allow()), ranges(config.peers().deny())),
                quotas,
                Bytes.wrap(nonceSecret),
                limits.peersPerAllocation(),
                limits.peersPerAllocation(),
                limits.bandwidthPerAllocation(),
                (limits.bandwidth() + loopCount - 1) / loopCount,
                limits.unauthenticatedPerSecond(),
                config.tcpRelays(),
                new PendingConnections());
    }

    private static List<IpRange> ranges(List<String> texts) {
        return texts.stream().map(IpRange::parse).toList();
    }

    private void listen(NettyLoops netty) throws IOException {
        InetAddress ip =
                config.address().isEmpty() ? null : Sockets.inet(IpAddress.parse(config.address()));
        port = config.port();
        int connections = Math.max(config.quotas().allocations(), 1) + SPARE_CONNECTIONS;
        if (config.tcp()) { // first: this port can't be had twice, unlike the shared one of UDP
            streams.add(
                    StreamDoor.open(
                            netty.group(),
                            at(ip, port),
                            null,
                            config.proxyProtocol(),
                            this::loopOf,
                            connections));
            port = streams.getLast().port();
        }
        boolean shared = Epoll.isAvailable() && loops.size() > 1;
        IpAddress udpIp = udpAddress(ip);
        for (TurnLoop each : loops) {
            udp.add(UdpDoor.open(each, new TransportAddress(udpIp, port), shared));
            port = udp.getLast().local().port();
            if (!shared) break;
        }
        if (config.discovery().isOn()) discovery = Discovery.open(config, loops.getFirst(), udp);
        if (!config.tls().tls().enabled()) return;
        streams.add(
                StreamDoor.open(
                        netty.group(),
                        at(ip, config.tls().port()),
                        tls(),
                        config.proxyProtocol(),
                        this::loopOf,
                        connections));
        tlsPort = streams.getLast().port();
    }

    private Tls tls() throws IOException {
        try {
            return Tls.of(config.tls().tls().load());
        } catch (BadPem e) {
            throw new IOException("turn.tls." + e.setting() + " " + e.getMessage(), e);
        }
    }

    private static InetSocketAddress at(@Nullable InetAddress ip, int port) {
        return ip == null ? new InetSocketAddress(port) : new InetSocketAddress(ip, port);
    }

    /** A socket for all addresses is one of IPv6 that takes IPv4 too, if the machine has IPv6. */
    private static IpAddress udpAddress(@Nullable InetAddress ip) throws IOException {
        if (ip != null && !ip.isAnyLocalAddress()) return Sockets.ip(ip);
        boolean hasIpv6 = OwnAddresses.all().stream().anyMatch(own -> !own.isIpv4());
        return IpAddress.parse(hasIpv6 ? "::" : "0.0.0.0");
    }

    private TurnLoop loopOf(Channel channel) {
        for (TurnLoop each : loops) if (channel.eventLoop().equals(each.eventLoop())) return each;
        throw new IllegalStateException("not a loop of ours");
    }

    private static void tick(TurnLoop loop, RelayPlan relays) {
        long nowNanos = System.nanoTime();
        try {
            loop.tick(nowNanos);
            relays.tick(nowNanos);
        } catch (RuntimeException | Error e) { // it would never be called again
            LOG.error("turn_tick_failed", e);
        }
    }

    /** Says where it is, once the whole server is up. */
    public void tellStarted() {
        LOG.atInfo()
                .addKeyValue("port", port)
                .addKeyValue("tls_port", tlsPort)
                .addKeyValue("relays", relays)
                .log("turn_started");
        if (config.users().isEmpty() && config.secrets().isEmpty() && passwords == null) {
            LOG.atWarn().log("turn has neither users nor secrets nor proxy: it only answers STUN");
        }
    }

    /** The port of UDP and TCP. */
    public int port() {
        return port;
    }

    /** The port of TLS; 0: there is none. */
    public int tlsPort() {
        return tlsPort;
    }

    public Quotas quotas() {
        return quotas;
    }

    /** Hands credentials out to those who may connect. */
    public void addRoutes(HttpRoutes.Builder routes, Node node, KeptHeaders kept) {
        CredentialsEndpoint endpoint =
                new CredentialsEndpoint(
                        credentials, node, kept, uris(), config.credentialsTtl().toSeconds());
        routes.crossOrigin("GET", "/turn-credentials", endpoint, 0);
    }

    /** What operators may ask, with the key of the server API. */
    public void addApi(HttpRoutes.Builder routes, HttpApiConfig api) {
        String ports = "UDP " + port + (config.tcp() ? " or TCP " + port : "");
        TurnReports reports = new TurnReports(loops, ports);
        ApiRoutes.addGet(routes, api, "/turn/allocations", reports::allocations);
        ApiRoutes.addGet(routes, api, "/turn/explain", reports::explain);
    }

    /** For whoever watches. */
    public void addMetrics(MeterRegistry registry) {
        TurnMetrics.add(registry, this, loops, totals);
    }

    private List<String> uris() {
        if (!config.uris().isEmpty()) return config.uris();
        String host = told.isIpv4() ? told.toString() : "[" + told + "]";
        List<String> uris = new ArrayList<>();
        uris.add("stun:" + host + ":" + port);
        uris.add("turn:" + host + ":" + port + "?transport=udp");
        if (config.tcp()) uris.add("turn:" + host + ":" + port + "?transport=tcp");
        // a certificate is for a name, which we don't know: uris has to say it
        return uris;
    }

    /** Sends away whoever wants to allocate from now on; who has an allocation keeps it. */
    public void drain() {
        List<TransportAddress> others =
                config.alternateServers().stream().map(TransportAddress::parse).toList();
        for (TurnLoop each : loops) each.eventLoop().execute(() -> each.engine().drain(others));
    }

    @Override
    public void close() {
        streams.forEach(StreamDoor::close);
        for (TurnLoop each : loops) {
            each.eventLoop().execute(() -> each.engine().close(System.nanoTime()));
        }
        if (discovery != null) discovery.close();
        udp.forEach(UdpDoor::close);
        if (relays != null) relays.close();
    }
}
