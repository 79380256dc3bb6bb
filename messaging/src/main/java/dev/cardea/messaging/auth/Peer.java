package dev.cardea.messaging.auth;

import java.util.Map;

/**
 * How a client came to the server: what its application's backend is told of that. Immutable.
 *
 * @param transport as hooks and operators know it: {@code websocket}
 * @param protocol {@code json} or {@code protobuf}
 * @param headers of the client's HTTP request, those alone that a hook passes on, by lower-case
 *     name
 * @param emulatedHeaders the same of what it gave as headers in its connect command, with values of
 *     its own choice
 */
public record Peer(
        String transport,
        String protocol,
        Map<String, String> headers,
        Map<String, String> emulatedHeaders) {
    /** A client without headers. */
    public static Peer of(String transport, String protocol) {
        return new Peer(transport, protocol, Map.of(), Map.of());
    }
}
