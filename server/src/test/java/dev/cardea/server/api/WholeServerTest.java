package dev.cardea.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cardea.server.CardeaServer;
import dev.cardea.server.config.ConfigLoader;
import dev.cardea.testkit.websocket.CentrifugeSocket;
import dev.cardea.testkit.websocket.Incoming;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.centrifuge.Command;
import dev.cardea.wire.centrifuge.Push;
import dev.cardea.wire.centrifuge.Reply;
import dev.cardea.wire.centrifuge.SubscribeRequest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The server as it is started, with a configuration; a backend, a client, and a scrape. */
class WholeServerTest {
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final String CONFIG =
            """
            http_server: {address: 127.0.0.1, port: 0}
            http_api: {key: k}
            prometheus: {enabled: true}
            health: {enabled: true}
            client: {allow_anonymous_connect_without_token: true}
            channel:
              namespaces:
                - name: chat
                  presence: true
                  history_size: 10
                  history_ttl: 1h
                  allow_subscribe_for_client: true
                  allow_subscribe_for_anonymous: true
                - name: stats
                  allow_subscribe_for_client: true
                  allow_subscribe_for_anonymous: true
            """;

    private final HttpClient http = HttpClient.newHttpClient();
    private CardeaServer server;

    @BeforeEach
    void start(@TempDir Path pages) throws Exception {
        Files.writeString(pages.resolve("index.html"), "hello");
        server = CardeaServer.start(ConfigLoader.text("c.yaml", CONFIG).load().config(), pages);
    }

    @AfterEach
    void close() {
        http.close();
        server.close();
    }

    @Test
    void aBackendPublishesAndListsAndEndsAClient() throws Exception {
        try (CentrifugeSocket client = connect("chat:1")) {
            assertThat(api("publish", "{\"channel\":\"chat:1\",\"data\":{\"text\":\"hi\"}}"))
                    .matches("\\{\"result\":\\{\"offset\":1,\"epoch\":\"[A-Za-z0-9]{8}\"}}");
            Push.Pub pub = (Push.Pub) client.await(Reply.Pushed.class, SOON).push();
            assertThat(pub.publication().data().toUtf8()).isEqualTo("{\"text\":\"hi\"}");
            assertThat(api("channels", "{}"))
                    .isEqualTo("{\"result\":{\"channels\":{\"chat:1\":{\"num_clients\":1}}}}");
            assertThat(api("presence_stats", "{\"channel\":\"chat:1\"}"))
                    .isEqualTo("{\"result\":{\"num_clients\":1,\"num_users\":1}}");
            assertThat(api("info", "{}"))
                    .contains("\"num_clients\":1", "\"num_channels\":1", "\"process\":{\"cpu\":")
                    .contains("\"num_subs\":1");
            assertThat(api("disconnect", "{\"user\":\"\"}")).isEqualTo("{\"result\":{}}");
            assertThat(client.awaitEnd(SOON))
                    .isEqualTo(new Incoming.Close(3503, "force disconnect"));
        }
        assertThat(get("/metrics"))
                .contains("\ncardea_publications_total 1.0\n")
                .contains("\ncardea_api_calls_total{code=\"0\",method=\"disconnect\"} 1.0\n");
    }

    @Test
    void healthAndPagesAndStatisticsAreThere() throws Exception {
        assertThat(get("/health")).isEqualTo("{}");
        assertThat(get("/")).isEqualTo("hello");
        try (CentrifugeSocket client = connect("stats:server")) {
            Push.Pub pub = (Push.Pub) client.await(Reply.Pushed.class, SOON).push();
            assertThat(pub.publication().data().toUtf8()).contains("\"connections\":1,");
        }
    }

    private CentrifugeSocket connect(String channel) throws IOException {
        CentrifugeSocket client = CentrifugeSocket.connectJson("127.0.0.1", server.port(), SOON);
        client.send(
                new Command.Connect(1, "", Bytes.EMPTY, Map.of(), "", "", Map.of(), 0),
                new Command.Subscribe(2, SubscribeRequest.to(channel)));
        assertThat(client.answer(2, SOON)).isInstanceOf(Reply.Subscribe.class);
        return client;
    }

    private String api(String method, String body) throws Exception {
        return send(
                request("/api/" + method)
                        .header("X-API-Key", "k")
                        .POST(BodyPublishers.ofString(body)));
    }

    private String get(String path) throws Exception {
        return send(request(path));
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
                .timeout(SOON);
    }

    private String send(HttpRequest.Builder request) throws Exception {
        return http.send(request.build(), BodyHandlers.ofString()).body();
    }
}
