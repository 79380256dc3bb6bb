package dev.cardea.messaging.session;

import dev.cardea.messaging.auth.Authenticator.OptionOverride;
import dev.cardea.messaging.auth.Authenticator.SubscriptionGrant;
import dev.cardea.messaging.filter.TagsFilter;
import dev.cardea.messaging.hub.ChannelOptions;
import dev.cardea.messaging.hub.ChannelOptions.RecoveryMode;
import dev.cardea.messaging.hub.Wanted;
import dev.cardea.messaging.log.Encoding;
import dev.cardea.wire.centrifuge.SubscribeRequest;
import org.jspecify.annotations.Nullable;

/**
 * What a subscription is to have: what the namespace forces or the client asked for and may have,
 * or its token says.
 *
 * @param joinLeavePushes joins and leaves are delivered to this client
 * @param deltas null: every publication goes whole
 * @param filter null: every publication goes
 */
record Granted(
        ChannelOptions options,
        SubscriptionGrant grant,
        boolean positioned,
        boolean recoverable,
        boolean presence,
        boolean joinLeave,
        boolean joinLeavePushes,
        Encoding.@Nullable Deltas deltas,
        @Nullable TagsFilter filter) {

    /**
     * @param access of the client, as the subscriber that it is going to be
     * @param encoding of its connection
     */
    static Granted of(
            ChannelOptions options,
            SubscribeRequest request,
            SubscriptionGrant grant,
            Access access,
            Encoding encoding) {
        OptionOverride override = grant.override();
        boolean hasHistory = options.log().hasHistory();
        boolean forcesRecovery = either(override.forceRecovery(), options.forceRecovery());
        boolean forcesPositioning = either(override.forcePositioning(), options.forcePositioning());
        boolean forcesPushes = either(override.forcePushJoinLeave(), options.forcePushJoinLeave());
        boolean recoverable =
                hasHistory
                        && (forcesRecovery
                                || (request.recoverable()
                                        && (options.allowRecovery() || access.mayReadHistory())));
        boolean positioned =
                hasHistory
                        && (forcesPositioning
                                || (request.positioned()
                                        && (options.allowPositioning()
                                                || access.mayReadHistory())));
        return new Granted(
                options,
                grant,
                positioned || recoverable, // who recovers needs to know where it stands
                recoverable,
                either(override.presence(), options.presence()),
                either(override.joinLeave(), options.joinLeave()),
                forcesPushes
                        || (request.joinLeave() && options.joinLeave() && access.maySeePresence()),
                request.delta().isEmpty() || !options.bandwidth().allowsDelta()
                        ? null
                        : encoding.deltas(),
                request.tf() == null ? null : TagsFilter.of(request.tf()));
    }

    /** Publications may be lost on their way: then nobody knows where it stands. */
    Granted withoutStream() {
        return new Granted(
                options, grant, false, false, presence, joinLeave, joinLeavePushes, null, filter);
    }

    Wanted wanted(Encoding encoding) {
        return new Wanted(encoding, joinLeavePushes, deltas, filter);
    }

    private static boolean either(@Nullable Boolean override, boolean otherwise) {
        return override == null ? otherwise : override;
    }

    /** Something of the past is to be given: the client asked, or the server gives it unasked. */
    boolean recovers(SubscribeRequest request) {
        return recoverable && (request.recover() || (options.autoCacheRecover() && isCache()));
    }

    /** Of the past, the newest publication only. */
    boolean isCache() {
        return options.recoveryMode() == RecoveryMode.CACHE;
    }
}
