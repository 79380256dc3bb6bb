package dev.cardea.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class MercureConfigTest {
    private static Config load(String mercure) throws BadConfig {
        return ConfigLoader.text("c.yaml", "mercure:\n  " + mercure.replace("\n", "\n  ") + "\n")
                .load()
                .config();
    }

    private static void refused(String mercure, String... says) {
        var refusal = assertThatThrownBy(() -> load(mercure)).isInstanceOf(BadConfig.class);
        for (String part : says) refusal.hasMessageContaining(part);
    }

    @Test
    void whatItSaysIsTaken() throws BadConfig {
        MercureConfig config =
                load("""
                enabled: true
                url: https://hub.example.com/.well-known/mercure
                anonymous: true
                publisher_jwt: {key: 0123456789abcdef0123456789abcdef, algorithm: HS512, issuer: i}
                subscriber_jwt: {jwks_url: "https://example.com/jwks"}
                heartbeat: 15s
                retention: {topic_size: 7, topic_memory: 1KiB, ttl: 1m, size: 70, memory: 1MiB}
                """)
                        .mercure();
        assertThat(config.publisherJwt().asTokenConfig().hmacSecretKey()).hasSize(32);
        assertThat(config.subscriberJwt().asTokenConfig().jwksPublicEndpoint())
                .isEqualTo("https://example.com/jwks");
        assertThat(config.heartbeat()).isEqualTo(Duration.ofSeconds(15));
        assertThat(config.retention().topicSize()).isEqualTo(7);
        assertThat(config.retention().topicMemory().bytesOf(0)).isEqualTo(1024);
    }

    @Test
    void aHubThatNobodyCouldUseDoesNotStart() {
        refused("enabled: true", "mercure.subscriber_jwt", "mercure.publisher_jwt");
        refused(
                "enabled: true\nanonymous: true\nnamespace: news",
                "mercure.namespace is \"news\", which no namespace is");
    }

    @Test
    void mistakesAreNamed() {
        refused("url: https://hub.example.com/hub", "mercure.url");
        refused("publisher_jwt: {key: x, algorithm: none}", "mercure.publisher_jwt.algorithm");
        refused("publisher_jwt: {key: x, algorithm: RS256}", "mercure.publisher_jwt.key");
        refused("subscriber_jwt: {jwks_url: nowhere}", "mercure.subscriber_jwt.jwks_url");
        refused("hearbeat: 1s", "did you mean mercure.heartbeat");
        refused("retention: {topic_size: 0}", "mercure.retention.topic_size");
    }
}
