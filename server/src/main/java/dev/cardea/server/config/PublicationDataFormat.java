package dev.cardea.server.config;

/** What the data of a publication must be. */
public enum PublicationDataFormat {
    /** Anything but nothing. */
    UNSET,
    JSON,
    JSON_OBJECT,
    /** Anything, nothing included. */
    BINARY
}
