package dev.cardea.messaging.session;

import dev.cardea.messaging.auth.Authenticator.OptionOverride;
import dev.cardea.messaging.auth.Authenticator.SubscriptionGrant;
import dev.cardea.messaging.hub.ChannelOptions;
import dev.cardea.messaging.hub.ChannelOptions.RecoveryMode;
import dev.cardea.wire.centrifuge.SubscribeRequest;
import org.jspecify.annotations.Nullable;

/**
 * What a subscription is to have: what the namespace forces or the client asked for and may have,
 * or its token says.
 *
 * @param joinLeavePushes joins and leaves are delivered to this client
 */
record Granted(
        ChannelOptions options,
        SubscriptionGrant grant,
        boolean positioned,
        boolean recoverable,
        boolean presence,
        boolean joinLeave,
        boolean joinLeavePushes) {

    /**
     * @param access of the client, as the subscriber that it is going to be
     */
    static Granted of(
            ChannelOptions options,
            SubscribeRequest request,
            SubscriptionGrant grant,
            Access access) {
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
                        || (request.joinLeave() && options.joinLeave() && access.maySeePresence()));
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
