package dev.cardea.server.peerjs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cardea.server.CardeaServer;
import dev.cardea.server.auth.HandMadeToken;
import dev.cardea.server.config.BadConfig;
import dev.cardea.server.config.ConfigLoader;
import dev.cardea.testkit.websocket.Incoming;
import dev.cardea.testkit.websocket.RawWebSocket;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** A whole server with signaling, and peers that know nothing but JSON. */
final class PeerNode implements AutoCloseable {
    static final Duration SOON = Duration.ofSeconds(20);
    private static final String KEY = "0123456789abcdef0123456789abcdef";

    /** Users are known; to be gone on with, and closed with a brace. */
    static final String WITH_TOKENS =
            "client: {token: {hmac_secret_key: " + KEY + "}}\npeerjs: {authenticate: true";

    /** The same, and whoever comes without one is anonymous. */
    static final String WITH_ANONYMOUS =
            WITH_TOKENS.replace("token:", "allow_anonymous_connect_without_token: true, token:");

    static final String OPEN = "{\"type\":\"OPEN\"}";

    final CardeaServer server;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    PeerNode(String yaml) throws IOException, BadConfig {
        server =
                CardeaServer.start(
                        ConfigLoader.text("test.yaml", yaml)
                                .flag("test", "peerjs.enabled", "true")
                                .flag("test", "prometheus.enabled", "true")
                                .flag("test", "http_api.key", "key")
                                .flag("test", "shutdown.timeout", "2s")
                                .flag("test", "http_server.address", "127.0.0.1")
                                .flag("test", "http_server.port", "0")
                                .flag("test", "event_loops", "2")
                                .load()
                                .config(),
                        null);
    }

    RawWebSocket dial(String query) throws IOException {
        return RawWebSocket.to("127.0.0.1", server.port())
                .path("/peerjs/peerjs?" + query)
                .connect(SOON);
    }

    /** As npm peerjs asks. */
    RawWebSocket peer(String id, String token) throws IOException {
        return dial("key=peerjs&id=" + id + "&token=" + token + "&version=1.5.5");
    }

    RawWebSocket opened(String id) throws IOException {
        RawWebSocket socket = peer(id, "token-of-" + id);
        assertThat(text(socket)).isEqualTo(OPEN);
        return socket;
    }

    static String text(RawWebSocket socket) throws IOException {
        Incoming incoming = socket.next(SOON);
        assertThat(incoming).isInstanceOf(Incoming.Text.class);
        return ((Incoming.Text) incoming).text();
    }

    /** What is said last, and that the connection ends then. */
    static String refusal(RawWebSocket socket) throws IOException {
        return ended(socket, 1008);
    }

    /** The same with another code than that of a refusal. */
    static String ended(RawWebSocket socket, int code) throws IOException {
        String text = text(socket);
        Incoming end = socket.next(SOON);
        assertThat(end).isInstanceOf(Incoming.Close.class);
        assertThat(((Incoming.Close) end).code()).isEqualTo(code);
        return text;
    }

    HttpResponse<String> get(String path, String... headers) throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path));
        for (int i = 0; i < headers.length; i += 2) request.header(headers[i], headers[i + 1]);
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    /** Calls the server API. */
    String call(String method, String json) throws Exception {
        HttpRequest request =
                HttpRequest.newBuilder(
                                URI.create("http://127.0.0.1:" + server.port() + "/api/" + method))
                        .header("X-API-Key", "key")
                        .POST(HttpRequest.BodyPublishers.ofString(json))
                        .build();
        return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
    }

    /** A connection token for {@link #WITH_TOKENS}. */
    static String jwt(String claims) {
        String header = "{\"alg\":\"HS256\",\"typ\":\"JWT\"}";
        return HandMadeToken.of(header, claims, "HmacSHA256", KEY);
    }

    @Override
    public void close() {
        server.close();
    }
}
