package dev.cardea.rtc.turn;

import dev.cardea.wire.stun.IpAddress;
import java.time.Duration;

/** A peer's address may send to an allocation, and be sent to (RFC 8656 section 9). */
final class Permission {
    static final long LIFETIME_NANOS = Duration.ofMinutes(5).toNanos();

    private final IpAddress ip;
    private long expiresNanos;

    Permission(IpAddress ip, long nowNanos) {
        this.ip = ip;
        refresh(nowNanos);
    }

    IpAddress ip() {
        return ip;
    }

    boolean is(long high, long low) {
        return ip.low() == low && ip.high() == high;
    }

    void refresh(long nowNanos) {
        expiresNanos = nowNanos + LIFETIME_NANOS;
    }

    boolean isLive(long nowNanos) {
        return nowNanos - expiresNanos < 0;
    }
}
