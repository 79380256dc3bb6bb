package dev.cardea.messaging.session;

import java.util.random.RandomGenerator;

/**
 * The server's pings and the client's pongs. Time is an argument.
 *
 * <p>The clock for the pong runs from when the ping has left for the peer: a reader that stands
 * still isn't taken for dead, the write timeout judges it. Pings never wait twice.
 */
final class Heartbeat {
    static final long NEVER = Long.MAX_VALUE;

    private enum Pong {
        NOT_EXPECTED,
        /** The ping is queued, or in the write buffer. */
        PING_ON_ITS_WAY,
        EXPECTED
    }

    private final long intervalNanos;
    private final long timeoutNanos;
    private final boolean isAnswered;
    private Pong pong = Pong.NOT_EXPECTED;
    private long pingAtNanos = NEVER;
    private long pongUntilNanos = NEVER;
    private boolean readsPaused;

    Heartbeat(long intervalNanos, long timeoutNanos) {
        this(intervalNanos, timeoutNanos, true);
    }

    /**
     * @param isAnswered false: the client can't, so pings only keep the connection from looking
     *     idle, and writing them tells whether it is still there
     */
    Heartbeat(long intervalNanos, long timeoutNanos, boolean isAnswered) {
        this.intervalNanos = intervalNanos;
        this.timeoutNanos = timeoutNanos;
        this.isAnswered = isAnswered;
    }

    /** The first ping comes after half an interval to a whole one, so that a herd's spread out. */
    void begin(long nowNanos, RandomGenerator random) {
        if (intervalNanos <= 0) return;
        long half = intervalNanos / 2;
        pingAtNanos = nowNanos + half + random.nextLong(intervalNanos - half);
    }

    /** Whether a ping is to be sent now. */
    boolean pingDue(long nowNanos) {
        if (nowNanos < pingAtNanos) return false;
        pingAtNanos = nowNanos + intervalNanos;
        if (pong != Pong.NOT_EXPECTED) return false;
        pong = Pong.PING_ON_ITS_WAY;
        return true;
    }

    /** Whether a ping may be sent now, which isn't due yet. */
    boolean pingEarly(long nowNanos) {
        if (intervalNanos <= 0) return false;
        pingAtNanos = nowNanos;
        return pingDue(nowNanos);
    }

    /** Everything written so far has left. */
    void sent(long nowNanos) {
        if (pong != Pong.PING_ON_ITS_WAY) return;
        pong = isAnswered ? Pong.EXPECTED : Pong.NOT_EXPECTED;
        if (!isAnswered) return;
        if (!readsPaused) pongUntilNanos = nowNanos + timeoutNanos;
    }

    /** We stop reading, so the pong can't arrive: its time starts again when reading does. */
    void readsPaused() {
        readsPaused = true;
        pongUntilNanos = NEVER;
    }

    void readsResumed(long nowNanos) {
        readsPaused = false;
        if (pong == Pong.EXPECTED) pongUntilNanos = nowNanos + timeoutNanos;
    }

    /** Returns false for a pong that no ping asked for. */
    boolean received() {
        // A ping that left with the last batch may be answered before we hear that it was sent.
        if (pong == Pong.NOT_EXPECTED) return false;
        pong = Pong.NOT_EXPECTED;
        pongUntilNanos = NEVER;
        return true;
    }

    boolean pongIsLate(long nowNanos) {
        return nowNanos >= pongUntilNanos;
    }

    long deadlineNanos() {
        return Math.min(pingAtNanos, pongUntilNanos);
    }
}
