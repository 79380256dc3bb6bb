package dev.cardea.server.turn;

import dev.cardea.server.net.Sockets;
import dev.cardea.wire.stun.IpAddress;
import dev.cardea.wire.stun.TransportAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The relayed addresses that are in use now, and the server's own ones. What one relayed client
 * sends to another doesn't leave the process. Shared by all loops; reading takes no lock.
 */
final class LiveRelays {
    private final Map<TransportAddress, UdpRelay> relays = new ConcurrentHashMap<>();
    private final Map<TransportAddress, NettyTcpRelay> tcp = new ConcurrentHashMap<>();
    private final Set<IpAddress> own;

    LiveRelays(Set<IpAddress> own) {
        this.own = Set.copyOf(own);
    }

    boolean isOwn(IpAddress ip) {
        return own.contains(ip);
    }

    @Nullable UdpRelay at(TransportAddress address) {
        return relays.get(address);
    }

    @Nullable NettyTcpRelay tcpAt(TransportAddress address) {
        return tcp.get(address);
    }

    /** A peer as clients know it: what comes from a relay of ours has the bound address. */
    TransportAddress toldOf(InetSocketAddress remote) {
        TransportAddress seen = Sockets.address(remote);
        NettyTcpRelay relay = tcp.get(seen);
        return relay == null ? seen : relay.address();
    }

    void addTcp(List<TransportAddress> names, NettyTcpRelay relay) {
        for (TransportAddress each : names) tcp.put(each, relay);
    }

    void removeTcp(List<TransportAddress> names, NettyTcpRelay relay) {
        for (TransportAddress each : names) tcp.remove(each, relay);
    }

    void add(List<TransportAddress> names, UdpRelay relay) {
        for (TransportAddress each : names) relays.put(each, relay);
    }

    void remove(List<TransportAddress> names, UdpRelay relay) {
        for (TransportAddress each : names) relays.remove(each, relay);
    }
}
