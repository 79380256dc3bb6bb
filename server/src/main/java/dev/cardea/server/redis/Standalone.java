package dev.cardea.server.redis;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.lettuce.core.resource.ClientResources;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** One server, or the master that Sentinel names at each connect. */
final class Standalone implements Connector {
    private final RedisClient client;
    private final RedisURI uri;

    Standalone(ClientResources resources, RedisURI uri, ClientOptions options) {
        this.client = RedisClient.create(resources);
        this.uri = uri;
        client.setOptions(options);
    }

    @Override
    public CompletionStage<Commanding> commands() {
        return client.connectAsync(ByteArrayCodec.INSTANCE, uri)
                .thenCompose(Standalone::commanding);
    }

    private static CompletionStage<Commanding> commanding(
            StatefulRedisConnection<byte[], byte[]> connection) {
        return Script.load(connection.async())
                .handle((_, refused) -> { // whose user may not load any is asked more slowly
                    connection.setAutoFlushCommands(false);
                    return new Commanding(
                            connection, connection.async(), true, false, refused == null);
                });
    }

    @Override
    public CompletionStage<StatefulRedisPubSubConnection<byte[], byte[]>> subscriptions() {
        return client.connectPubSubAsync(ByteArrayCodec.INSTANCE, uri);
    }

    @Override
    public @Nullable Slots slots() {
        return null;
    }

    @Override
    public void close() {
        client.shutdown(Duration.ZERO, Duration.ofSeconds(2));
    }

    @Override
    public String toString() {
        return uri.getSentinels().isEmpty()
                ? uri.getHost() + ":" + uri.getPort()
                : "master " + uri.getSentinelMasterId();
    }
}
