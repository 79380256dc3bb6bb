package dev.cardea.server.turn;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cardea.server.CardeaServer;
import dev.cardea.server.config.ConfigLoader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class CredentialsTest {
    private static final String KNOWN =
            """
            http_server: {address: 127.0.0.1, port: 0}
            event_loops: 1
            client: {token: {hmac_secret_key: "0123456789abcdef0123456789abcdef"}}
            turn:
              enabled: true
              address: 127.0.0.1
              port: 0
              secrets: [sesame]
            """;

    @Test
    void whoMayConnectGetsCredentialsThatAreGoodHere() throws Exception {
        try (CardeaServer server =
                CardeaServer.start(ConfigLoader.text("c.yaml", KNOWN).load().config(), null)) {
            assertThat(get(server, "").statusCode()).isEqualTo(401);
            assertThat(get(server, "Bearer x.y.z").statusCode()).isEqualTo(401);
            HttpResponse<String> response = get(server, "Bearer " + token());
            assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
            assertThat(response.headers().firstValue("cache-control")).contains("no-store");
            JsonNode made = new ObjectMapper().readTree(response.body());
            int port = Objects.requireNonNull(server.turn()).port();
            assertThat(made.get("username").asText()).matches("[0-9]{10}:alice");
            assertThat(made.get("ttl").asInt()).isEqualTo(86_400);
            assertThat(made.at("/uris/1").asText())
                    .isEqualTo("turn:127.0.0.1:" + port + "?transport=udp");
            assertThat(made.at("/iceServers/0/credential")).isEqualTo(made.get("password"));
            Coturn.Outcome outcome =
                    Coturn.run(
                                    "uclient",
                                    List.of(
                                            "-n",
                                            "3",
                                            "-y",
                                            "-c",
                                            "-L",
                                            "127.0.0.1",
                                            "-u",
                                            made.get("username").asText(),
                                            "-w",
                                            made.get("password").asText(),
                                            "-p",
                                            Integer.toString(port),
                                            "127.0.0.1"))
                            .join();
            // from relay to relay, which needs no peer that is allowed
            assertThat(outcome.exitCode()).as(outcome.output()).isZero();
            assertThat(outcome.output()).contains("Total lost packets 0 ");
        }
    }

    /** {"sub":"alice"}, sealed with the key of the configuration. */
    private static String token() throws Exception {
        var mac = javax.crypto.Mac.getInstance("HmacSHA256");
        byte[] key = "0123456789abcdef0123456789abcdef".getBytes(US_ASCII);
        mac.init(new javax.crypto.spec.SecretKeySpec(key, "HmacSHA256"));
        var base64 = java.util.Base64.getUrlEncoder().withoutPadding();
        String body =
                base64.encodeToString("{\"alg\":\"HS256\",\"typ\":\"JWT\"}".getBytes(US_ASCII))
                        + "."
                        + base64.encodeToString("{\"sub\":\"alice\"}".getBytes(US_ASCII));
        return body + "." + base64.encodeToString(mac.doFinal(body.getBytes(US_ASCII)));
    }

    private static HttpResponse<String> get(CardeaServer server, String authorization)
            throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + server.port() + "/turn-credentials"));
        if (!authorization.isEmpty()) request.header("Authorization", authorization);
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        }
    }
}
