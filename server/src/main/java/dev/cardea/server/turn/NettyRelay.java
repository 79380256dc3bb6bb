package dev.cardea.server.turn;

import dev.cardea.rtc.turn.Peer;
import dev.cardea.rtc.turn.Relay;
import dev.cardea.wire.stun.TransportAddress;
import io.netty.buffer.ByteBuf;

/** A UDP relay: data goes through it without being copied into the engine's memory. */
interface NettyRelay extends Relay {
    /** Sends to a peer that the allocation has let through. Takes the buffer. */
    void sendOn(Peer peer, ByteBuf data);

    /** What came from there, on the relay's own loop. Takes the buffer. */
    void receive(TransportAddress from, ByteBuf data);
}
