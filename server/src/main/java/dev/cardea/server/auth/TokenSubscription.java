package dev.cardea.server.auth;

import dev.cardea.wire.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * What a token says of one subscription.
 *
 * @param info what others are told about the subscriber in this channel; empty if nothing
 * @param data what the subscriber is given with the subscription; empty if nothing
 */
public record TokenSubscription(Bytes info, Bytes data, Overrides overrides) {
    /** Nothing but the channel's options. */
    public static final TokenSubscription PLAIN =
            new TokenSubscription(Bytes.EMPTY, Bytes.EMPTY, Overrides.NONE);

    /** Options of the channel's namespace that the token sets for this subscription; null: not. */
    public record Overrides(
            @Nullable Boolean presence,
            @Nullable Boolean joinLeave,
            @Nullable Boolean forcePushJoinLeave,
            @Nullable Boolean forceRecovery,
            @Nullable Boolean forcePositioning) {
        public static final Overrides NONE = new Overrides(null, null, null, null, null);
    }
}
