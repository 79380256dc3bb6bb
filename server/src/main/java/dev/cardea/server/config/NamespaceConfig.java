package dev.cardea.server.config;

/** An item of {@code channel.namespaces}: options for the channels whose names begin with it. */
public record NamespaceConfig(
        @Setting(means = "what stands before the first boundary in a channel's name") String name,
        @Setting(
                        means =
                                "takes the channels that match it, such as /users/:name, instead of those"
                                        + " that begin with the name; needs channel.patterns")
                String pattern,
        @Inline ChannelOptions options) {}
