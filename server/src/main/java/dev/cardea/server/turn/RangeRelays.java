package dev.cardea.server.turn;

import dev.cardea.rtc.turn.Allocation;
import dev.cardea.rtc.turn.Family;
import dev.cardea.rtc.turn.Relay;
import dev.cardea.rtc.turn.Relays;
import dev.cardea.wire.stun.IpAddress;
import dev.cardea.wire.stun.TransportAddress;
import io.netty.channel.epoll.Epoll;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Relays that have a port of their own, out of a range. One for each loop. */
final class RangeRelays implements Relays {
    /** Another process may have some ports of the range. */
    private static final int ATTEMPTS = 16;

    /** Where relays of a family are bound, and the ports there, which all loops share. */
    record Range(RelayAddress address, PortPool ports) {}

    private final TurnLoop loop;
    private final Map<Family, Range> ranges;
    private final LiveRelays live;
    private final RandomGenerator random;

    RangeRelays(TurnLoop loop, Map<Family, Range> ranges, LiveRelays live, RandomGenerator random) {
        this.loop = loop;
        this.ranges = ranges;
        this.live = live;
        this.random = random;
    }

    @Override
    public boolean supports(Family family) {
        return ranges.containsKey(family);
    }

    @Override
    public boolean supportsDontFragment() {
        return Epoll.isAvailable();
    }

    @Override
    public @Nullable Opened open(Allocation owner, Family family, Port port, long nowNanos) {
        Range range = ranges.get(family);
        if (range == null) return null;
        PortPool ports = range.ports();
        boolean andNext = port == Port.EVEN_AND_NEXT;
        for (int i = 0; i < ATTEMPTS; i++) {
            int taken = ports.take(port != Port.ANY, andNext, random);
            if (taken == PortPool.NONE) return null;
            UdpRelay relay = open(owner, range, taken);
            if (relay == null) {
                if (andNext) ports.give(taken + 1);
                continue; // it stays taken: another process has it
            }
            return new Opened(relay, andNext ? ports.reserve(taken + 1, random, nowNanos) : 0);
        }
        return null;
    }

    private @Nullable UdpRelay open(Allocation owner, Range range, int port) {
        return UdpRelay.open(
                loop, live, owner, range.address(), port, () -> range.ports().give(port));
    }

    @Override
    public @Nullable Opened openReserved(Allocation owner, long token, long nowNanos) {
        for (Range each : ranges.values()) {
            int port = each.ports().claim(token);
            if (port == PortPool.NONE) continue;
            UdpRelay relay = open(owner, each, port);
            if (relay != null) return new Opened(relay, 0);
            each.ports().give(port);
        }
        return null;
    }

    @Override
    public @Nullable Relay openTcp(Allocation owner, Family family) {
        Range range = ranges.get(family);
        if (range == null || !Epoll.isAvailable()) return null;
        int port = range.ports().take(false, false, random);
        if (port == PortPool.NONE) return null;
        return NettyTcpRelay.open(
                loop, live, owner, range.address(), port, () -> range.ports().give(port));
    }

    @Override
    public boolean isLive(TransportAddress address) {
        return live.at(address) != null || live.tcpAt(address) != null;
    }

    @Override
    public boolean isOwn(IpAddress ip) {
        return live.isOwn(ip);
    }
}
