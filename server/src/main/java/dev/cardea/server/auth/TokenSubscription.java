package dev.cardea.server.auth;

import dev.cardea.messaging.auth.Authenticator.OptionOverride;
import dev.cardea.wire.Bytes;

/**
 * What a token says of one subscription.
 *
 * @param info what others are told about the subscriber in this channel; empty if nothing
 * @param data what the subscriber is given with the subscription; empty if nothing
 * @param override options of the channel's namespace that the token sets for this subscription
 */
public record TokenSubscription(Bytes info, Bytes data, OptionOverride override) {
    /** Nothing but the channel's options. */
    public static final TokenSubscription PLAIN =
            new TokenSubscription(Bytes.EMPTY, Bytes.EMPTY, OptionOverride.NOTHING);
}
