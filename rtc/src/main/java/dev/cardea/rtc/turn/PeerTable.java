package dev.cardea.rtc.turn;

import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Peers by the numbers of their addresses, so that looking one up for a packet makes no garbage.
 * Open addressing; most allocations have one or two.
 */
final class PeerTable {
    private @Nullable Peer[] slots = new Peer[4];
    private int size;

    int size() {
        return size;
    }

    @Nullable Peer get(long high, long low, int port) {
        @Nullable Peer[] in = slots;
        int mask = in.length - 1;
        for (int at = hash(high, low, port) & mask; ; at = at + 1 & mask) {
            Peer peer = in[at];
            if (peer == null || peer.is(high, low, port)) return peer;
        }
    }

    void add(Peer peer) {
        if (2 * (size + 1) > slots.length) rehash(slots.length * 2, _ -> true);
        put(slots, peer);
        size++;
    }

    private static void put(@Nullable Peer[] into, Peer peer) {
        int mask = into.length - 1;
        var ip = peer.address().ip();
        int at = hash(ip.high(), ip.low(), peer.address().port()) & mask;
        while (into[at] != null) at = at + 1 & mask;
        into[at] = peer;
    }

    /** Drops the others. */
    void keep(Predicate<Peer> kept) {
        rehash(slots.length, kept);
    }

    private void rehash(int length, Predicate<Peer> kept) {
        @Nullable Peer[] next = new Peer[length];
        size = 0;
        for (Peer peer : slots) {
            if (peer == null || !kept.test(peer)) continue;
            put(next, peer);
            size++;
        }
        slots = next;
    }

    private static int hash(long high, long low, int port) {
        long mixed = (high * 31 + low) * 31 + port;
        mixed *= 0x9E3779B97F4A7C15L;
        return (int) (mixed >>> 32);
    }
}
