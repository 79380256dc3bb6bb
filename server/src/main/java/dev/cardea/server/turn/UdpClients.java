package dev.cardea.server.turn;

import dev.cardea.server.udp.Datagram;
import dev.cardea.wire.stun.TransportAddress;
import org.jspecify.annotations.Nullable;

/**
 * The clients of a UDP port that have an allocation, by the numbers of their addresses, so that
 * looking one up for a packet makes no garbage. Open addressing; one that goes closes its gap.
 */
final class UdpClients {
    private final long seed;
    private @Nullable UdpClient[] slots = new UdpClient[16];
    private int size;

    /**
     * @param seed makes it hard to choose addresses that collide
     */
    UdpClients(long seed) {
        this.seed = seed;
    }

    int size() {
        return size;
    }

    /** Whoever sent this; null: nobody here. */
    @Nullable UdpClient of(Datagram datagram) {
        return of(datagram.high(), datagram.low(), datagram.port(), datagram.scope());
    }

    @Nullable UdpClient of(long high, long low, int port, int scope) {
        @Nullable UdpClient[] in = slots;
        int mask = in.length - 1;
        for (int at = hash(high, low, port) & mask; ; at = at + 1 & mask) {
            UdpClient client = in[at];
            if (client == null) return null;
            TransportAddress address = client.address();
            if (address.port() == port
                    && address.ip().low() == low
                    && address.ip().high() == high
                    && client.scope() == scope) return client;
        }
    }

    /** It isn't there yet. */
    void add(UdpClient client) {
        if (2 * (size + 1) > slots.length) grow();
        put(slots, client);
        size++;
    }

    private void grow() {
        @Nullable UdpClient[] next = new UdpClient[2 * slots.length];
        for (UdpClient each : slots) if (each != null) put(next, each);
        slots = next;
    }

    private void put(@Nullable UdpClient[] into, UdpClient client) {
        int mask = into.length - 1;
        int at = home(client) & mask;
        while (into[at] != null) at = at + 1 & mask;
        into[at] = client;
    }

    @SuppressWarnings("ReferenceEquality") // an address is free again when another has it
    void remove(UdpClient client) {
        int mask = slots.length - 1;
        int at = home(client) & mask;
        while (slots[at] != null && slots[at] != client) at = at + 1 & mask;
        if (slots[at] == null) return;
        size--;
        int gap = at;
        for (int next = at + 1 & mask; slots[next] != null; next = next + 1 & mask) {
            // who sits between its home and the gap may move into it
            int distance = next - home(slots[next]) & mask;
            if (distance < (next - gap & mask)) continue;
            slots[gap] = slots[next];
            gap = next;
        }
        slots[gap] = null;
    }

    private int home(UdpClient client) {
        TransportAddress address = client.address();
        return hash(address.ip().high(), address.ip().low(), address.port());
    }

    private int hash(long high, long low, int port) {
        long mixed = (high ^ seed) * 0x9E3779B97F4A7C15L;
        mixed = (mixed ^ mixed >>> 32 ^ low) * 0xD6E8FEB86659FD93L;
        mixed = (mixed ^ mixed >>> 32 ^ port) * 0x9E3779B97F4A7C15L;
        return (int) (mixed >>> 32);
    }
}
