package dev.cardea.server.config;

/** {@code client.subscription_token}: verifies subscription tokens by rules of their own. */
public record SubscriptionTokenConfig(
        @Setting(
                        is = "false",
                        means =
                                "takes this group for subscription tokens; otherwise client.token is for"
                                        + " both")
                boolean enabled,
        @Inline TokenConfig token) {}
