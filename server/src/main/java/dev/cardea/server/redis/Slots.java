package dev.cardea.server.redis;

import io.lettuce.core.RedisURI;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Which member of a cluster has what, as far as is known. Thread safe. */
interface Slots {
    /** Some master. */
    record Member(String id, RedisURI uri) {
        @Override
        public String toString() {
            return uri.getHost() + ":" + uri.getPort();
        }
    }

    /** The id of who has the slot of a name; null: nobody, now. */
    @Nullable String masterOf(String name);

    /** Null: it isn't there any more. */
    @Nullable Member member(String id);

    /** Asks the members anew. */
    CompletionStage<Void> refresh();

    CompletionStage<StatefulRedisPubSubConnection<byte[], byte[]>> subscriptions(Member member);
}
