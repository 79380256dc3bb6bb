package dev.cardea.messaging.api;

import dev.cardea.messaging.auth.Authenticator.SubscriptionGrant;
import dev.cardea.messaging.auth.Revocation;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.centrifuge.StreamPosition;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One call of the server API, as Centrifugo defines it. Nothing in it is checked yet: {@link
 * ServerApi} refuses what makes no sense.
 */
public sealed interface ApiRequest {
    /** Publishes into one channel; answered with {@link ApiResponse.Published}. */
    record Publish(String channel, Message message) implements ApiRequest {}

    /**
     * Publishes the same into each of the channels, one after the other; answered with {@link
     * ApiResponse.Broadcast}.
     */
    record Broadcast(List<String> channels, Message message) implements ApiRequest {}

    /**
     * Answered with {@link ApiResponse.History}.
     *
     * @param limit how many at most; 0: the position alone; negative: all
     * @param since forward: what comes behind it; in reverse: before it. Its epoch may be empty
     */
    record History(String channel, int limit, @Nullable StreamPosition since, boolean reverse)
            implements ApiRequest {}

    /** Forgets a channel's publications, not its position. */
    record HistoryRemove(String channel) implements ApiRequest {}

    /** Answered with {@link ApiResponse.Presence}. */
    record Presence(String channel) implements ApiRequest {}

    /** Answered with {@link ApiResponse.PresenceStats}. */
    record PresenceStats(String channel) implements ApiRequest {}

    /**
     * Which channels have subscribers; answered with {@link ApiResponse.Channels}.
     *
     * @param pattern {@code *}, {@code ?}, {@code [a-z]}, {@code [!a-z]}, <code>{one,other}</code>
     *     and {@code \} before what stands for itself; empty: all channels
     */
    record Channels(String pattern) implements ApiRequest {}

    /** Answered with {@link ApiResponse.Info}. */
    record Info() implements ApiRequest {}

    /**
     * How connections are, one page; answered with {@link ApiResponse.Connections}.
     *
     * @param user whose; empty: everybody's
     * @param channel subscribed to it; empty: to any
     * @param client the one with this id; empty: all
     * @param stalled those alone whose peers don't take what is written, the longest first; such a
     *     page is the only one
     * @param limit how many; 0: 100; 1000 at most
     * @param after client ids above this one: where the page before ended; empty: from the first
     */
    record Connections(
            String user, String channel, String client, boolean stalled, int limit, String after)
            implements ApiRequest {}

    /**
     * Ends connections.
     *
     * @param why null: 3503, which clients don't come back from
     * @param whitelist client ids of connections that stay
     */
    record Disconnect(
            Audience audience,
            dev.cardea.messaging.session.@Nullable Disconnect why,
            Set<String> whitelist)
            implements ApiRequest {}

    /**
     * Subscribes connections to a channel; those that are subscribed already stay as they are.
     *
     * @param since where the clients stand in the stream; null: at its top
     */
    record Subscribe(
            String channel,
            Audience audience,
            SubscriptionGrant grant,
            @Nullable StreamPosition since)
            implements ApiRequest {}

    /**
     * Lets connections live on.
     *
     * @param expired they end instead
     * @param expireAtSeconds Unix time; 0: never
     * @param info shown to other subscribers from now on; empty: as before
     */
    record Refresh(Audience audience, boolean expired, long expireAtSeconds, Bytes info)
            implements ApiRequest {}

    /** Ends the subscriptions that connections have to a channel. */
    record Unsubscribe(String channel, Audience audience) implements ApiRequest {}

    /**
     * Has tokens not be believed any more, and ends what they hold.
     *
     * @param revocation a user's with {@code issuedBeforeSeconds} 0: before now
     */
    record Revoke(Revocation revocation) implements ApiRequest {}

    /**
     * What to publish.
     *
     * @param idempotencyKey empty: none; otherwise a repetition within five minutes changes nothing
     * @param skipHistory live only
     * @param delta may be sent as a patch to those who ask for deltas
     * @param version 0: none; otherwise an older or equal one than the channel has changes nothing;
     *     unsigned
     */
    record Message(
            Bytes data,
            Map<String, String> tags,
            String idempotencyKey,
            boolean skipHistory,
            boolean delta,
            long version,
            String versionEpoch) {
        /** As a patch only where the namespace says so. */
        public Message(
                Bytes data,
                Map<String, String> tags,
                String idempotencyKey,
                boolean skipHistory,
                long version,
                String versionEpoch) {
            this(data, tags, idempotencyKey, skipHistory, false, version, versionEpoch);
        }

        /** Data alone. */
        public static Message of(Bytes data) {
            return new Message(data, Map.of(), "", false, false, 0, "");
        }
    }

    /**
     * Whose connections are meant: those of the user that have this client and session id.
     *
     * @param user empty: connections without a user
     * @param client empty: all of the user's
     * @param session empty: all of the user's
     */
    record Audience(String user, String client, String session) {
        /** Whether every connection of the user is meant, whatever it is called. */
        boolean isWholeUser() {
            return client.isEmpty() && session.isEmpty();
        }
    }
}
