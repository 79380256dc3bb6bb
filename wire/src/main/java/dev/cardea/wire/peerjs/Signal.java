package dev.cardea.wire.peerjs;

import dev.cardea.wire.Bytes;

/**
 * What one peer tells another through the server.
 *
 * @param src who says it; the server's word, not the client's
 * @param payload JSON text; empty: it has none
 */
public record Signal(Kind kind, String src, String dst, Bytes payload) {
    /** The types that are passed on, by their names on the wire. */
    public enum Kind {
        OFFER,
        ANSWER,
        CANDIDATE,
        LEAVE
    }

    /** About what it takes to keep it. */
    public int sizeBytes() {
        return payload.length() + src.length() + dst.length() + 64;
    }
}
