package dev.cardea.server.proxy;

import dev.cardea.messaging.auth.Peer;
import dev.cardea.messaging.hook.Answer;
import dev.cardea.messaging.hook.Caller;
import dev.cardea.messaging.hook.Hooks;
import dev.cardea.messaging.hub.ChannelOptions;
import dev.cardea.messaging.session.Refusal;
import dev.cardea.server.config.ProxyConfig;
import dev.cardea.server.config.RpcConfig;
import dev.cardea.wire.Bytes;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What is asked of the backend while a connection lives. Thread safe. */
final class ProxyHooks implements Hooks {
    private static final Rpc NOT_AVAILABLE = (_, _, _) -> refused(Refusal.NOT_AVAILABLE);
    private static final Rpc PING = (_, _, _) -> given(Bytes.EMPTY);

    private final RpcConfig rpc;
    private final @Nullable Refresh refresh;
    private final Map<String, Rpc> rpcByProxy = new HashMap<>();
    private final Map<String, Subscribe> subscribeByNamespace = new HashMap<>();
    private final Map<String, Publish> publishByNamespace = new HashMap<>();
    private final Map<String, SubRefresh> subRefreshByNamespace = new HashMap<>();
    private final List<String> emulatedHeaders;
    private final @Nullable DisconnectNotices notices;

    ProxyHooks(Proxies proxies, RpcConfig rpc) {
        this.rpc = rpc;
        this.refresh = refresh(proxies.refresh());
        this.emulatedHeaders = proxies.emulatedHeaders();
        this.notices = proxies.notices();
        proxies.rpc().forEach((name, backend) -> rpcByProxy.put(name, rpc(backend)));
        proxies.subscribe()
                .forEach((name, backend) -> subscribeByNamespace.put(name, subscribe(backend)));
        proxies.publish()
                .forEach((name, backend) -> publishByNamespace.put(name, publish(backend)));
        proxies.subRefresh()
                .forEach((name, backend) -> subRefreshByNamespace.put(name, subRefresh(backend)));
    }

    @Override
    public Peer admit(Peer peer, Map<String, String> headers) {
        if (emulatedHeaders.isEmpty() || headers.isEmpty()) return peer;
        Map<String, String> kept = new HashMap<>();
        headers.forEach((name, value) -> {
            String lower = name.toLowerCase(Locale.ROOT);
            if (emulatedHeaders.contains(lower)) kept.put(lower, value);
        });
        return new Peer(peer.transport(), peer.protocol(), peer.headers(), Map.copyOf(kept));
    }

    @Override
    public @Nullable Rpc rpc(String method) {
        if (rpc.ping().enabled() && method.equals(rpc.ping().method())) return PING;
        if (rpcByProxy.isEmpty()) return NOT_AVAILABLE;
        RpcConfig.RpcOptionsConfig options = rpc.options(method);
        if (options == null) return null;
        if (!options.proxyEnabled()) return NOT_AVAILABLE;
        return rpcByProxy.getOrDefault(Proxies.nameOf(options.proxyName()), NOT_AVAILABLE);
    }

    private static Rpc rpc(Backend backend) {
        return (caller, method, data) ->
                ask(
                        backend,
                        caller,
                        data,
                        config -> ProxyRequest.rpc(config, caller, method, data),
                        ProxyAnswer::rpc);
    }

    @Override
    public @Nullable Refresh refresh() {
        return refresh;
    }

    private static @Nullable Refresh refresh(@Nullable Backend backend) {
        if (backend == null) return null;
        return caller ->
                backend.ask(
                        caller.peer(),
                        ProxyRequest.refresh(backend.config(), caller),
                        ProxyAnswer::renewal);
    }

    @Override
    public @Nullable Subscribe subscribe(String channel, ChannelOptions options) {
        return subscribeByNamespace.get(options.namespace());
    }

    private static Subscribe subscribe(Backend backend) {
        return (caller, request) ->
                ask(
                        backend,
                        caller,
                        request.data(),
                        config -> ProxyRequest.subscribe(config, caller, request),
                        ProxyAnswer::subscribe);
    }

    @Override
    public @Nullable Publish publish(String channel, ChannelOptions options) {
        return publishByNamespace.get(options.namespace());
    }

    private static Publish publish(Backend backend) {
        return (caller, channel, data) ->
                ask(
                        backend,
                        caller,
                        data,
                        config -> ProxyRequest.publish(config, caller, channel, data),
                        ProxyAnswer::publish);
    }

    @Override
    public @Nullable SubRefresh subRefresh(String channel, ChannelOptions options) {
        return subRefreshByNamespace.get(options.namespace());
    }

    private static SubRefresh subRefresh(Backend backend) {
        return (caller, channel) ->
                backend.ask(
                        caller.peer(),
                        ProxyRequest.subRefresh(backend.config(), caller, channel),
                        ProxyAnswer::renewal);
    }

    @Override
    public void disconnected(Caller caller, int code, String reason) {
        if (notices != null) notices.add(caller, code, reason);
    }

    /** What the client sent may be nothing that the backend can be told. */
    private static <T> CompletionStage<Answer<T>> ask(
            Backend backend,
            Caller caller,
            Bytes sent,
            Function<ProxyConfig, Bytes> question,
            Function<Bytes, Answer<T>> answer) {
        ProxyConfig config = backend.config();
        if (!ProxyRequest.takes(config, sent)) return refused(Refusal.BAD_REQUEST);
        return backend.ask(caller.peer(), question.apply(config), answer);
    }

    private static <T> CompletionStage<Answer<T>> given(T what) {
        return CompletableFuture.completedFuture(new Answer.Given<>(what));
    }

    private static <T> CompletionStage<Answer<T>> refused(Refusal why) {
        return CompletableFuture.completedFuture(new Answer.Failed<>(why.fault()));
    }
}
