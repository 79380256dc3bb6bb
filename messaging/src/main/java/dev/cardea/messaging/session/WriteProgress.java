package dev.cardea.messaging.session;

/**
 * Whether a peer for which bytes are pending still takes some. Slow is allowed, standing still for
 * too long isn't. Time is an argument.
 */
final class WriteProgress {
    static final long NEVER = Long.MAX_VALUE;

    private long takenBytes;
    private long deadlineNanos = NEVER;

    /** Bytes are pending from now on. */
    void begin(long takenBytes, long deadlineNanos) {
        this.takenBytes = takenBytes;
        this.deadlineNanos = deadlineNanos;
    }

    /** Nothing is pending any more. */
    void end() {
        deadlineNanos = NEVER;
    }

    long deadlineNanos() {
        return deadlineNanos;
    }

    /** Whether the time was up and nothing was taken in it; if some was, time starts again. */
    boolean isStuck(long takenBytes, long nowNanos, long timeoutNanos) {
        if (nowNanos < deadlineNanos) return false;
        if (takenBytes == this.takenBytes) return true;
        begin(takenBytes, nowNanos + timeoutNanos);
        return false;
    }
}
