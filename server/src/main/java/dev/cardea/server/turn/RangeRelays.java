package dev.cardea.server.turn;

import dev.cardea.rtc.turn.Allocation;
import dev.cardea.rtc.turn.Family;
import dev.cardea.rtc.turn.Relay;
import dev.cardea.rtc.turn.Relays;
import dev.cardea.wire.stun.IpAddress;
import dev.cardea.wire.stun.TransportAddress;
import io.netty.channel.epoll.Epoll;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Relays that have a port of their own, out of a range. One for each loop. */
final class RangeRelays implements Relays {
    /** Another process, or a connection that has just ended, may have some ports of the range. */
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
        boolean isEven = port != Port.ANY;
        boolean andNext = port == Port.EVEN_AND_NEXT;
        return firstThatOpens(
                ports,
                isEven,
                andNext,
                taken -> {
                    UdpRelay relay = open(owner, range, taken);
                    if (relay != null)
                        return new Opened(
                                relay, andNext ? ports.reserve(taken + 1, random, nowNanos) : 0);
                    if (andNext) ports.give(taken + 1);
                    return null;
                });
    }

    /** Tries some of the ports. */
    private <T> @Nullable T firstThatOpens(
            PortPool ports, boolean even, boolean andNext, IntFunction<@Nullable T> open) {
        int[] refused = new int[ATTEMPTS];
        int count = 0;
        T opened = null;
        while (opened == null && count < ATTEMPTS) {
            int taken = ports.take(even, andNext, random);
            if (taken == PortPool.NONE) break;
            opened = open.apply(taken);
            if (opened == null) refused[count++] = taken;
        }
        // Somebody else has them now; and only now, so that none is tried twice.
        for (int i = 0; i < count; i++) ports.give(refused[i]);
        return opened;
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
        return firstThatOpens(
                range.ports(),
                false,
                false,
                port ->
                        NettyTcpRelay.open(
                                loop,
                                live,
                                owner,
                                range.address(),
                                port,
                                () -> range.ports().give(port)));
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
