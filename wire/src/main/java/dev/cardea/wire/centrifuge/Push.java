package dev.cardea.wire.centrifuge;

import dev.cardea.wire.Bytes;

/** What the server sends without being asked. Unidirectional transports carry pushes alone. */
public sealed interface Push {
    /** Empty where the push concerns the whole connection. */
    default String channel() {
        return "";
    }

    record Pub(String channel, Publication publication) implements Push {}

    record Join(String channel, ClientInfo info) implements Push {}

    record Leave(String channel, ClientInfo info) implements Push {}

    record Unsubscribe(String channel, int code, String reason) implements Push {}

    /** A server-side subscription came into being. */
    record Subscribe(
            String channel,
            boolean recoverable,
            String epoch,
            long offset,
            boolean positioned,
            Bytes data)
            implements Push {}

    /** A message to this connection alone. */
    record Message(Bytes data) implements Push {}

    record Connect(ConnectResult result) implements Push {}

    record Disconnect(int code, String reason) implements Push {}

    record Refresh(boolean expires, int ttlSeconds) implements Push {}
}
