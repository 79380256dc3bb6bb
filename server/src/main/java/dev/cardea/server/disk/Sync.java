package dev.cardea.server.disk;

/** When what was written has to be on the disk itself, and not only in the system's memory. */
public enum Sync {
    /** Before its publisher and its subscribers hear of it. */
    ALWAYS,
    /** A moment later. */
    INTERVAL,
    /** Whenever the system likes. */
    NEVER
}
