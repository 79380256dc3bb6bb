package dev.cardea.server.config;

/** {@code log}: what is written about the server's life. */
public record LogConfig(
        @Setting(is = "info", means = "the least important lines that are still written")
                LogLevel level,
        @Setting(means = "file that lines are added to; empty is standard error") String file,
        @Setting(
                        is = "text",
                        means = "text writes lines of key=value, json an object for each line")
                LogFormat format) {}
