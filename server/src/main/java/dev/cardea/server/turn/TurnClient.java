package dev.cardea.server.turn;

import dev.cardea.rtc.turn.Client;
import dev.cardea.rtc.turn.Peer;
import io.netty.buffer.ByteBuf;

/** A client of any transport. */
interface TurnClient extends Client {
    /**
     * Passes on what a peer sent.
     *
     * @param data borrowed until the call returns
     */
    void deliver(Peer peer, ByteBuf data, long nowNanos);
}
