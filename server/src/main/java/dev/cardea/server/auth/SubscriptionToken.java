package dev.cardea.server.auth;

import dev.cardea.messaging.auth.Capability;
import dev.cardea.messaging.auth.TokenId;
import java.util.Set;

/**
 * A genuine subscription token's content.
 *
 * @param user empty for an anonymous user; must be the connection's
 * @param channel never empty
 * @param client the connection that it is for; empty for any, as it should be nowadays
 * @param allow what the client may do in the channel beyond what its namespace allows
 * @param expireAt when the subscription expires, in Unix seconds; 0 is never
 */
public record SubscriptionToken(
        String user,
        String channel,
        String client,
        long expireAt,
        TokenSubscription subscription,
        Set<Capability> allow,
        TokenId id) {}
