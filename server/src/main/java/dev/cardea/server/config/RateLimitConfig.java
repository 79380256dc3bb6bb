package dev.cardea.server.config;

/** {@code client.rate_limit}: how often clients may do what. */
public record RateLimitConfig(
        @Setting(means = "limits for each connection") CommandLimitsConfig clientCommand,
        @Setting(means = "limits for all connections of a user together; anonymous ones have none")
                CommandLimitsConfig userCommand,
        @Setting(means = "limits for all clients of a channel together")
                CommandLimitsConfig channelCommand,
        @Setting(means = "ends a connection (3509) that is answered with many errors")
                ErrorLimitsConfig clientError) {}
