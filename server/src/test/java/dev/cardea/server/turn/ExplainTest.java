package dev.cardea.server.turn;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cardea.server.CardeaServer;
import dev.cardea.server.config.ConfigLoader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ExplainTest {
    private static final String OPEN =
            """
            http_server: {address: 127.0.0.1, port: 0}
            http_api: {key: k}
            event_loops: 2
            turn:
              enabled: true
              address: 127.0.0.1
              port: 0
              users: [{name: alice, password: secret}]
            """;

    @Test
    void anOperatorIsToldWhyInASentence() throws Exception {
        try (CardeaServer server =
                CardeaServer.start(ConfigLoader.text("c.yaml", OPEN).load().config(), null)) {
            assertThat(get(server, "/api/turn/explain?user=alice", "wrong").statusCode())
                    .isEqualTo(401);
            assertThat(explain(server, "alice").get("verdict").asText())
                    .startsWith("Nothing has arrived from this user");

            client(server, "-u", "alice", "-w", "guess", "-e", "127.0.0.1", "-r", "9");
            JsonNode wrong = explain(server, "alice");
            assertThat(wrong.get("verdict").asText())
                    .contains(
                            "Allocate from 127.0.0.1:",
                            " over udp, was refused with 401 because"
                                    + " the password or the secret is another.");

            client(server, "-u", "alice", "-w", "secret", "-e", "127.0.0.1", "-r", "9");
            JsonNode denied = explain(server, "alice");
            assertThat(denied.toString())
                    .contains(" is a loopback address, and not in peers.allow");
            JsonNode all =
                    new ObjectMapper().readTree(get(server, "/api/turn/allocations", "k").body());
            assertThat(all.get("count").asInt()).isEqualTo(all.get("allocations").size());
        }
    }

    private static void client(CardeaServer server, String... options) {
        List<String> arguments = new ArrayList<>(List.of(options));
        int port = Objects.requireNonNull(server.turn()).port();
        arguments.addAll(List.of("-n", "1", "-c", "-L", "127.0.0.1", "-p", "" + port, "127.0.0.1"));
        Coturn.run("uclient", arguments).join();
    }

    private static JsonNode explain(CardeaServer server, String user) throws Exception {
        HttpResponse<String> response = get(server, "/api/turn/explain?user=" + user, "k");
        assertThat(response.statusCode()).isEqualTo(200);
        return new ObjectMapper().readTree(response.body());
    }

    private static HttpResponse<String> get(CardeaServer server, String path, String key)
            throws Exception {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
                        .header("X-API-Key", key)
                        .build();
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(request, HttpResponse.BodyHandlers.ofString());
        }
    }
}
