package dev.cardea.messaging.hub;

/**
 * What a reader sees that its channel's log has lapped (namespace option {@code slow_consumer}).
 */
public enum SlowConsumer {
    /**
     * It is unsubscribed and resubscribes, recovering what history still has; without history it is
     * disconnected.
     */
    RECOVER,
    /** It goes on with the newest entry. */
    LATEST,
    /** It goes on with the oldest entry that is left, and is told how many it lost. */
    SKIP,
    /** It is disconnected as slow. */
    DISCONNECT
}
