package dev.cardea.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class ChangesTest {
    @Test
    void everyKeyThatDiffersIsNamedOnceAndNoValueIsShown() {
        Config before = Load.yaml("channel: {namespaces: [{name: chat}]}");
        Config after =
                Load.yaml(
                        """
                        http_server: {port: 9000}
                        client:
                          subscription_token: {hmac_secret_key: a-secret-that-nobody-is-shown-here}
                        channel:
                          without_namespace: {presence: true}
                          namespaces: [{name: chat, presence: true}]
                        memory: {outbound: 10%}
                        """);
        assertThat(Changes.between(before, after))
                .containsExactly(
                        "http_server.port",
                        "client.subscription_token.hmac_secret_key",
                        "channel.without_namespace.presence",
                        "channel.namespaces",
                        "memory.outbound");
        assertThat(Changes.between(before, before)).isEmpty();
    }
}
