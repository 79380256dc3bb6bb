package dev.cardea.server.config;

import java.time.Duration;

/** {@code persistence}: where persistent history is kept, and how safely. */
public record PersistenceConfig(
        @Setting(
                        means =
                                "a folder of this server's own, made if need be; nothing is written unless a"
                                        + " namespace has history: persistent")
                String path,
        @Setting(
                        is = "interval",
                        means =
                                "when the disk itself must have what is published, which only matters when the"
                                        + " machine dies: always is before anybody hears of it, interval a"
                                        + " moment later, never whenever the system likes")
                Sync sync,
        @Setting(is = "1s", means = "that moment", atLeast = "10ms") Duration interval,
        @Setting(
                        is = "0",
                        means =
                                "bytes that the database may have; past it publishing fails until something"
                                        + " expires; 0 takes what the disk has")
                long maxBytes)
        implements Checked {
    /** Below it there is no room for anything. */
    private static final long LEAST_BYTES = 1024 * 1024;

    /** When what was written has to be on the disk itself, and not only in the system's memory. */
    public enum Sync {
        /** Before its publisher and its subscribers hear of it. */
        ALWAYS,
        /** A moment later. */
        INTERVAL,
        /** Whenever the system likes. */
        NEVER
    }

    @Override
    public void check(Problems.Group problems) {
        if (maxBytes > 0 && maxBytes < LEAST_BYTES)
            problems.add(
                    "max_bytes",
                    "is %d; expected 0, or at least %d".formatted(maxBytes, LEAST_BYTES));
    }
}
