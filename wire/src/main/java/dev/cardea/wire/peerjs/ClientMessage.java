package dev.cardea.wire.peerjs;

import dev.cardea.wire.Bytes;

/** What a client says. */
public sealed interface ClientMessage {
    /** It is there; every five seconds. */
    record Heartbeat() implements ClientMessage {}

    /**
     * To be passed on. What it says of its own id doesn't count.
     *
     * @param payload JSON text; empty: it has none
     */
    record To(Signal.Kind kind, String dst, Bytes payload) implements ClientMessage {}

    /** It goes, and gives its id back. */
    record Leave() implements ClientMessage {}

    /** Of a type that means nothing from a client: it is passed over, as PeerServer does. */
    record Other() implements ClientMessage {}
}
