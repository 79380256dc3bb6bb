package dev.cardea.interop;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The packaged server as a process of its own, with {@code server.yaml}. */
final class RunningServer implements AutoCloseable {
    private static final String CONFIG = "server.yaml";
    private static final String API_KEY = "interop-api-key";

    private final HttpClient http = HttpClient.newHttpClient();
    private final Process process;
    private final int port;

    private RunningServer(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    static RunningServer start() throws IOException {
        int port = freePort();
        List<String> command = new ArrayList<>(program());
        command.addAll(List.of("serve", "--config", CONFIG, "--port", String.valueOf(port)));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        var output = new Tape<String>();
        Thread.ofVirtual()
                .start(() -> {
                    try (var lines = process.inputReader().lines()) {
                        lines.forEach(output::add);
                    } finally {
                        output.add("ended");
                    }
                });
        String ready = "Cardea is ready: http://localhost:" + port;
        List<String> lines =
                output.until(
                        seen ->
                                seen.stream()
                                        .anyMatch(line ->
                                                line.contains(ready) || line.equals("ended")),
                        ready);
        if (!process.isAlive()) throw new AssertionError("the server ended: " + lines);
        return new RunningServer(process, port);
    }

    /** CARDEA names another server with the same command line. */
    private static List<String> program() throws IOException {
        String other = System.getenv("CARDEA");
        if (other != null) return List.of(other);
        try (var jars =
                Files.newDirectoryStream(
                        Path.of("../server/target/cardea/lib"), "cardea-server-*.jar")) {
            String jar = jars.iterator().next().toString();
            String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
            return List.of(
                    java,
                    "-Xmx512m",
                    "--enable-native-access=ALL-UNNAMED",
                    "--sun-misc-unsafe-memory-access=allow",
                    "-cp",
                    jar,
                    "dev.cardea.server.Main");
        }
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    int port() {
        return port;
    }

    String url() {
        return "ws://localhost:" + port + "/connection/websocket";
    }

    /** Publishes by the HTTP API, as an application's backend does. */
    void publish(String channel, String json) throws IOException, InterruptedException {
        String body = "{\"channel\":\"" + channel + "\",\"data\":" + json + "}";
        HttpRequest request =
                HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/api/publish"))
                        .header("X-API-Key", API_KEY)
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build();
        HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() != 200 || response.body().contains("\"error\"")) {
            throw new AssertionError(response.statusCode() + " " + response.body());
        }
    }

    @Override
    public void close() {
        http.close();
        process.destroy();
        try {
            if (process.waitFor(20, TimeUnit.SECONDS)) return;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        process.destroyForcibly();
        throw new AssertionError("the server did not end within 20 s of SIGTERM");
    }
}
