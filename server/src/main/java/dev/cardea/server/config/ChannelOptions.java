package dev.cardea.server.config;

import com.google.re2j.Pattern;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;

/** What may be done in the channels of one namespace, and what is kept of them. */
public record ChannelOptions(
        @Setting(is = "false", means = "keeps who is subscribed") boolean presence,
        @Setting(is = "false", means = "publishes who comes and goes") boolean joinLeave,
        @Setting(
                        is = "false",
                        means = "sends joins and leaves to every subscriber, asked for or not")
                boolean forcePushJoinLeave,
        @Setting(
                        is = "0s",
                        means =
                                "gathers joins and leaves over so long and sends them together; who comes"
                                        + " and goes in between isn't mentioned; 0s sends each at once")
                Duration joinLeaveInterval,
        @Setting(
                        is = "engine",
                        means =
                                "where history is kept: persistent is on this server's disk, in"
                                        + " persistence.path, so that it survives a restart; engine leaves that to"
                                        + " engine.type")
                HistoryPlace history,
        @Setting(is = "0", means = "publications kept in history; 0 keeps none") int historySize,
        @Setting(is = "0s", means = "how long a publication is kept in history; 0s keeps none")
                Duration historyTtl,
        @Setting(
                        is = "0",
                        means =
                                "bytes of all publications that history keeps; 0 leaves that to"
                                        + " memory.publications")
                long historyBytes,
        @Setting(
                        is = "0s",
                        means = "as channel.history_meta_ttl, for this namespace; 0s takes that")
                Duration historyMetaTtl,
        @Setting(is = "false", means = "tracks the position of every subscriber")
                boolean forcePositioning,
        @Setting(is = "false", means = "tracks the position of subscribers that ask for it")
                boolean allowPositioning,
        @Setting(is = "false", means = "lets every subscriber recover what it missed")
                boolean forceRecovery,
        @Setting(is = "false", means = "lets subscribers that ask for it recover what they missed")
                boolean allowRecovery,
        @Setting(
                        is = "stream",
                        means = "stream recovers everything missed, cache the newest publication")
                RecoveryMode forceRecoveryMode,
        @Setting(
                        is = "false",
                        means =
                                "gives the newest publication to every new subscriber, in cache mode")
                boolean autoCacheRecover,
        @Setting(is = "false", means = "users may subscribe") boolean allowSubscribeForClient,
        @Setting(is = "false", means = "anonymous users may, too")
                boolean allowSubscribeForAnonymous,
        @Setting(
                        is = "false",
                        means =
                                "a channel whose name has users behind user_boundary is for them, and for"
                                        + " nobody else")
                boolean allowUserLimitedChannels,
        @Setting(is = "false", means = "users may publish") boolean allowPublishForClient,
        @Setting(is = "false", means = "users who are subscribed may publish")
                boolean allowPublishForSubscriber,
        @Setting(is = "false", means = "anonymous users may, too") boolean allowPublishForAnonymous,
        @Setting(is = "false", means = "users may ask who is subscribed")
                boolean allowPresenceForClient,
        @Setting(is = "false", means = "users who are subscribed may ask who is subscribed")
                boolean allowPresenceForSubscriber,
        @Setting(is = "false", means = "anonymous users may, too")
                boolean allowPresenceForAnonymous,
        @Setting(is = "false", means = "users may read history") boolean allowHistoryForClient,
        @Setting(is = "false", means = "users who are subscribed may read history")
                boolean allowHistoryForSubscriber,
        @Setting(is = "false", means = "anonymous users may, too") boolean allowHistoryForAnonymous,
        @Setting(means = "delta formats that subscribers may ask for: fossil; empty allows none")
                List<String> allowedDeltaTypes,
        @Setting(
                        is = "false",
                        means =
                                "lets every publication go as a patch of the one before to those who ask")
                boolean deltaPublish,
        @Setting(is = "false", means = "lets subscribers leave publications out by their tags")
                boolean allowTagsFilter,
        @Setting(
                        means =
                                "what publications must be: json, json_object or binary; empty takes"
                                        + " channel.publication_data_format")
                PublicationDataFormat publicationDataFormat,
        @Setting(is = "false", means = "publications say when the server accepted them")
                boolean publicationTime,
        @Setting(
                        means =
                                "regular expression (RE2) that a channel's name behind the namespace must"
                                        + " match; it may match anywhere, so anchor it")
                String channelRegex,
        @Setting(is = "false", means = "the backend decides who subscribes without a token")
                boolean subscribeProxyEnabled,
        @Setting(is = "default", means = "by which proxy: default is channel.proxy.subscribe")
                String subscribeProxyName,
        @Setting(is = "false", means = "the backend decides what clients publish")
                boolean publishProxyEnabled,
        @Setting(is = "default", means = "by which proxy: default is channel.proxy.publish")
                String publishProxyName,
        @Setting(
                        is = "false",
                        means = "the backend decides whether subscriptions that expire go on")
                boolean subRefreshProxyEnabled,
        @Setting(is = "default", means = "by which proxy: default is channel.proxy.sub_refresh")
                String subRefreshProxyName,
        @Setting(
                        is = "recover",
                        means =
                                "what happens to a subscriber that fell too far behind: recover, latest,"
                                        + " skip or disconnect")
                SlowConsumer slowConsumer,
        @Setting(means = "sends a subscriber at most the newest in each interval")
                ConflateConfig conflate,
        @Setting(means = "how far behind a subscriber may fall")
                DeliveryWindowConfig deliveryWindow,
        @Setting(means = "keeps what is published while a broker that servers share is away")
                PublishQueueConfig publishQueue)
        implements Checked {
    private static final String FOSSIL = "fossil";

    public boolean allowsDelta() {
        return allowedDeltaTypes.contains(FOSSIL);
    }

    public boolean hasHistory() {
        return historySize > 0 && !historyTtl.isZero();
    }

    /**
     * Tells whether a channel may have a name: what stands behind the namespace must match {@code
     * channel_regex}, or be ASCII if there is none. Compiled once here; the predicate is for many
     * threads.
     */
    public Predicate<String> namePattern() {
        if (channelRegex.isEmpty()) return rest -> rest.chars().allMatch(c -> c < 0x80);
        Pattern pattern = Pattern.compile(channelRegex);
        return rest -> pattern.matcher(rest).find();
    }

    @Override
    public void check(Problems.Group problems) {
        if (historySize > 0 && historyTtl.isZero()) {
            problems.add("history_size", "needs history_ttl, which is 0s");
        }
        if (historySize == 0 && !historyTtl.isZero()) {
            problems.add("history_ttl", "needs history_size, which is 0");
        }
        if (history == HistoryPlace.PERSISTENT && !hasHistory()) {
            problems.add("history", "is persistent; it needs history_size and history_ttl");
        }
        if (historyBytes > 0 && !hasHistory()) {
            problems.add("history_bytes", "needs history_size and history_ttl");
        }
        if (forceRecovery && !hasHistory()) {
            problems.add("force_recovery", "needs history_size and history_ttl");
        }
        if (autoCacheRecover && !(forceRecovery && forceRecoveryMode == RecoveryMode.CACHE)) {
            problems.add(
                    "auto_cache_recover", "needs force_recovery, and cache as force_recovery_mode");
        }
        for (String type : allowedDeltaTypes) {
            if (!type.equals(FOSSIL))
                problems.add("allowed_delta_types", "has \"%s\"; expected fossil".formatted(type));
        }
        TokenConfig.checkPattern(problems, "channel_regex", channelRegex);
    }
}
