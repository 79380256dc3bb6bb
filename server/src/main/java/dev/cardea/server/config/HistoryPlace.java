package dev.cardea.server.config;

/** Where a namespace's publications are kept. */
public enum HistoryPlace {
    /** Where {@code engine} and {@code broker} say. */
    ENGINE,
    /** On this server's disk. */
    PERSISTENT
}
