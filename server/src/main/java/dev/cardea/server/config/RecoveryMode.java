package dev.cardea.server.config;

/** What a client is given when it recovers. */
public enum RecoveryMode {
    /** All that it missed. */
    STREAM,
    /** The newest publication. */
    CACHE
}
