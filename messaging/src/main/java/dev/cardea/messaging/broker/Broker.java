package dev.cardea.messaging.broker;

import dev.cardea.messaging.hub.ChannelOptions;
import dev.cardea.messaging.log.StreamSlice;
import dev.cardea.messaging.presence.PresenceEvent;
import dev.cardea.wire.centrifuge.ClientInfo;
import dev.cardea.wire.centrifuge.Publication;
import dev.cardea.wire.centrifuge.StreamPosition;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/**
 * Appends to channels, keeps their history and their presence. What it appends arrives in the log
 * of every node that follows the channel, in the order of the offsets.
 *
 * <p>Every call is asynchronous and may be made from any thread; a stage may complete on any
 * thread, late, out of turn with other calls, or exceptionally when the broker can't be reached. A
 * failed publish may still have been appended.
 */
public interface Broker {
    /**
     * From here on, what is appended to the channel arrives in this node's log. Called for each
     * subscription.
     */
    CompletionStage<Void> follow(String channel, ChannelOptions options);

    /** A subscription has ended. */
    void unfollow(String channel);

    CompletionStage<Published> publish(
            String channel,
            ChannelOptions options,
            Publication publication,
            PublishOptions publishOptions);

    /**
     * Whether publications in a channel that one thread gives one after the other, without waiting
     * for any, are appended in that order, also when one between them fails. Where not, each has to
     * wait for the one before.
     */
    default boolean keepsOrder(String channel, ChannelOptions options) {
        return false;
    }

    /** Tells joins and leaves, which may be told together. */
    CompletionStage<Void> publishEvents(
            String channel, ChannelOptions options, List<PresenceEvent> events);

    /** A part of the channel's history and the stream's top, read at one moment. */
    CompletionStage<StreamSlice> history(
            String channel, ChannelOptions options, HistoryQuery query);

    /** Forgets the publications; the stream's position stays. */
    CompletionStage<Void> removeHistory(String channel, ChannelOptions options);

    /** Adds a member, or keeps it for another time to live. */
    CompletionStage<Void> addPresence(String channel, ClientInfo member);

    CompletionStage<Void> removePresence(String channel, String client);

    /** Members by client id. */
    CompletionStage<Map<String, ClientInfo>> presence(String channel);

    /** How many members there are. */
    default CompletionStage<PresenceStats> presenceStats(String channel) {
        return presence(channel).thenApply(PresenceStats::of);
    }

    /**
     * How to publish.
     *
     * @param idempotencyKey empty: none; otherwise a repetition within five minutes gets the first
     *     one's result
     * @param skipHistory live only, without an offset
     * @param delta subscribers that ask for deltas may get it as a patch
     * @param version 0: none; otherwise an older or equal one than the newest changes nothing
     */
    record PublishOptions(
            String idempotencyKey,
            boolean skipHistory,
            boolean delta,
            long version,
            String versionEpoch) {
        /** As a patch only where the namespace says so. */
        public PublishOptions(
                String idempotencyKey, boolean skipHistory, long version, String versionEpoch) {
            this(idempotencyKey, skipHistory, false, version, versionEpoch);
        }

        public static final PublishOptions NONE = new PublishOptions("", false, 0, "");
    }

    /**
     * @param position where the stream stands, (0, "") for a channel without history
     */
    record Published(StreamPosition position) {}

    /**
     * @param offset forward: publications behind it; in reverse: before it, 0 for the newest
     * @param limit how many at most; 0: the position alone
     */
    record HistoryQuery(long offset, int limit, boolean reverse) {
        public static final HistoryQuery TOP = new HistoryQuery(0, 0, false);
    }

    record PresenceStats(int numClients, int numUsers) {
        /**
         * @param members by client id
         */
        public static PresenceStats of(Map<String, ClientInfo> members) {
            long users = members.values().stream().map(ClientInfo::user).distinct().count();
            return new PresenceStats(members.size(), (int) users);
        }
    }
}
