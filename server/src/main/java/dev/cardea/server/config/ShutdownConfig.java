package dev.cardea.server.config;

import java.time.Duration;

/** {@code shutdown}: how the server ends. */
public record ShutdownConfig(
        @Setting(is = "30s", means = "how long connections may take to be closed")
                Duration timeout) {}
