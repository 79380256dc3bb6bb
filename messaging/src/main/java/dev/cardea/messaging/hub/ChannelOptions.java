package dev.cardea.messaging.hub;

import dev.cardea.messaging.log.LogOptions;
import dev.cardea.wire.centrifuge.Publication;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The options of a namespace, as they hold for each of its channels. Names are those of the
 * configuration keys.
 *
 * @param historyMetaTtlNanos how long a stream's position outlives its publications
 * @param joinLeaveIntervalNanos joins and leaves are gathered over so long; 0: they aren't
 * @param conflate null: every publication is delivered
 * @param publicationTime publications say when they were accepted
 * @param acceptsName judges what stands behind the namespace in a channel's name ({@code
 *     channel_regex}); thread safe
 */
public record ChannelOptions(
        String namespace,
        LogOptions log,
        long historyMetaTtlNanos,
        boolean presence,
        boolean joinLeave,
        boolean forcePushJoinLeave,
        long joinLeaveIntervalNanos,
        boolean forcePositioning,
        boolean allowPositioning,
        boolean forceRecovery,
        boolean allowRecovery,
        RecoveryMode recoveryMode,
        boolean autoCacheRecover,
        Permissions permissions,
        PublicationDataFormat publicationDataFormat,
        boolean publicationTime,
        Predicate<String> acceptsName,
        SlowConsumer slowConsumer,
        @Nullable Conflate conflate,
        Bandwidth bandwidth) {

    /** As it is published here when it is accepted at that time of day. */
    public Publication accepted(Publication publication, long unixMillis) {
        return publicationTime ? publication.withTime(unixMillis) : publication;
    }

    /**
     * What saves bytes for those who ask.
     *
     * @param allowsDelta subscribers may have patches ({@code allowed_delta_types} has {@code
     *     fossil})
     * @param deltaPublish every publication may be sent as a patch, not only those whose publisher
     *     says so
     * @param allowsTagsFilter subscribers may leave publications out by their tags
     */
    public record Bandwidth(boolean allowsDelta, boolean deltaPublish, boolean allowsTagsFilter) {
        public static final Bandwidth PLAIN = new Bandwidth(false, false, false);
    }

    /** What recovery gives back: all that was missed, or the newest publication. */
    public enum RecoveryMode {
        STREAM,
        CACHE
    }

    /** What publications may contain (option {@code publication_data_format}). */
    public enum PublicationDataFormat {
        /** Anything but nothing. */
        ANY,
        JSON,
        JSON_OBJECT,
        /** Anything, nothing as well. */
        BINARY
    }

    /**
     * The newest publication for each key, once an interval.
     *
     * @param key the publication tag that tells publications apart; empty: the whole channel is one
     */
    public record Conflate(long intervalNanos, String key) {}

    /**
     * Who may do what without a token that says so. {@code anonymous} clients need the anonymous
     * permission too.
     *
     * @param userLimited a channel whose name has users is for them alone
     */
    public record Permissions(
            boolean subscribeForClient,
            boolean subscribeForAnonymous,
            boolean userLimited,
            boolean publishForClient,
            boolean publishForSubscriber,
            boolean publishForAnonymous,
            boolean presenceForClient,
            boolean presenceForSubscriber,
            boolean presenceForAnonymous,
            boolean historyForClient,
            boolean historyForSubscriber,
            boolean historyForAnonymous) {
        public static final Permissions NONE =
                new Permissions(
                        false, false, false, false, false, false, false, false, false, false, false,
                        false);
        public static final Permissions ALL =
                new Permissions(
                        true, true, false, true, true, true, true, true, true, true, true, true);
    }
}
