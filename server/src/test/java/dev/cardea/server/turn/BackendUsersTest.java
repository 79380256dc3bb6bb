package dev.cardea.server.turn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cardea.server.CardeaServer;
import dev.cardea.server.config.ConfigLoader;
import dev.cardea.server.proxy.ScriptedBackend;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The application's backend knows the users: coturn's client is let in, or not. */
@Timeout(60)
class BackendUsersTest {
    private static final String OPEN =
            """
            http_server: {address: 127.0.0.1, port: 0}
            http_api: {key: k}
            event_loops: 2
            turn:
              enabled: true
              address: 127.0.0.1
              port: 0
              realm: example.org
              proxy: {enabled: true, endpoint: "BACKEND"}
            """;

    @SuppressWarnings("NullAway.Init")
    private ScriptedBackend backend;

    @SuppressWarnings("NullAway.Init")
    private CardeaServer server;

    @BeforeEach
    void start() throws Exception {
        backend = new ScriptedBackend();
        String yaml = OPEN.replace("BACKEND", backend.url("/turn"));
        server = CardeaServer.start(ConfigLoader.text("turn.yaml", yaml).load().config(), null);
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
        backend.close();
    }

    /** From relay to relay. */
    private Coturn.Outcome client(String user, String... more) {
        List<String> arguments = new ArrayList<>(List.of(more));
        arguments.addAll(List.of("-u", user, "-w", "secret", "-n", "3", "-y", "-c"));
        String port = Integer.toString(Objects.requireNonNull(server.turn()).port());
        arguments.addAll(List.of("-L", "127.0.0.1", "-p", port, "127.0.0.1"));
        return Coturn.run("uclient", arguments).join();
    }

    private String explained(String user) throws Exception {
        URI uri =
                URI.create("http://127.0.0.1:" + server.port() + "/api/turn/explain?user=" + user);
        HttpRequest request = HttpRequest.newBuilder(uri).header("X-API-Key", "k").build();
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
        }
    }

    @Test
    void whoseBackendSaysThePasswordIsLetIn() {
        backend.answers("{\"result\":{\"password\":\"secret\"}}");
        for (String transport : new String[] {"-s", "-t"}) {
            Coturn.Outcome outcome = client("alice" + transport, transport);
            assertThat(outcome.exitCode()).as(outcome.output()).isZero();
            assertThat(outcome.output()).contains("Total lost packets 0 ");
        }
        assertThat(backend.asked().getFirst().path()).isEqualTo("/turn");
        assertThat(backend.asked().getFirst().body())
                .isEqualTo("{\"user\":\"alice-s\",\"realm\":\"example.org\"}");
        // once for each of two loops at most: what was said is kept for a moment
        assertThat(backend.asked()).hasSizeLessThanOrEqualTo(4);
    }

    @Test
    void whomItDoesNotKnowIsNotAndExplainSaysWhy() throws Exception {
        backend.answers("{\"result\":{}}");
        assertThat(client("alice").output()).contains("Cannot complete Allocation");
        assertThat(explained("alice")).contains("there is no such user");
        backend.answers("{\"result\":{\"password\":\"another\"}}");
        assertThat(client("bob").output()).contains("Cannot complete Allocation");
        assertThat(explained("bob")).contains("the password is another than the backend's");
        backend.answers("{\"error\":{\"code\":1000,\"message\":\"gone\"}}");
        assertThat(client("carol").output()).contains("Cannot complete Allocation");
        assertThat(explained("carol")).contains("there is no such user");
        backend.answers("nonsense");
        assertThat(client("dave").output()).contains("error 500");
        assertThat(explained("dave")).contains("gave no answer");
    }
}
