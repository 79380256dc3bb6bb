package dev.cardea.rtc.turn;

import dev.cardea.wire.stun.IpAddress;

/**
 * Bounds how many answers go to a source that has proved nothing: its address may be forged, and
 * the answers hit somebody else. A fixed number of buckets, whatever comes; sources that share one
 * share its rate.
 */
final class SourceLimiter {
    private static final int BUCKETS = 4096;

    private final int perSecond;
    private final long salt;

    /** The time in nanoseconds up to which each bucket is used up. */
    private final long[] usedUntil = new long[BUCKETS];

    /**
     * @param perSecond 0: no limit
     * @param salt so that nobody can choose whom to share a bucket with
     */
    SourceLimiter(int perSecond, long salt, long nowNanos) {
        this.perSecond = perSecond;
        this.salt = salt;
        java.util.Arrays.fill(usedUntil, nowNanos);
    }

    /** IPv6 by /64: whoever has one address has all of them. */
    boolean mayAnswer(IpAddress source, long nowNanos) {
        if (perSecond == 0) return true;
        long bits = source.isIpv4() ? source.low() : source.high();
        long mixed = (bits ^ salt) * 0x9E3779B97F4A7C15L;
        mixed = (mixed ^ mixed >>> 32) * 0xD6E8FEB86659FD93L;
        int bucket = (int) (mixed >>> 52);
        long used = Math.max(0, usedUntil[bucket] - nowNanos);
        long cost = 1_000_000_000L / perSecond;
        if (used + cost > 1_000_000_000L) return false;
        usedUntil[bucket] = nowNanos + used + cost;
        return true;
    }
}
