package dev.cardea.server.turn;

import dev.cardea.server.udp.Datagram;
import dev.cardea.wire.stun.IpAddress;
import dev.cardea.wire.stun.TransportAddress;

/**
 * A peer's address as the key of a map. One that is in a map never changes; the one that a socket
 * looks peers up with is its own and changes with every packet, so that looking one up makes no
 * garbage.
 */
final class PeerKey {
    private long high;
    private long low;
    private int port;

    static PeerKey of(TransportAddress address) {
        PeerKey key = new PeerKey();
        key.high = address.ip().high();
        key.low = address.ip().low();
        key.port = address.port();
        return key;
    }

    /** Becomes the address of whoever sent this; only for one that isn't in a map. */
    PeerKey sender(Datagram datagram) {
        high = datagram.high();
        low = datagram.low();
        port = datagram.port();
        return this;
    }

    IpAddress ip() {
        return new IpAddress(high, low);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PeerKey key
                && low == key.low
                && port == key.port
                && high == key.high;
    }

    @Override
    public int hashCode() {
        long mixed = (high * 31 + low) * 31 + port;
        mixed *= 0x9E3779B97F4A7C15L;
        return (int) (mixed >>> 32);
    }
}
