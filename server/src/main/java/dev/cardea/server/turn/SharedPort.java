package dev.cardea.server.turn;

import dev.cardea.rtc.turn.Allocation;
import dev.cardea.wire.stun.IpAddress;
import dev.cardea.wire.stun.TransportAddress;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Who talks to which peer, where all relays share a port. Shared by all loops: a datagram may come
 * to another loop than its allocation's. Finding a packet's relay takes no lock.
 */
final class SharedPort {
    private final Map<AddressKey, SharedRelay> byPeer = new ConcurrentHashMap<>();
    private final Map<IpAddress, Set<SharedRelay>> byIp = new ConcurrentHashMap<>();
    private final RelayAddress address;
    private final int port;

    SharedPort(RelayAddress address, int port) {
        this.address = address;
        this.port = port;
    }

    RelayAddress address() {
        return address;
    }

    int port() {
        return port;
    }

    /** False: another allocation talks to this peer, or it is one of the relays here. */
    boolean claim(TransportAddress peer, SharedRelay relay) {
        if (address.names(port).contains(peer)) return false;
        SharedRelay before = byPeer.putIfAbsent(AddressKey.of(peer), relay);
        return before == null || before.equals(relay);
    }

    void release(TransportAddress peer, SharedRelay relay) {
        byPeer.remove(AddressKey.of(peer), relay);
    }

    void permit(IpAddress peer, SharedRelay relay) {
        byIp.computeIfAbsent(peer, _ -> ConcurrentHashMap.newKeySet()).add(relay);
    }

    void forbid(IpAddress peer, SharedRelay relay) {
        byIp.computeIfPresent(
                peer,
                (_, relays) -> {
                    relays.remove(relay);
                    return relays.isEmpty() ? null : relays;
                });
    }

    /**
     * Whose peer this is. One from a port that nobody named belongs to the only allocation that
     * talks to its address, if there is just one: a NAT chose another port.
     */
    @Nullable SharedRelay of(AddressKey peer) {
        SharedRelay named = byPeer.get(peer);
        if (named != null) return named;
        Set<SharedRelay> permitted = byIp.get(peer.ip());
        if (permitted == null || permitted.size() != 1) return null;
        for (SharedRelay only : permitted) return only;
        return null;
    }

    /** The relay of an allocation. */
    SharedRelay open(Allocation owner, SharedSocket socket) {
        TransportAddress told = address.toldTo(owner.client().address().ip(), port);
        return new SharedRelay(this, socket, owner, told);
    }
}
