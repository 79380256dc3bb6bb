package dev.cardea.server.auth;

import dev.cardea.messaging.auth.Capabilities;
import dev.cardea.messaging.auth.TokenId;
import dev.cardea.wire.Bytes;
import java.util.Map;

/**
 * A genuine connection token's content.
 *
 * @param user empty for an anonymous user
 * @param expireAt when the connection expires, in Unix seconds; 0 is never
 * @param info what others are told about the connection: JSON or other bytes; empty if none
 * @param meta what only the application's backend is told, as JSON; empty if none
 * @param subscriptions the server-side subscriptions, by channel
 * @param capabilities what the client may do beyond what namespaces allow
 */
public record ConnectionToken(
        String user,
        long expireAt,
        Bytes info,
        Bytes meta,
        Map<String, TokenSubscription> subscriptions,
        Capabilities capabilities,
        TokenId id) {}
