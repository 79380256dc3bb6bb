package dev.cardea.rtc.turn;

import dev.cardea.wire.stun.IpAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which peers may be relayed to. What is configured comes first, a denial before an allowance; then
 * everything that isn't a public address is denied, and the server's own addresses with it, so that
 * a relay is no way into the network that it stands in. Immutable.
 */
public final class PeerPolicy {
    private record Named(IpRange range, String name) {}

    private static final List<Named> NOT_PUBLIC =
            List.of(
                    named("0.0.0.0/8", "an address of this network"),
                    named("10.0.0.0/8", "a private address"),
                    named("100.64.0.0/10", "an address behind a carrier's NAT"),
                    named("127.0.0.0/8", "a loopback address"),
                    named("169.254.0.0/16", "a link-local address"),
                    named("172.16.0.0/12", "a private address"),
                    named("192.0.0.0/24", "an address for protocols"),
                    named("192.168.0.0/16", "a private address"),
                    named("198.18.0.0/15", "an address for measurements"),
                    named("224.0.0.0/4", "a multicast address"),
                    named("240.0.0.0/4", "a reserved address"),
                    named("::1/128", "a loopback address"),
                    named("::/96", "a reserved address"),
                    named("64:ff9b::/96", "an IPv4 address behind a translator"),
                    named("64:ff9b:1::/48", "an IPv4 address behind a translator"),
                    named("100::/64", "a discard address"),
                    named("2001::/32", "an IPv4 address in a tunnel"),
                    named("2002::/16", "an IPv4 address in a tunnel"),
                    named("fc00::/7", "a private address"),
                    named("fe80::/10", "a link-local address"),
                    named("fec0::/10", "a private address"),
                    named("ff00::/8", "a multicast address"));

    private final List<IpRange> allowed;
    private final List<IpRange> denied;

    public PeerPolicy(List<IpRange> allowed, List<IpRange> denied) {
        this.allowed = List.copyOf(allowed);
        this.denied = List.copyOf(denied);
    }

    private static Named named(String range, String name) {
        return new Named(IpRange.parse(range), name);
    }

    /** Whether it can be reached from anywhere. */
    public boolean isPublic(IpAddress ip) {
        return denial(ip, false) == null;
    }

    /** Why it is denied, as the rest of "the peer is ..."; null: it isn't. */
    @Nullable String denial(IpAddress ip, boolean isOwn) {
        if (isIn(denied, ip)) return "in peers.deny";
        if (isIn(allowed, ip)) return null;
        for (Named each : NOT_PUBLIC) {
            if (each.range().contains(ip)) return each.name() + ", and not in peers.allow";
        }
        return isOwn ? "the server itself, and not in peers.allow" : null;
    }

    private static boolean isIn(List<IpRange> ranges, IpAddress ip) {
        for (IpRange each : ranges) {
            if (each.contains(ip)) return true;
        }
        return false;
    }
}
