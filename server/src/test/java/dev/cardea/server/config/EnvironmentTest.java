package dev.cardea.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class EnvironmentTest {
    @Test
    void aVariableIsThePathInCapitals() {
        Config config =
                Load.environment(
                        "client: {ping_interval: 1m, pong_timeout: 2s}",
                        Map.of(
                                "CENTRIFUGO_CLIENT_PING_INTERVAL", "30s",
                                "CENTRIFUGO_CLIENT_ALLOWED_ORIGINS", "* http://localhost:4000",
                                "CENTRIFUGO_CLIENT_TOKEN_HMAC_SECRET_KEY", "s e c r e t",
                                "CENTRIFUGO_HTTP_SERVER_PORT", "9000",
                                "CENTRIFUGO_CLIENT_PONG_TIMEOUT", ""));
        assertThat(config.client().pingInterval()).isEqualTo(Duration.ofSeconds(30));
        assertThat(config.client().allowedOrigins()).containsExactly("*", "http://localhost:4000");
        assertThat(config.client().token().hmacSecretKey()).isEqualTo("s e c r e t");
        assertThat(config.httpServer().port()).isEqualTo(9000);
        assertThat(config.client().pongTimeout()).isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void ourPrefixWinsOverCentrifugos() {
        Config config =
                Load.environment(
                        "",
                        Map.of("CARDEA_HTTP_SERVER_PORT", "2", "CENTRIFUGO_HTTP_SERVER_PORT", "1"));
        assertThat(config.httpServer().port()).isEqualTo(2);
    }

    @Test
    void namespacesAreNamedAndThenFilled() {
        Config config =
                Load.environment(
                        "channel: {namespaces: [{name: gone}]}",
                        Map.of(
                                "CENTRIFUGO_CHANNEL_NAMESPACES", "chat my-news",
                                "CENTRIFUGO_CHANNEL_NAMESPACES_CHAT_PRESENCE", "true",
                                "CENTRIFUGO_CHANNEL_NAMESPACES_MY_NEWS_HISTORY_SIZE", "10",
                                "CENTRIFUGO_CHANNEL_NAMESPACES_MY_NEWS_HISTORY_TTL", "60s"));
        assertThat(config.channel().namespaces())
                .extracting(NamespaceConfig::name)
                .containsExactly("chat", "my-news");
        assertThat(config.channel().namespaces().getFirst().options().presence()).isTrue();
        assertThat(config.channel().namespaces().getLast().options().historySize()).isEqualTo(10);
    }

    @Test
    void namespacesOfTheFileAreReachedByTheirNames() {
        Config config =
                Load.environment(
                        "channel: {namespaces: [{name: chat}]}",
                        Map.of("CARDEA_CHANNEL_NAMESPACES_CHAT_CONFLATE_INTERVAL", "250ms"));
        assertThat(config.channel().namespaces().getFirst().options().conflate().interval())
                .isEqualTo(Duration.ofMillis(250));
    }

    @Test
    void namespacesMayBeJson() {
        Config config =
                Load.environment(
                        "",
                        Map.of(
                                "CENTRIFUGO_CHANNEL_NAMESPACES",
                                "[{\"name\": \"chat\", \"presence\": true}]"));
        assertThat(config.channel().namespaces().getFirst().options().presence()).isTrue();
    }

    @Test
    void anUnknownVariableStopsTheStart() {
        assertThat(
                        Load.environmentProblems(
                                Map.of(
                                        "CENTRIFUGO_CLIENT_PING_INTERVALL", "1s",
                                        "CARDEA_PORT", "9000",
                                        "CARDEA_CHANNEL_NAMESPACES_CHAT_PRESENCE", "true")))
                .containsExactly(
                        "environment: CENTRIFUGO_CLIENT_PING_INTERVALL is no known setting; did you"
                                + " mean CENTRIFUGO_CLIENT_PING_INTERVAL?",
                        "environment: CARDEA_CHANNEL_NAMESPACES_CHAT_PRESENCE is no known setting",
                        "environment: CARDEA_PORT is no known setting; did you mean"
                                + " CARDEA_HTTP_SERVER_PORT?");
    }

    @Test
    void aWrongValueIsNamedWithItsVariable() {
        assertThat(
                        Load.environmentProblems(
                                Map.of(
                                        "CARDEA_HTTP_SERVER_PORT", "http",
                                        "CENTRIFUGO_HTTP_SERVER_TLS_AUTOCERT_ENABLED", "true")))
                .containsExactly(
                        "CARDEA_HTTP_SERVER_PORT: http_server.port is \"http\"; expected a whole"
                                + " number",
                        "CENTRIFUGO_HTTP_SERVER_TLS_AUTOCERT_ENABLED:"
                                + " http_server.tls_autocert.enabled is \"true\"; not"
                                + " supported yet, and it decides who may connect, read or write:"
                                + " leave it out (its default is false)");
    }

    @Test
    void whatKubernetesAndTheLauncherSetIsLeftAlone() {
        Config config =
                Load.environment(
                        "",
                        Map.of(
                                "CARDEA_PORT", "tcp://10.0.0.1:8000",
                                "CARDEA_PORT_8000_TCP_ADDR", "10.0.0.1",
                                "CARDEA_SERVICE_HOST", "10.0.0.1",
                                "CENTRIFUGO_WEB_SERVICE_PORT_HTTP", "8000",
                                "CENTRIFUGO_VAR_TOKEN", "x",
                                "CARDEA_JAVA_OPTS", "-Xmx1g",
                                "HOME", "/root"));
        assertThat(config).isEqualTo(Config.DEFAULT);
    }
}
