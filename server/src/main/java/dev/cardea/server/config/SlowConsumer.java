package dev.cardea.server.config;

/** What happens to a subscriber that the channel's delivery window has overtaken. */
public enum SlowConsumer {
    /** It is told to subscribe again and recovers what history still has. */
    RECOVER,
    /** It goes on with the newest publication. */
    LATEST,
    /** It goes on with the oldest publication that is still there. */
    SKIP,
    /** Its connection is closed (3008). */
    DISCONNECT
}
