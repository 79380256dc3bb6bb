package dev.cardea.server.redis;

import dev.cardea.server.config.RedisConfig;
import dev.cardea.server.config.RedisTlsConfig;
import dev.cardea.server.tls.BadPem;
import dev.cardea.server.tls.ClientTls;
import dev.cardea.server.tls.TlsMaterial;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.MaintNotificationsConfig;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.SslOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.ClusterTopologyRefreshOptions;
import io.lettuce.core.protocol.ProtocolVersion;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;

/** The configuration in the words of Lettuce. */
final class RedisServers {
    private static final String SCHEME = "redis://";
    private static final int SENTINEL_PORT = 26379;

    /** More questions than that wait for no answer: the next ones fail. */
    private static final int MAX_WAITING = 200_000;

    private RedisServers() {}

    static boolean isCluster(RedisConfig config) {
        return !config.clusterAddress().isEmpty();
    }

    static boolean hasSentinel(RedisConfig config) {
        return !config.sentinelAddress().isEmpty();
    }

    /** Where each of the Redis is that channels are spread over, a cluster's members apart. */
    static List<RedisURI> shards(RedisConfig config) {
        if (hasSentinel(config)) return List.of(sentinel(config));
        return config.effectiveAddress().stream().map(each -> uri(each, config)).toList();
    }

    /** Some members of the one cluster. */
    static List<RedisURI> members(RedisConfig config) {
        return config.clusterAddress().stream().map(each -> uri(each, config)).toList();
    }

    private static RedisURI uri(String address, RedisConfig config) {
        RedisURI uri = RedisURI.create(address.contains("://") ? address : SCHEME + address);
        if (config.db() != 0) uri.setDatabase(config.db());
        return complete(uri, config);
    }

    private static RedisURI complete(RedisURI uri, RedisConfig config) {
        if (!config.password().isEmpty()) uri.setAuthentication(config.user(), config.password());
        if (!config.clientName().isEmpty()) uri.setClientName(config.clientName());
        trust(uri, config.tls());
        uri.setTimeout(config.ioTimeout());
        return uri;
    }

    private static void trust(RedisURI uri, RedisTlsConfig tls) {
        if (tls.enabled()) uri.setSsl(true);
        if (tls.enabled() && tls.insecureSkipVerify()) uri.setVerifyPeer(false);
    }

    private static RedisURI sentinel(RedisConfig config) {
        RedisURI.Builder builder =
                RedisURI.builder().withSentinelMasterId(config.sentinelMasterName());
        for (String address : config.sentinelAddress()) {
            String whole = address.contains("://") ? address : SCHEME + address;
            RedisURI uri = RedisURI.create(whole);
            if (!whole.matches(".*:[0-9]+/?$")) uri.setPort(SENTINEL_PORT);
            if (!config.sentinelPassword().isEmpty())
                uri.setAuthentication(config.sentinelUser(), config.sentinelPassword());
            if (!config.sentinelClientName().isEmpty())
                uri.setClientName(config.sentinelClientName());
            trust(uri, config.sentinelTls());
            uri.setTimeout(config.ioTimeout());
            builder.withSentinel(uri);
        }
        RedisURI uri = builder.build();
        if (config.db() != 0) uri.setDatabase(config.db());
        return complete(uri, config);
    }

    /** Reconnects are the shard's own. */
    static ClientOptions options(RedisConfig config) {
        return layOver(ClientOptions.builder().autoReconnect(false), config).build();
    }

    /** Any member may be lost, and what it was asked then isn't answered any more. */
    static ClusterClientOptions clusterOptions(RedisConfig config) {
        ClusterTopologyRefreshOptions refresh =
                ClusterTopologyRefreshOptions.builder()
                        .enablePeriodicRefresh(Duration.ofSeconds(2))
                        .adaptiveRefreshTriggersTimeout(Duration.ofMillis(500))
                        .build();
        return layOver(ClusterClientOptions.builder(), config)
                // A connection to a further member is made when it is first needed, and is awaited.
                .disconnectedBehavior(ClientOptions.DisconnectedBehavior.DEFAULT)
                .timeoutOptions(TimeoutOptions.enabled(config.ioTimeout()))
                .topologyRefreshOptions(refresh)
                .build();
    }

    private static <B extends ClientOptions.Builder> B layOver(B builder, RedisConfig config) {
        builder.disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
                // What was under way when a connection broke may have been carried out: never
                // twice.
                .replayFilter(_ -> true)
                .requestQueueSize(MAX_WAITING)
                .timeoutOptions(TimeoutOptions.create()) // the shard's probe sees to that
                .maintNotificationsConfig(MaintNotificationsConfig.disabled())
                .socketOptions(
                        SocketOptions.builder()
                                .connectTimeout(config.connectTimeout())
                                .keepAlive(true)
                                .build());
        if (config.forceResp2()) builder.protocolVersion(ProtocolVersion.RESP2);
        RedisTlsConfig tls = config.tls().enabled() ? config.tls() : config.sentinelTls();
        if (tls.enabled()) {
            ClientTls material = load(tls);
            builder.sslOptions(
                    SslOptions.builder().sslContext(into -> trust(into, material)).build());
        }
        return builder;
    }

    private static ClientTls load(RedisTlsConfig tls) {
        try {
            return tls.load();
        } catch (BadPem e) {
            throw new IllegalStateException(e); // was read when the configuration was checked
        }
    }

    private static void trust(SslContextBuilder builder, ClientTls tls) {
        TlsMaterial own = tls.own();
        if (own != null) builder.keyManager(own.key(), own.chain().toArray(X509Certificate[]::new));
        if (tls.trustsAnybody()) builder.trustManager(InsecureTrustManagerFactory.INSTANCE);
        else if (!tls.serverCas().isEmpty())
            builder.trustManager(tls.serverCas().toArray(X509Certificate[]::new));
    }
}
