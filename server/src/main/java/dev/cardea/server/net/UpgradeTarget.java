package dev.cardea.server.net;

/** What a WebSocket connects to. */
@FunctionalInterface
public interface UpgradeTarget {
    /**
     * Called on the connection's event loop for a valid handshake from an allowed origin; {@link
     * dev.cardea.wire.websocket.Handshake#subprotocol} chooses among what the head offers.
     */
    Upgrade accept(RequestHead head);
}
