package dev.cardea.server.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cardea.messaging.auth.Authenticator.SubscriptionGrant;
import dev.cardea.messaging.auth.Verdict;
import dev.cardea.server.config.BadConfig;
import dev.cardea.server.config.ConfigLoader;
import org.junit.jupiter.api.Test;

/** Whether a subscription token that is good is also the one for who brings it. */
class TokenAuthenticatorTest {
    private static final String YAML =
            "client: {token: {hmac_secret_key: \"" + HandMadeToken.SECRET + "\"}}";

    private static Verdict<SubscriptionGrant> verdict(String claims) throws BadConfig {
        TokenAuthenticator authenticator =
                new TokenAuthenticator(
                        ConfigLoader.text("c.yaml", YAML).load().config().client(), () -> 0);
        return authenticator
                .subscribe(HandMadeToken.of(claims), "news", "alice", "client-1")
                .toCompletableFuture()
                .join();
    }

    @Test
    void aTokenIsForItsChannelItsUserAndItsClient() throws BadConfig {
        assertThat(verdict("{\"channel\":\"news\",\"sub\":\"alice\"}"))
                .isInstanceOf(Verdict.Granted.class);
        String good = "{\"channel\":\"news\",\"sub\":\"alice\",\"client\":\"client-1\"}";
        assertThat(verdict(good)).isInstanceOf(Verdict.Granted.class);
        for (String part : new String[] {"news", "alice", "client-1"})
            assertThat(verdict(good.replace(part, part + "2")))
                    .as(part)
                    .isInstanceOf(Verdict.Mismatched.class);
        assertThat(verdict("{\"channel\":\"news\"}")).isInstanceOf(Verdict.Mismatched.class);
    }
}
