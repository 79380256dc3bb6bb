package dev.cardea.server.turn;

import dev.cardea.rtc.turn.Allocation;
import dev.cardea.rtc.turn.Family;
import dev.cardea.rtc.turn.Relays;
import dev.cardea.wire.stun.IpAddress;
import dev.cardea.wire.stun.TransportAddress;
import io.netty.channel.epoll.Epoll;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Relays that share one UDP port, for where no range can be opened. One for each loop. */
final class SharedRelays implements Relays {
    private final Map<Family, SharedSocket> sockets = new EnumMap<>(Family.class);
    private final LiveRelays live;

    SharedRelays(LiveRelays live) {
        this.live = live;
    }

    /** Before the loop serves anybody. */
    void add(SharedSocket socket) {
        sockets.put(socket.port().address().family(), socket);
    }

    @Override
    public boolean supports(Family family) {
        return sockets.containsKey(family);
    }

    @Override
    public boolean supportsDontFragment() {
        return Epoll.isAvailable();
    }

    @Override
    public @Nullable Opened open(Allocation owner, Family family, Port port, long nowNanos) {
        SharedSocket socket = sockets.get(family);
        if (socket == null || port != Port.ANY) return null;
        return new Opened(socket.port().open(owner, socket), 0);
    }

    @Override
    public @Nullable Opened openReserved(Allocation owner, long token, long nowNanos) {
        return null;
    }

    /** Relays here all have one address: it can't be told which of them is meant. */
    @Override
    public boolean isLive(TransportAddress address) {
        return false;
    }

    @Override
    public boolean isOwn(IpAddress ip) {
        return live.isOwn(ip);
    }
}
