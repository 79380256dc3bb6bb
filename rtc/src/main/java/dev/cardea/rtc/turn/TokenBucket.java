package dev.cardea.rtc.turn;

/** Lets so many units pass in a second, and as many at once. */
final class TokenBucket {
    private final long perSecond;
    private final long capacity;
    private long tokens;
    private long lastNanos;

    /**
     * @param perSecond 0: no limit
     */
    TokenBucket(long perSecond, long nowNanos) {
        this.perSecond = perSecond;
        this.capacity = perSecond;
        this.tokens = capacity;
        this.lastNanos = nowNanos;
    }

    boolean take(long units, long nowNanos) {
        if (perSecond == 0) return true;
        long passedNanos = Math.min(nowNanos - lastNanos, 1_000_000_000L);
        long gained = (long) (passedNanos / 1e9 * perSecond);
        if (gained > 0) {
            tokens = Math.min(capacity, tokens + gained);
            lastNanos = nowNanos;
        }
        if (tokens < units) return false;
        tokens -= units;
        return true;
    }
}
