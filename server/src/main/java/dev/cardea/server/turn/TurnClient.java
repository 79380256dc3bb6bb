package dev.cardea.server.turn;

import dev.cardea.rtc.turn.Client;
import dev.cardea.rtc.turn.Peer;
import dev.cardea.server.udp.Datagram;

/** A client of any transport. */
interface TurnClient extends Client {
    /**
     * Passes on what a peer sent.
     *
     * @param data of the client's own loop; it is sent, or left changed
     */
    void deliver(Peer peer, Datagram data, long nowNanos);
}
