package dev.cardea.server.turn;

import dev.cardea.rtc.turn.Peer;
import dev.cardea.rtc.turn.Relay;
import dev.cardea.server.udp.Datagram;
import dev.cardea.wire.stun.TransportAddress;
import java.nio.ByteBuffer;

/** A relay over UDP: data goes through it without being copied. */
interface UdpRelayed extends Relay {
    TurnLoop loop();

    @Override
    default void send(Peer peer, ByteBuffer data, boolean whole) {
        Datagram copy = loop().udp().copyOf(data);
        if (whole) copy.keepWhole();
        sendOn(peer, copy);
        copy.release();
    }

    /**
     * Sends to a peer that the allocation has let through.
     *
     * @param data of the relay's own loop; it is sent, or left as it is
     */
    void sendOn(Peer peer, Datagram data);

    /**
     * What came from there, on the relay's own loop.
     *
     * @param data of the relay's own loop; it is sent on, or left as it is
     */
    void receive(TransportAddress from, Datagram data);
}
