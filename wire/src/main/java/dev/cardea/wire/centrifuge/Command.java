package dev.cardea.wire.centrifuge;

import dev.cardea.wire.Bytes;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a client sends. Ids are unsigned 32-bit numbers; 0 means that no reply is expected. Absent
 * strings are empty, absent payloads are {@link Bytes#EMPTY}, absent maps are empty.
 */
public sealed interface Command {
    /** Pairs the reply with its command; 0 when the client wants none. */
    int id();

    record Connect(
            int id,
            String token,
            Bytes data,
            Map<String, SubscribeRequest> subs,
            String name,
            String version,
            Map<String, String> headers,
            long flag)
            implements Command {}

    record Subscribe(int id, SubscribeRequest request) implements Command {}

    record Unsubscribe(int id, String channel) implements Command {}

    record Publish(int id, String channel, Bytes data, int type, String key, boolean removed)
            implements Command {}

    record Presence(int id, String channel) implements Command {}

    record PresenceStats(int id, String channel) implements Command {}

    /**
     * @param limit 0 asks for the position only, negative for all that the server allows
     * @param since null: from the oldest kept (or the newest, in reverse)
     */
    record History(
            int id, String channel, int limit, @Nullable StreamPosition since, boolean reverse)
            implements Command {}

    record Rpc(int id, String method, Bytes data) implements Command {}

    record Send(int id, Bytes data) implements Command {}

    record Refresh(int id, String token) implements Command {}

    /**
     * @param type 0 refreshes the token; other types belong to shared poll subscriptions
     */
    record SubRefresh(int id, String channel, String token, int type) implements Command {}

    /** The protocol's {@code ping}, which clients of today don't send. */
    record Ping(int id) implements Command {}

    /** No request inside: the pong when its id is 0, otherwise an error of the client. */
    record Empty(int id) implements Command {}
}
