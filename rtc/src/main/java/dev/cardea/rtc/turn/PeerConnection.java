package dev.cardea.rtc.turn;

import dev.cardea.wire.stun.TransportAddress;

/** A TCP connection between a relay and a peer (RFC 6062), which waits for its client's half. */
public interface PeerConnection {
    TransportAddress peer();

    void close();
}
