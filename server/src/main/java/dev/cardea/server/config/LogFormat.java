package dev.cardea.server.config;

/** How a line of the log is written. */
public enum LogFormat {
    /** {@code key=value} pairs. */
    TEXT,
    /** One JSON object. */
    JSON
}
