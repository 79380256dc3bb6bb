package dev.cardea.server;

import dev.cardea.messaging.broker.PublishQueue.Limit;
import dev.cardea.messaging.session.Namespaces;
import dev.cardea.server.auth.TokenAuthenticator;
import dev.cardea.server.config.ChannelConfig;
import dev.cardea.server.config.ChannelOptions;
import dev.cardea.server.config.Config;
import dev.cardea.server.config.NamespaceConfig;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The part of the configuration that may change while the server runs. Connections go on: what they
 * were granted stays granted, and what they ask for next is judged anew.
 */
final class Live {
    private static final List<String> KEYS =
            List.of(
                    "log.",
                    "shutdown.",
                    "client.allowed_origins",
                    "client.token.",
                    "client.subscription_token.",
                    "client.allow_anonymous_connect_without_token",
                    "client.disallow_anonymous_connection_tokens",
                    "client.insecure_skip_token_signature_verify",
                    "channel.history_meta_ttl",
                    "channel.publication_data_format",
                    "channel.without_namespace.",
                    "channel.namespaces",
                    "http_server.tls.cert_pem",
                    "http_server.tls.key_pem",
                    "http_server.tls.client_ca_pem",
                    "http_server.internal_tls.cert_pem",
                    "http_server.internal_tls.key_pem",
                    "http_server.internal_tls.client_ca_pem");

    private final CurrentOrigins origins;
    private final CurrentAuthenticator authenticator;
    private final Namespaces namespaces;
    private volatile Map<String, Limit> publishQueues;

    Live(Config config) {
        origins = new CurrentOrigins(config.client());
        authenticator = new CurrentAuthenticator(authenticator(config));
        namespaces = CoreOptions.namespaces(config.channel());
        publishQueues = CoreOptions.publishQueues(config.channel());
    }

    private static TokenAuthenticator authenticator(Config config) {
        return new TokenAuthenticator(config.client(), System::currentTimeMillis);
    }

    static boolean applies(String key) {
        return KEYS.stream()
                .anyMatch(live -> live.endsWith(".") ? key.startsWith(live) : key.equals(live));
    }

    CurrentOrigins origins() {
        return origins;
    }

    CurrentAuthenticator authenticator() {
        return authenticator;
    }

    Namespaces namespaces() {
        return namespaces;
    }

    Limit publishQueue(String namespace) {
        return publishQueues.getOrDefault(namespace, Limit.NONE);
    }

    /**
     * Everything is made before anything takes effect.
     *
     * @param namespacesToo whether namespaces are among it, which is {@link
     *     #keepsWhatIsMadeAtTheStart}
     */
    void become(Config next, boolean namespacesToo) {
        TokenAuthenticator nextAuthenticator = authenticator(next);
        Namespaces nextNamespaces = CoreOptions.namespaces(next.channel());
        origins.become(next.client());
        authenticator.become(nextAuthenticator);
        if (!namespacesToo) return;
        namespaces.become(nextNamespaces);
        publishQueues = CoreOptions.publishQueues(next.channel());
    }

    /**
     * Whether the same namespaces ask the same backends, and the same are kept on the disk. Those
     * are made at the start: a namespace that should ask one must not be let go without.
     */
    static boolean keepsWhatIsMadeAtTheStart(Config started, Config next) {
        return proxies(started.channel()).equals(proxies(next.channel()))
                && started.persistentNamespaces().equals(next.persistentNamespaces());
    }

    private static Map<String, List<Object>> proxies(ChannelConfig config) {
        Map<String, List<Object>> proxies = new HashMap<>();
        proxies.put("", proxies(config.withoutNamespace()));
        for (NamespaceConfig each : config.namespaces()) {
            proxies.put(each.name(), proxies(each.options()));
        }
        proxies.values().removeIf(List::isEmpty);
        return proxies;
    }

    private static List<Object> proxies(ChannelOptions options) {
        boolean any =
                options.subscribeProxyEnabled()
                        || options.publishProxyEnabled()
                        || options.subRefreshProxyEnabled();
        if (!any) return List.of();
        return List.of(
                options.subscribeProxyEnabled(),
                options.subscribeProxyName(),
                options.publishProxyEnabled(),
                options.publishProxyName(),
                options.subRefreshProxyEnabled(),
                options.subRefreshProxyName());
    }
}
