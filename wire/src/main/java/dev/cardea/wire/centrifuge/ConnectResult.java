package dev.cardea.wire.centrifuge;

import dev.cardea.wire.Bytes;
import java.util.Map;

/**
 * The answer to a connect command.
 *
 * @param client the connection's id, a UUID
 * @param expires the client must refresh its token within {@code ttlSeconds}
 * @param subs server-side subscriptions by channel
 * @param pingSeconds how often the server pings; 0: not in the protocol
 * @param pong the server wants its pings answered
 * @param timeMillis the server's Unix time, 0 when not sent
 */
public record ConnectResult(
        String client,
        String version,
        boolean expires,
        int ttlSeconds,
        Bytes data,
        Map<String, SubscribeResult> subs,
        int pingSeconds,
        boolean pong,
        String session,
        String node,
        long timeMillis) {}
