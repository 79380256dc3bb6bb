package dev.cardea.server.proxy;

import dev.cardea.messaging.auth.Authenticator;
import dev.cardea.messaging.hook.Hooks;
import dev.cardea.server.config.ChannelConfig;
import dev.cardea.server.config.ChannelOptions;
import dev.cardea.server.config.Config;
import dev.cardea.server.config.DisconnectHookConfig;
import dev.cardea.server.config.EnabledProxyConfig;
import dev.cardea.server.config.NamedProxyConfig;
import dev.cardea.server.config.NamespaceConfig;
import dev.cardea.server.config.ProxyConfig;
import dev.cardea.server.config.ProxyTlsConfig;
import dev.cardea.server.trace.Traces;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** All backends of a configuration. Where there are none it has no thread and no HTTP client. */
public final class Proxies implements AutoCloseable {
    private static final String DEFAULT = "default";

    /**
     * Idle connections are given up before servers do so, which usually wait 5 s or more: a call on
     * a connection that is just being closed would fail.
     */
    private static final String KEEP_ALIVE = "jdk.httpclient.keepalive.timeout";

    private static final String KEEP_ALIVE_SECONDS = "4";

    private final ProxyCounters counters = new ProxyCounters();
    private final Traces traces;
    private final Map<String, ProxyConfig> named = new HashMap<>();
    private final Set<ProxyConfig> used = new LinkedHashSet<>();
    private final Map<String, Backend> rpc = new HashMap<>();
    private final Map<String, Backend> subscribe = new HashMap<>();
    private final Map<String, Backend> publish = new HashMap<>();
    private final Map<String, Backend> subRefresh = new HashMap<>();
    private final @Nullable Backend connect;
    private final @Nullable Backend refresh;
    private final @Nullable Passwords passwords;
    private final @Nullable DisconnectNotices notices;
    private final Hooks hooks;

    private final Map<ProxyTlsConfig, Connections> connections = new HashMap<>();
    private @Nullable ExecutorService threads;

    public Proxies(Config config, Traces traces) {
        this.traces = traces;
        for (NamedProxyConfig each : config.proxies()) named.put(each.name(), each.proxy());
        connect = enabled(ProxyKind.CONNECT, config.client().proxy().connect());
        refresh = enabled(ProxyKind.REFRESH, config.client().proxy().refresh());
        Backend turn =
                config.turn().enabled() ? enabled(ProxyKind.TURN, config.turn().proxy()) : null;
        passwords = turn == null ? null : new Passwords(turn);
        DisconnectHookConfig gone = config.client().proxy().disconnect();
        notices =
                DisconnectNotices.of(
                        gone.enabled()
                                ? backend(ProxyKind.DISCONNECT, DEFAULT, gone.proxy())
                                : null,
                        gone,
                        counters);
        addChannels(config.channel());
        addRpc(config);
        hooks = new ProxyHooks(this, config.rpc());
    }

    private @Nullable Backend enabled(ProxyKind kind, EnabledProxyConfig config) {
        return config.enabled() ? backend(kind, DEFAULT, config.proxy()) : null;
    }

    private void addChannels(ChannelConfig channels) {
        Map<ProxyKind, Map<String, Backend>> made = new HashMap<>();
        addChannel("", channels.withoutNamespace(), channels, made);
        for (NamespaceConfig each : channels.namespaces()) {
            addChannel(each.name(), each.options(), channels, made);
        }
    }

    /** Namespaces with the same proxy share its bounds and its circuit. */
    private void addChannel(
            String namespace,
            ChannelOptions options,
            ChannelConfig channels,
            Map<ProxyKind, Map<String, Backend>> made) {
        if (options.subscribeProxyEnabled()) {
            ProxyConfig byDefault = channels.proxy().subscribe();
            subscribe.put(
                    namespace,
                    shared(ProxyKind.SUBSCRIBE, options.subscribeProxyName(), byDefault, made));
        }
        if (options.publishProxyEnabled()) {
            ProxyConfig byDefault = channels.proxy().publish();
            publish.put(
                    namespace,
                    shared(ProxyKind.PUBLISH, options.publishProxyName(), byDefault, made));
        }
        if (options.subRefreshProxyEnabled()) {
            ProxyConfig byDefault = channels.proxy().subRefresh();
            subRefresh.put(
                    namespace,
                    shared(ProxyKind.SUB_REFRESH, options.subRefreshProxyName(), byDefault, made));
        }
    }

    private void addRpc(Config config) {
        Map<ProxyKind, Map<String, Backend>> made = new HashMap<>();
        Set<String> names = new LinkedHashSet<>();
        if (config.rpc().withoutNamespace().proxyEnabled()) {
            names.add(nameOf(config.rpc().withoutNamespace().proxyName()));
        }
        for (var each : config.rpc().namespaces()) {
            if (each.options().proxyEnabled()) names.add(nameOf(each.options().proxyName()));
        }
        for (String name : names) {
            rpc.put(name, shared(ProxyKind.RPC, name, config.rpc().proxy(), made));
        }
    }

    private Backend shared(
            ProxyKind kind,
            String written,
            ProxyConfig byDefault,
            Map<ProxyKind, Map<String, Backend>> made) {
        String name = nameOf(written);
        return made.computeIfAbsent(kind, _ -> new HashMap<>())
                .computeIfAbsent(
                        name, _ -> backend(kind, name, named.getOrDefault(name, byDefault)));
    }

    private Backend backend(ProxyKind kind, String name, ProxyConfig config) {
        used.add(config);
        return new Backend(kind, name, config, connections(config.http().tls()), counters, traces);
    }

    /** One for all that trust alike: each has a thread and connections of its own. */
    private Connections connections(ProxyTlsConfig tls) {
        if (threads == null) {
            if (System.getProperty(KEEP_ALIVE) == null) {
                System.setProperty(KEEP_ALIVE, KEEP_ALIVE_SECONDS);
            }
            threads = Executors.newVirtualThreadPerTaskExecutor();
        }
        Executor executor = threads;
        return connections.computeIfAbsent(
                tls.enabled() ? tls : ProxyTlsConfig.NONE, key -> new Connections(executor, key));
    }

    /** An empty name is the default's, too. */
    static String nameOf(String written) {
        return written.isEmpty() ? DEFAULT : written;
    }

    /** What it was made with, and closes. */
    public Traces traces() {
        return traces;
    }

    public ProxyCounters counters() {
        return counters;
    }

    /** For the sessions. */
    public Hooks hooks() {
        return hooks;
    }

    /** Who connects: the backend says so where tokens don't. */
    public Authenticator before(Authenticator tokens) {
        return connect == null ? tokens : new ConnectProxy(connect, tokens);
    }

    /** Of TURN's users; null: the backend isn't asked for them. */
    public @Nullable Passwords passwords() {
        return passwords;
    }

    /** The headers of clients that some backend is told. */
    public List<String> passedHeaders() {
        return used.stream().flatMap(each -> each.httpHeaders().stream()).toList();
    }

    List<String> emulatedHeaders() {
        return ProxyHeaders.lowerCase(
                used.stream().flatMap(each -> each.emulatedHeaders().stream()).distinct().toList());
    }

    @Nullable Backend refresh() {
        return refresh;
    }

    /** By proxy name. */
    Map<String, Backend> rpc() {
        return rpc;
    }

    /** By namespace, as the next two. */
    Map<String, Backend> subscribe() {
        return subscribe;
    }

    Map<String, Backend> publish() {
        return publish;
    }

    Map<String, Backend> subRefresh() {
        return subRefresh;
    }

    @Nullable DisconnectNotices notices() {
        return notices;
    }

    /** After the last connection has ended. */
    @Override
    public void close() {
        if (notices != null) notices.close();
        connections.values().forEach(Connections::close);
        if (threads != null) threads.shutdownNow();
        traces.close();
    }
}
