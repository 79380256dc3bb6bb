package dev.cardea.server.redis;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.lettuce.core.resource.ClientResources;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A Redis Cluster: commands go to the member that has the channel's keys, and any member tells of
 * all channels. The connections for commands are many, and come back by themselves.
 */
final class ClusterServers implements Connector {
    private final RedisClusterClient cluster;
    private final RedisClient single;
    private final List<RedisURI> members;
    private final AtomicInteger asked = new AtomicInteger();

    /**
     * @param members some of the cluster's
     * @param single for the connection that listens
     */
    ClusterServers(
            ClientResources resources,
            List<RedisURI> members,
            ClusterClientOptions options,
            ClientOptions single) {
        this.members = members;
        this.cluster = RedisClusterClient.create(resources, members);
        this.cluster.setOptions(options);
        this.single = RedisClient.create(resources);
        this.single.setOptions(single);
    }

    @Override
    public CompletionStage<Commanding> commands() {
        // Connections to further members are made when they are first needed: what waits for one
        // couldn't be flushed by whoever asked. Who the members are is asked for first, which
        // blocks.
        return CompletableFuture.supplyAsync(
                        cluster::getPartitions, task -> Thread.ofVirtual().start(task))
                .thenCompose(_ -> cluster.connectAsync(ByteArrayCodec.INSTANCE))
                .thenApply(connection -> new Commanding(connection, connection.async(), false));
    }

    @Override
    public CompletionStage<StatefulRedisPubSubConnection<byte[], byte[]>> subscriptions() {
        RedisURI next = members.get(Math.floorMod(asked.getAndIncrement(), members.size()));
        return single.connectPubSubAsync(ByteArrayCodec.INSTANCE, next);
    }

    @Override
    public boolean isCluster() {
        return true;
    }

    @Override
    public void close() {
        cluster.shutdown(Duration.ZERO, Duration.ofSeconds(2));
        single.shutdown(Duration.ZERO, Duration.ofSeconds(2));
    }

    @Override
    public String toString() {
        return "cluster at " + members.getFirst().getHost() + ":" + members.getFirst().getPort();
    }
}
