package dev.cardea.server.config;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The whole configuration, checked. Immutable; read by {@link ConfigLoader}.
 *
 * @param eventLoops 0 stands for one for each core
 */
public record Config(
        @Setting(means = "where the server listens") HttpServerConfig httpServer,
        @Setting(means = "this server, among others") NodeConfig node,
        @Setting(means = "what is written about the server's life") LogConfig log,
        @Setting(means = "what a client's connection may do, and for how long") ClientConfig client,
        @Setting(means = "how channel names are read, and what may be done in each namespace")
                ChannelConfig channel,
        @Setting(means = "the calls of clients that the application's backend answers")
                RpcConfig rpc,
        @Setting(
                        means =
                                "proxies that namespaces refer to: for each a name, and the same keys as"
                                        + " in rpc.proxy")
                List<NamedProxyConfig> proxies,
        @Setting(means = "the door for the application's backend") HttpApiConfig httpApi,
        @Setting(means = "the WebSocket door for clients") WebSocketConfig websocket,
        @Setting(means = "HTTP streaming, for clients that can't have a WebSocket")
                HttpStreamConfig httpStream,
        @Setting(means = "server-sent events, for clients that can't have a WebSocket")
                SseConfig sse,
        @Setting(means = "where clients of http_stream and sse speak") EmulationConfig emulation,
        @Setting(means = "server-sent events for clients that only listen") UniSseConfig uniSse,
        @Setting(means = "HTTP streaming for clients that only listen")
                UniHttpStreamConfig uniHttpStream,
        @Setting(means = "WebSocket for clients that only listen") UniWebSocketConfig uniWebsocket,
        @Setting(means = "the Mercure hub") MercureConfig mercure,
        @Setting(means = "STUN and TURN") TurnConfig turn,
        @Setting(means = "signaling for PeerJS clients") PeerjsConfig peerjs,
        @Setting(means = "the WebTransport door for clients") WebTransportConfig webtransport,
        @Setting(means = "where channels are kept: in this process, or in a Redis that nodes share")
                EngineConfig engine,
        @Setting(means = "a NATS that nodes share, instead of an engine") BrokerConfig broker,
        @Setting(means = "history that survives a restart") PersistenceConfig persistence,
        @Setting(means = "the endpoint with metrics") PrometheusConfig prometheus,
        @Setting(means = "the endpoint that says the server is up") HealthConfig health,
        @Setting(
                        means =
                                "tracing; where traces go is in the environment, as OpenTelemetry has it:"
                                        + " OTEL_EXPORTER_OTLP_ENDPOINT")
                OpenTelemetryConfig opentelemetry,
        @Setting(means = "how the server ends") ShutdownConfig shutdown,
        @Setting(means = "bounds that keep slow clients and busy channels from taking everything")
                MemoryConfig memory,
        @Setting(
                        is = "0",
                        means = "threads that serve connections; 0 is one for each core",
                        atMost = "1024")
                int eventLoops)
        implements Checked {

    /** Every key at its default. */
    public static final Config DEFAULT = Binder.defaults(Config.class);

    @Override
    public void check(Problems.Group problems) {
        ProxyNames.check(this, problems);
        mercure.check(channel, problems.in("mercure"));
        if (broker.isNats() && engine.type() != EngineConfig.EngineType.MEMORY)
            problems.add("broker.type", "is nats, and engine.type is redis; expected one of them");
        checkPersistence(problems);
        if (webtransport.enabled() && !httpServer.http3().enabled())
            problems.add("webtransport.enabled", "is true, but http_server.http3.enabled isn't");
    }

    private void checkPersistence(Problems.Group problems) {
        if (mercure.enabled())
            checkPersistence("mercure.retention", mercure.retention().history(), problems);
        checkPersistence(
                "channel.without_namespace", channel.withoutNamespace().history(), problems);
        for (int i = 0; i < channel.namespaces().size(); i++) {
            ChannelOptions options = channel.namespaces().get(i).options();
            checkPersistence("channel.namespaces[" + i + "]", options.history(), problems);
        }
    }

    private void checkPersistence(String at, HistoryPlace history, Problems.Group problems) {
        if (history != HistoryPlace.PERSISTENT) return;
        boolean isShared = broker.isNats() || engine.type() == EngineConfig.EngineType.REDIS;
        if (isShared)
            problems.add(
                    at + ".history",
                    "is persistent, which is this server's own disk, and servers share a "
                            + (broker.isNats() ? "NATS" : "Redis")
                            + "; expected engine");
        else if (persistence.path().isEmpty())
            problems.add(
                    at + ".history",
                    "is persistent, and persistence.path is not set; expected a folder there");
    }

    /** Whether anything is kept on this server's disk. */
    public boolean isPersistent() {
        return mercure.isPersistent() || !persistentNamespaces().isEmpty();
    }

    /**
     * Whether the Mercure hub, or the channels that are its topics, are on this server's disk: what
     * is published there isn't written at once.
     */
    public boolean isMercurePersistent() {
        boolean isMapped = !mercure.namespace().isEmpty();
        return mercure.isPersistent()
                || (isMapped && persistentNamespaces().contains(mercure.namespace()));
    }

    /** The namespaces (empty: the channels without one) whose history is on this server's disk. */
    public Set<String> persistentNamespaces() {
        Set<String> names = new HashSet<>();
        if (channel.withoutNamespace().history() == HistoryPlace.PERSISTENT) names.add("");
        for (NamespaceConfig each : channel.namespaces()) {
            if (each.options().history() == HistoryPlace.PERSISTENT) names.add(each.name());
        }
        return names;
    }
}
