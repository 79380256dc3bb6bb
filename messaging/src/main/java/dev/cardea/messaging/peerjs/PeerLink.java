package dev.cardea.messaging.peerjs;

import dev.cardea.wire.Bytes;

/** A peer's connection, as the realm sees it. Called by the realm's loop; nothing blocks. */
public interface PeerLink {
    /** The peer has its id: from now on it is listened to. */
    void opened();

    /** A message, as JSON text. */
    void send(Bytes json);

    /** What it hasn't taken yet. */
    long pendingBytes();

    /** When anything at all came from it last, an answer to a ping included. */
    long heardNanos();

    /** Asks it for a sign of life, in the transport's own words. */
    void ping();

    /**
     * Behind what was sent before.
     *
     * @param code of WebSocket (RFC 6455 section 7.4)
     */
    void endWith(int code, String reason);
}
