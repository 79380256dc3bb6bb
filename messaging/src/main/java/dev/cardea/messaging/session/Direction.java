package dev.cardea.messaging.session;

/** Who speaks over a transport, and how. */
public enum Direction {
    /** Both sides, over one connection. */
    BOTH,
    /**
     * Both sides; but what the client says comes in requests of their own, which name the session.
     */
    EMULATED,
    /** The server alone. What it says are pushes, and pings that nobody answers. */
    DOWN
}
