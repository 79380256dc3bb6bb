package dev.cardea.server.config;

/** {@code client.subscribe_to_user_personal_channel}: a channel for each user. */
public record PersonalChannelConfig(
        @Setting(is = "false", means = "subscribes users; anonymous ones have no channel")
                boolean enabled,
        @Setting(means = "the channel's namespace; empty is none") String personalChannelNamespace,
        @Setting(
                        is = "false",
                        means = "lets a user's new connection end the older ones, with code 3504")
                boolean singleConnection) {}
