package dev.cardea.server.turn;

import dev.cardea.wire.stun.IpAddress;
import dev.cardea.wire.stun.TransportAddress;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The address of a client or a peer as the key of a map. One that is in a map never changes; the
 * one that a socket looks senders up with is its own and changes with every packet, so that looking
 * one up makes no garbage.
 */
final class AddressKey {
    /** Makes it hard to choose addresses that collide. */
    private static final long SEED = ThreadLocalRandom.current().nextLong();

    private long high;
    private long low;
    private int port;
    private int scope;

    static AddressKey of(TransportAddress address) {
        return of(address, 0);
    }

    /**
     * @param scope the interface of a link-local address
     */
    static AddressKey of(TransportAddress address, int scope) {
        IpAddress ip = address.ip();
        return new AddressKey().become(ip.high(), ip.low(), address.port(), scope);
    }

    /** Is another address from now on; only for one that isn't in a map. */
    AddressKey become(long ipHigh, long ipLow, int portNumber, int scopeNumber) {
        high = ipHigh;
        low = ipLow;
        port = portNumber;
        scope = scopeNumber;
        return this;
    }

    IpAddress ip() {
        return new IpAddress(high, low);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof AddressKey key
                && low == key.low
                && port == key.port
                && high == key.high
                && scope == key.scope;
    }

    @Override
    public int hashCode() {
        long mixed = (high ^ SEED) * 0x9E3779B97F4A7C15L;
        mixed = (mixed ^ mixed >>> 32 ^ low) * 0xD6E8FEB86659FD93L;
        mixed = (mixed ^ mixed >>> 32 ^ port ^ (long) scope << 32) * 0x9E3779B97F4A7C15L;
        return (int) (mixed >>> 32);
    }
}
