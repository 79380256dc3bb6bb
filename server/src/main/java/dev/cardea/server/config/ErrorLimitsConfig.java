package dev.cardea.server.config;

/** {@code client.rate_limit.client_error}: ends connections that are answered with many errors. */
public record ErrorLimitsConfig(
        @Setting(is = "false", means = "whether this limit holds") boolean enabled,
        @Setting(means = "errors of all kinds but internal ones") LimitConfig total) {}
