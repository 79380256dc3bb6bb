package dev.cardea.wire.centrifuge;

import dev.cardea.wire.Bytes;
import java.util.List;
import java.util.Map;

/**
 * What the server sends over a bidirectional transport: an answer to a command, a push, or the
 * ping.
 */
public sealed interface Reply {
    /** An answer; {@code id} is its command's. */
    sealed interface Answer extends Reply {
        int id();
    }

    /**
     * @param temporary the client may try the same again later
     */
    record Error(int id, int code, String message, boolean temporary) implements Answer {}

    record Connect(int id, ConnectResult result) implements Answer {}

    record Subscribe(int id, SubscribeResult result) implements Answer {}

    record Unsubscribe(int id) implements Answer {}

    record Publish(int id) implements Answer {}

    record Presence(int id, Map<String, ClientInfo> presence) implements Answer {}

    record PresenceStats(int id, int numClients, int numUsers) implements Answer {}

    /**
     * @param offset the stream's top; unsigned 64-bit
     */
    record History(int id, List<Publication> publications, String epoch, long offset)
            implements Answer {}

    record Rpc(int id, Bytes data) implements Answer {}

    record Refresh(int id, String client, String version, boolean expires, int ttlSeconds)
            implements Answer {}

    record SubRefresh(int id, boolean expires, int ttlSeconds) implements Answer {}

    /** The empty reply, which the client answers with an empty command. */
    record Ping() implements Reply {}

    record Pushed(Push push) implements Reply {}
}
