package dev.cardea.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cardea.server.config.BadConfig;
import dev.cardea.server.config.ConfigLoader;
import dev.cardea.testkit.websocket.RawWebSocket;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A whole server with all its HTTP doors open, and clients for them that know nothing but HTTP. */
final class HttpDoors implements AutoCloseable {
    static final ObjectMapper JSON = new ObjectMapper();
    static final Duration SOON = Duration.ofSeconds(20);
    private static final String OPEN =
            """
            client: {insecure: true, allowed_origins: [https://good.example]}
            http_api: {key: k}
            prometheus: {enabled: true}
            http_stream: {enabled: true}
            sse: {enabled: true}
            uni_sse: {enabled: true}
            uni_http_stream: {enabled: true}
            uni_websocket: {enabled: true}
            channel:
              without_namespace: {history_size: 100, history_ttl: 1h, force_recovery: true}
              namespaces:
                - name: live
            """;

    final CardeaServer server;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    /**
     * @param more keys and their values
     */
    HttpDoors(String... more) throws IOException, BadConfig {
        ConfigLoader loader =
                ConfigLoader.text("test.yaml", OPEN)
                        .flag("test", "http_server.address", "127.0.0.1")
                        .flag("test", "http_server.port", "0")
                        .flag("test", "event_loops", "2");
        for (int i = 0; i < more.length; i += 2) loader.flag("test", more[i], more[i + 1]);
        server = CardeaServer.start(loader.load().config(), null);
    }

    static String encoded(String text) {
        return URLEncoder.encode(text, UTF_8);
    }

    HttpRequest.Builder to(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
                .timeout(SOON);
    }

    HttpRequest.Builder post(String path, String body) {
        return to(path).POST(BodyPublishers.ofString(body));
    }

    HttpResponse<String> send(HttpRequest.Builder request)
            throws IOException, InterruptedException {
        return http.send(request.build(), BodyHandlers.ofString());
    }

    int status(HttpRequest.Builder request) throws IOException, InterruptedException {
        return send(request).statusCode();
    }

    JsonNode api(String method, String body) throws IOException, InterruptedException {
        HttpResponse<String> response = send(post("/api/" + method, body).header("X-API-Key", "k"));
        if (response.statusCode() != 200) throw new AssertionError(response + response.body());
        return JSON.readTree(response.body()).get("result");
    }

    void publish(String channel, int number) throws IOException, InterruptedException {
        api("publish", "{\"channel\":\"%s\",\"data\":%d}".formatted(channel, number));
    }

    Listening listen(HttpRequest.Builder request) throws IOException, InterruptedException {
        HttpResponse<InputStream> response =
                http.send(request.build(), BodyHandlers.ofInputStream());
        if (response.statusCode() != 200) throw new AssertionError(response.toString());
        return new Listening(response);
    }

    /** A WebSocket that only listens. */
    RawWebSocket webSocket(String query) throws IOException {
        return webSocketAt("/connection/uni_websocket" + query);
    }

    RawWebSocket webSocketAt(String path) throws IOException {
        return RawWebSocket.to("127.0.0.1", server.port()).path(path).connect(SOON);
    }

    Socket tcp() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
        socket.setSoTimeout((int) SOON.toMillis());
        return socket;
    }

    @Override
    public void close() {
        http.shutdownNow();
        server.close();
    }

    /**
     * @param id as an EventSource keeps it: that of the newest event which had one
     */
    record Event(String id, JsonNode data) {}

    /** A response that goes on. */
    static final class Listening implements AutoCloseable {
        final HttpResponse<InputStream> response;
        private final BufferedReader lines;
        private String id = "";

        Listening(HttpResponse<InputStream> response) {
            this.response = response;
            this.lines = new BufferedReader(new InputStreamReader(response.body(), UTF_8));
        }

        String header(String name) {
            return response.headers().firstValue(name).orElse("");
        }

        String line() throws IOException {
            String line = lines.readLine();
            if (line == null) throw new AssertionError("the stream has ended");
            return line;
        }

        boolean hasEnded() throws IOException {
            return lines.readLine() == null;
        }

        /** The next line of JSON. */
        JsonNode json() throws IOException {
            return JSON.readTree(line());
        }

        /** The next event, as the HTML standard reads them. */
        Event event() throws IOException {
            StringBuilder data = new StringBuilder();
            while (true) {
                String line = line();
                if (line.startsWith("id: ") || line.equals("id:")) id = line.substring(3).strip();
                else if (line.startsWith("data: ")) data.append(line, 6, line.length());
                else if (!line.isEmpty()) throw new AssertionError(line);
                else if (!data.isEmpty()) return new Event(id, JSON.readTree(data.toString()));
            }
        }

        List<Integer> numbers(int count) throws IOException {
            List<Integer> numbers = new ArrayList<>();
            while (numbers.size() < count) {
                JsonNode number = event().data().at("/pub/data");
                if (!number.isMissingNode()) numbers.add(number.asInt());
            }
            return numbers;
        }

        @Override
        public void close() throws IOException {
            lines.close();
        }
    }
}
