package dev.cardea.server.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cardea.server.CardeaServer;
import dev.cardea.server.config.ConfigLoader;
import dev.cardea.testkit.websocket.CentrifugeSocket;
import dev.cardea.testkit.websocket.HandshakeRefused;
import dev.cardea.testkit.websocket.RawWebSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Each door is where the configuration says, and nowhere else. */
class PathsTest {
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final String LISTEN = "http_server: {address: 127.0.0.1, port: 0}\n";

    @Test
    void everyDoorIsWhereTheConfigurationSays() throws Exception {
        try (CardeaServer server =
                start(
                        """
                        websocket: {handler_prefix: /ws}
                        http_api: {key: k, handler_prefix: /backend/v1}
                        health: {enabled: true, handler_prefix: /up}
                        prometheus: {enabled: true, handler_prefix: /numbers}
                        """)) {
            RawWebSocket.to("127.0.0.1", server.port()).path("/ws").connect(SOON).close();
            assertThat(status(server, "GET", "/up")).isEqualTo(200);
            assertThat(status(server, "GET", "/numbers")).isEqualTo(200);
            assertThat(status(server, "POST", "/backend/v1/info")).isEqualTo(200);
            for (String usual : new String[] {"/health", "/metrics", "/api/info"}) {
                assertThat(status(server, "GET", usual)).as(usual).isEqualTo(404);
            }
            isNoWebSocket(server);
        }
    }

    @Test
    void whatIsTurnedOffIsNowhere() throws Exception {
        try (CardeaServer server =
                start("websocket: {disabled: true}\nhttp_api: {key: k, disabled: true}\n")) {
            isNoWebSocket(server);
            for (String usual : new String[] {"/health", "/metrics", "/api/info"}) {
                assertThat(status(server, "POST", usual)).as(usual).isEqualTo(404);
            }
        }
    }

    private static CardeaServer start(String yaml) throws Exception {
        return CardeaServer.start(ConfigLoader.text("c.yaml", LISTEN + yaml).load().config(), null);
    }

    private static void isNoWebSocket(CardeaServer server) {
        RawWebSocket.Dial dial =
                RawWebSocket.to("127.0.0.1", server.port()).path(CentrifugeSocket.PATH);
        assertThatThrownBy(() -> dial.connect(SOON))
                .isInstanceOfSatisfying(
                        HandshakeRefused.class,
                        refused -> assertThat(refused.status()).isEqualTo(404));
    }

    private static int status(CardeaServer server, String method, String path) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + server.port() + path);
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpRequest request =
                    HttpRequest.newBuilder(uri)
                            .header("X-API-Key", "k")
                            .method(method, BodyPublishers.ofString("{}"))
                            .build();
            return http.send(request, BodyHandlers.discarding()).statusCode();
        }
    }
}
