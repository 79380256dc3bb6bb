package dev.cardea.server.config;

/** {@code log}: what is written to standard error. */
public record LogConfig(
        @Setting(is = "info", means = "the least important lines that are still written")
                LogLevel level) {}
