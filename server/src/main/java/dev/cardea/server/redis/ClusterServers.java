package dev.cardea.server.redis;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.SlotHash;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.lettuce.core.resource.ClientResources;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A Redis Cluster: commands go to the member that has the channel's keys. Since Redis 7 that member
 * alone tells of the channel; before, any does. The connections for commands are many, and come
 * back by themselves.
 */
final class ClusterServers implements Connector, Slots {
    private final RedisClusterClient cluster;
    private final RedisClient single;
    private final List<RedisURI> members;
    private final AtomicInteger asked = new AtomicInteger();

    /** How the members were when last asked; asking the client itself could block. */
    private volatile @Nullable StatefulRedisClusterConnection<byte[], byte[]> known;

    /**
     * @param members some of the cluster's
     * @param single for the connections that listen
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
                .thenCompose(this::commanding);
    }

    private CompletionStage<Commanding> commanding(
            StatefulRedisClusterConnection<byte[], byte[]> connection) {
        known = connection;
        return connection
                .async()
                .commandInfo("ssubscribe")
                .thenApply(infos ->
                        new Commanding(connection, connection.async(), false, knows(infos), false));
    }

    /** Unknown commands are told of by an empty place. */
    private static boolean knows(List<Object> infos) {
        return !infos.isEmpty() && infos.getFirst() instanceof List<?> info && !info.isEmpty();
    }

    @Override
    public CompletionStage<StatefulRedisPubSubConnection<byte[], byte[]>> subscriptions() {
        List<RedisURI> candidates = candidates();
        int next = Math.floorMod(asked.getAndIncrement(), candidates.size());
        return single.connectPubSubAsync(ByteArrayCodec.INSTANCE, candidates.get(next));
    }

    /** The configured ones may all have been replaced. */
    private List<RedisURI> candidates() {
        StatefulRedisClusterConnection<byte[], byte[]> now = known;
        if (now == null) return members;
        List<RedisURI> current =
                now.getPartitions().stream()
                        .filter(RedisClusterNode::isConnected)
                        .map(node -> at(node.getUri()))
                        .toList();
        return current.isEmpty() ? members : current;
    }

    /** With the credentials of the configuration. */
    private RedisURI at(RedisURI place) {
        return RedisURI.builder(members.getFirst())
                .withHost(place.getHost())
                .withPort(place.getPort())
                .build();
    }

    @Override
    public Slots slots() {
        return this;
    }

    @Override
    public @Nullable String masterOf(String name) {
        StatefulRedisClusterConnection<byte[], byte[]> now = known;
        if (now == null) return null;
        RedisClusterNode master =
                now.getPartitions().getMasterBySlot(SlotHash.getSlot(Keys.bytes(name)));
        return master == null ? null : master.getNodeId();
    }

    @Override
    public @Nullable Member member(String id) {
        StatefulRedisClusterConnection<byte[], byte[]> now = known;
        RedisClusterNode node = now == null ? null : now.getPartitions().getPartitionByNodeId(id);
        return node == null ? null : new Member(id, at(node.getUri()));
    }

    @Override
    public CompletionStage<Void> refresh() {
        return cluster.refreshPartitionsAsync();
    }

    @Override
    public CompletionStage<StatefulRedisPubSubConnection<byte[], byte[]>> subscriptions(
            Member member) {
        return single.connectPubSubAsync(ByteArrayCodec.INSTANCE, member.uri());
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
