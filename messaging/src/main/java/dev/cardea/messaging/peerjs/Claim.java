package dev.cardea.messaging.peerjs;

import java.util.HashSet;
import java.util.Set;

/** Somebody wants an id, and other nodes are asked whether they have it. */
final class Claim {
    private final long number;
    private final Set<String> awaited;
    private final long deadlineNanos;
    private final Set<String> seekers = new HashSet<>();
    private Registration newcomer;

    Claim(long number, Registration newcomer, Set<String> awaited, long deadlineNanos) {
        this.number = number;
        this.newcomer = newcomer;
        this.awaited = new HashSet<>(awaited);
        this.deadlineNanos = deadlineNanos;
    }

    long number() {
        return number;
    }

    Registration newcomer() {
        return newcomer;
    }

    /** The same peer has come once more. */
    void become(Registration next) {
        newcomer = next;
    }

    /** A node that has something to say to the peer. */
    void soughtBy(String node) {
        seekers.add(node);
    }

    Set<String> seekers() {
        return seekers;
    }

    /**
     * The node has nothing against it, or isn't there any more. Returns whether it was the last.
     */
    boolean settledBy(String node) {
        return awaited.remove(node) && awaited.isEmpty();
    }

    boolean isOverdue(long nowNanos) {
        return nowNanos - deadlineNanos >= 0;
    }
}
