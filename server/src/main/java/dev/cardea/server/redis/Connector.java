package dev.cardea.server.redis;

import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Makes connections to one Redis, of however many servers it consists. Thread safe. */
interface Connector extends AutoCloseable {
    /**
     * A connection for commands.
     *
     * @param waitsForFlush what is written leaves with the next flush
     * @param tellsBySlot channels are told of by the member that has their slot
     * @param keepsOrder one server does all, in the order in which it is asked, and knows the
     *     scripts
     */
    record Commanding(
            StatefulConnection<byte[], byte[]> connection,
            RedisClusterAsyncCommands<byte[], byte[]> commands,
            boolean waitsForFlush,
            boolean tellsBySlot,
            boolean keepsOrder) {}

    CompletionStage<Commanding> commands();

    CompletionStage<StatefulRedisPubSubConnection<byte[], byte[]>> subscriptions();

    /** Of many servers, of which each has a part of the keys; null: it is one. */
    @Nullable Slots slots();

    /** For the log: without secrets. */
    @Override
    String toString();

    @Override
    void close();
}
