package dev.cardea.rtc.turn;

import dev.cardea.wire.stun.IpAddress;
import org.jspecify.annotations.Nullable;

/** An address family, with its number in REQUESTED-ADDRESS-FAMILY (RFC 8656 section 18.8). */
public enum Family {
    IPV4(1),
    IPV6(2);

    private final int number;

    Family(int number) {
        this.number = number;
    }

    int number() {
        return number;
    }

    static @Nullable Family of(int number) {
        return switch (number) {
            case 1 -> IPV4;
            case 2 -> IPV6;
            default -> null;
        };
    }

    public static Family of(IpAddress ip) {
        return ip.isIpv4() ? IPV4 : IPV6;
    }
}
