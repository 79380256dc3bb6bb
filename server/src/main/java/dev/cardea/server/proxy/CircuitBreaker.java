package dev.cardea.server.proxy;

/**
 * Whether a backend is asked at all: not for a while after so many failures in a row, then by one
 * call that tries whether it is back. Time is an argument. Thread safe.
 */
final class CircuitBreaker {
    private final int limit;
    private final long openForNanos;

    private int failures;
    private boolean open;
    private boolean trying;
    private long tryAtNanos;

    /**
     * @param limit failures in a row; 0: the backend is always asked
     */
    CircuitBreaker(int limit, long openForNanos) {
        this.limit = limit;
        this.openForNanos = openForNanos;
    }

    /** Whether to ask. Who may must say how it went, or that nothing came of it. */
    synchronized boolean admits(long nowNanos) {
        if (!open) return true;
        if (trying || nowNanos - tryAtNanos < 0) return false;
        trying = true;
        return true;
    }

    /** Returns whether it was open until now. */
    synchronized boolean succeeded() {
        boolean wasOpen = open;
        failures = 0;
        open = false;
        trying = false;
        return wasOpen;
    }

    /** Returns whether it has just opened. */
    synchronized boolean failed(long nowNanos) {
        if (limit == 0) return false;
        boolean wasOpen = open;
        failures = Math.min(failures + 1, limit);
        open = failures == limit;
        trying = false;
        tryAtNanos = nowNanos + openForNanos;
        return open && !wasOpen;
    }

    /** The backend wasn't asked after all. */
    synchronized void abandoned() {
        trying = false;
    }

    synchronized boolean isOpen() {
        return open;
    }
}
