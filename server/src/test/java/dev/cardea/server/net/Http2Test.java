package dev.cardea.server.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cardea.server.CardeaServer;
import dev.cardea.server.TestTls;
import dev.cardea.server.config.ConfigLoader;
import java.io.InputStream;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The JDK's own client, which prefers HTTP/2 where there is TLS. */
@Timeout(60)
class Http2Test {
    private CardeaServer server;
    private HttpClient client;

    @BeforeEach
    void start() throws Exception {
        server = start(0);
        client = HttpClient.newBuilder().sslContext(TestTls.trustful()).build();
    }

    private static CardeaServer start(int port) throws Exception {
        ConfigLoader loader =
                ConfigLoader.text(
                        "test.yaml",
                        """
                        client: {insecure: true}
                        http_api: {key: secret}
                        health: {enabled: true}
                        http_stream: {enabled: true}
                        uni_sse: {enabled: true}
                        """);
        TestTls.layOver(loader, "http_server.tls");
        return CardeaServer.start(
                loader.flag("test", "http_server.address", "127.0.0.1")
                        .flag("test", "http_server.port", Integer.toString(port))
                        .flag("test", "http_server.http3.enabled", Boolean.toString(port > 0))
                        .load()
                        .config(),
                null);
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    private HttpRequest.Builder to(String path) {
        return HttpRequest.newBuilder(URI.create("https://localhost:" + server.port() + path))
                .timeout(Duration.ofSeconds(20));
    }

    private HttpRequest publish(String body) {
        return to("/api/publish")
                .header("X-API-Key", "secret")
                .POST(BodyPublishers.ofString(body))
                .build();
    }

    @Test
    void routesAnswerAsOverHttp1() throws Exception {
        for (Version version : Version.values()) {
            if (version.name().equals("HTTP_3")) continue;
            HttpResponse<String> health =
                    client.send(to("/health").version(version).build(), BodyHandlers.ofString());
            assertThat(health.version()).isEqualTo(version);
            assertThat(health.statusCode()).isEqualTo(200);
            HttpResponse<String> missing =
                    client.send(to("/nothing").version(version).build(), BodyHandlers.ofString());
            assertThat(missing.statusCode()).isEqualTo(404);
            assertThat(missing.body()).isEqualTo("not found");
        }
    }

    @Test
    void responsesSayWhereHttp3Is() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        HttpRequest here = to("/health").build();
        assertThat(client.send(here, BodyHandlers.discarding()).headers().map())
                .doesNotContainKey("alt-svc");
        try (CardeaServer other = start(port)) {
            HttpRequest there =
                    HttpRequest.newBuilder(
                                    URI.create("https://localhost:" + other.port() + "/health"))
                            .build();
            var headers = client.send(there, BodyHandlers.discarding()).headers();
            assertThat(headers.firstValue("Alt-Svc"))
                    .contains("h3=\":%d\"; ma=86400".formatted(port));
        }
    }

    @Test
    void manyRequestsShareAConnection() throws Exception {
        // the JDK's client knows the limit once it has an answer, and doesn't queue past it
        client.send(to("/health").build(), BodyHandlers.discarding());
        for (int round = 0; round < 4; round++) {
            List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
            for (int i = 0; i < 80; i++) {
                String body = "{\"channel\":\"c\",\"data\":{\"i\":%d}}".formatted(i);
                answers.add(client.sendAsync(publish(body), BodyHandlers.ofString()));
            }
            for (CompletableFuture<HttpResponse<String>> answer : answers) {
                HttpResponse<String> response = answer.get(20, TimeUnit.SECONDS);
                assertThat(response.version()).isEqualTo(Version.HTTP_2);
                assertThat(response.body()).contains("result");
            }
        }
    }

    @Test
    void aBodyOverTheLimitIsRefused() throws Exception {
        HttpRequest request =
                to("/connection/http_stream")
                        .POST(BodyPublishers.ofString("x".repeat(100_000)))
                        .build();
        assertThat(client.send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(413);
        assertThat(client.send(to("/health").build(), BodyHandlers.ofString()).statusCode())
                .isEqualTo(200);
    }

    @Test
    void aResponseThatGoesOnCarriesWhatIsPublished() throws Exception {
        String connect =
                "{\"id\":1,\"connect\":{}}\n{\"id\":2,\"subscribe\":{\"channel\":\"c\"}}\n";
        HttpRequest request =
                to("/connection/http_stream").POST(BodyPublishers.ofString(connect)).build();
        HttpResponse<InputStream> stream = client.send(request, BodyHandlers.ofInputStream());
        assertThat(stream.version()).isEqualTo(Version.HTTP_2);
        assertThat(stream.statusCode()).isEqualTo(200);
        try (InputStream in = stream.body()) {
            StringBuilder seen = new StringBuilder();
            readUntil(in, seen, "\"subscribe\":{");
            client.send(
                    publish(
                            "{\"channel\":\"c\",\"data\":{\"hello\":\""
                                    + "x".repeat(30_000)
                                    + "\"}}"),
                    BodyHandlers.ofString());
            readUntil(in, seen, "\"hello\":\"");
            readUntil(in, seen, "xxx\"}}}}\n");
        }
    }

    private static void readUntil(InputStream in, StringBuilder seen, String text)
            throws Exception {
        byte[] bytes = new byte[8192];
        while (seen.indexOf(text) < 0) {
            int count = in.read(bytes);
            if (count < 0) throw new AssertionError("ended after " + seen);
            seen.append(new String(bytes, 0, count, StandardCharsets.UTF_8));
        }
    }
}
