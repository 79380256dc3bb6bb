package dev.cardea.server.hostile;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The doors that are an HTTP response which goes on, and what is said in requests of its own. */
@Timeout(90)
class HttpDoorsTest {
    private static final int MEBIBYTE = 1 << 20;
    private static final List<String> DOORS =
            List.of(
                    "/connection/http_stream",
                    "/connection/sse",
                    "/connection/uni_sse",
                    "/connection/uni_http_stream",
                    "/emulation");
    private static final String CONNECT = "{\"id\":1,\"connect\":{}}";

    private final HttpClient client = HttpClient.newHttpClient();
    private AttackedServer server;

    @BeforeEach
    void start() throws Exception {
        server =
                AttackedServer.start(
                        """
                        client: {insecure: true}
                        http_stream: {enabled: true}
                        sse: {enabled: true}
                        uni_sse: {enabled: true}
                        uni_http_stream: {enabled: true}
                        """);
    }

    /** Fails if the bystander has noticed anything. */
    @AfterEach
    void stop() throws IOException {
        client.shutdownNow();
        server.close();
    }

    private HttpRequest.Builder to(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
                .timeout(AttackedServer.SOON);
    }

    private HttpRequest.Builder post(String path, String body) {
        return to(path).POST(BodyPublishers.ofString(body));
    }

    private int status(HttpRequest.Builder request) throws Exception {
        return client.send(request.build(), BodyHandlers.discarding()).statusCode();
    }

    private String firstLine(HttpRequest.Builder request) throws Exception {
        try (InputStream body = client.send(request.build(), BodyHandlers.ofInputStream()).body()) {
            String line = new BufferedReader(new InputStreamReader(body, UTF_8)).readLine();
            return line == null ? "" : line;
        }
    }

    private String whole(HttpRequest.Builder request) throws Exception {
        return client.send(request.build(), BodyHandlers.ofString()).body();
    }

    @Test
    void aWrongMethodIs405() throws Exception {
        for (int round = 0; round < 20; round++) {
            for (String door : DOORS) {
                for (String method : List.of("PUT", "DELETE", "PATCH", "TRACE", "NONSENSE")) {
                    assertThat(status(to(door).method(method, BodyPublishers.noBody())))
                            .as("%s %s", method, door)
                            .isEqualTo(405);
                }
            }
            for (String door : List.of(DOORS.get(0), DOORS.get(3), DOORS.get(4))) {
                assertThat(status(to(door))).as(door).isEqualTo(405);
            }
        }
    }

    @Test
    void withoutAConnectRequestThereIsNoStream() throws Exception {
        for (int round = 0; round < 20; round++) {
            assertThat(status(to("/connection/sse"))).isEqualTo(400);
            assertThat(status(to("/connection/sse?cf_connect="))).isEqualTo(400);
            assertThat(status(to("/connection/uni_sse?cf_connect=%7B"))).isEqualTo(400);
            assertThat(status(post("/connection/uni_sse", "[]"))).isEqualTo(400);
            assertThat(status(post("/connection/uni_http_stream", ""))).isEqualTo(400);
            assertThat(whole(post("/connection/http_stream", ""))).contains("\"code\":3501");
        }
    }

    @Test
    void aContentTypeThatLiesIsABadRequest() throws Exception {
        for (int round = 0; round < 20; round++) {
            byte[] answer =
                    client.send(
                                    post("/connection/http_stream", CONNECT)
                                            .header("Content-Type", "application/octet-stream")
                                            .build(),
                                    BodyHandlers.ofByteArray())
                            .body();
            // a disconnect push in Protobuf, and the end
            assertThat(new String(answer, UTF_8)).contains("bad request");
            String octets = "\u000c\u0008\u0001\"\u0008";
            assertThat(whole(post("/connection/http_stream", octets))).contains("\"code\":3501");
            String request = "{\"node\":\"n\",\"session\":\"s\",\"data\":\"\"}";
            assertThat(
                            status(
                                    post("/emulation", request)
                                            .header("Content-Type", "application/octet-stream")))
                    .isEqualTo(400);
            // any other type is as good as JSON's: what is in it decides
            assertThat(
                            firstLine(
                                    post("/connection/http_stream", CONNECT)
                                            .header("Content-Type", "image/png")))
                    .startsWith("{\"id\":1,\"connect\":");
        }
    }

    @Test
    void unknownNodesAndSessionsAreNobodys() throws Exception {
        String node;
        try (InputStream body =
                client.send(
                                post("/connection/http_stream", CONNECT).build(),
                                BodyHandlers.ofInputStream())
                        .body()) {
            String line = new BufferedReader(new InputStreamReader(body, UTF_8)).readLine();
            node = line.replaceAll(".*\"node\":\"([^\"]*)\".*", "$1");
        }
        Memory memory = new Memory();
        for (int i = 0; i < 2000; i++) {
            boolean here = i % 2 == 0;
            String request =
                    "{\"node\":\"%s\",\"session\":\"%d\",\"data\":\"%s\"}"
                            .formatted(here ? node : "other-" + i, i, "x".repeat(1000));
            assertThat(status(post("/emulation", request))).isEqualTo(here ? 204 : 404);
        }
        assertThat(memory.grownBytes()).isLessThan(16 * MEBIBYTE);
    }

    @Test
    void aBodyOverTheLimitIs413HoweverLongItWouldGetAndIsNotKept() throws Exception {
        Memory memory = new Memory();
        for (String door : DOORS) {
            assertThat(status(post(door, "x".repeat(65_537)))).as(door).isEqualTo(413);
        }
        for (String door : DOORS) {
            for (String length : List.of("Content-Length: 1000000000000", CHUNKED)) {
                try (Socket socket = server.tcp()) {
                    assertThat(answerToEndlessBody(socket, door, length)).contains(" 413 ");
                }
            }
        }
        assertThat(memory.grownBytes()).isLessThan(16 * MEBIBYTE);
    }

    private static final String CHUNKED = "Transfer-Encoding: chunked";

    private static String answerToEndlessBody(Socket socket, String path, String length)
            throws IOException {
        OutputStream out = socket.getOutputStream();
        out.write(
                ("POST " + path + " HTTP/1.1\r\nHost: x\r\n" + length + "\r\n\r\n")
                        .getBytes(US_ASCII));
        boolean chunked = length.equals(CHUNKED);
        byte[] piece =
                ((chunked ? "1000\r\n" : "") + "x".repeat(4096) + (chunked ? "\r\n" : ""))
                        .getBytes(US_ASCII);
        try {
            for (int i = 0; i < 100 && socket.getInputStream().available() == 0; i++) {
                out.write(piece);
            }
        } catch (IOException _) {
            // the server has stopped listening
        }
        return new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII))
                .readLine();
    }

    @Test
    void anEventIdThatIsNoneIsTakenForNone() throws Exception {
        for (String id :
                List.of(
                        "\n\ndata: {}",
                        "x".repeat(4000),
                        "0:0",
                        "\u0000",
                        "💡",
                        "a:1,".repeat(500))) {
            String query = "?lastEventId=" + URLEncoder.encode(id, UTF_8);
            try (InputStream body =
                    client.send(
                                    to("/connection/uni_sse" + query).build(),
                                    BodyHandlers.ofInputStream())
                            .body()) {
                var lines = new BufferedReader(new InputStreamReader(body, UTF_8));
                String line = "";
                while (!line.startsWith("data: ")) line = lines.readLine();
                assertThat(line).startsWith("data: {\"connect\":{").doesNotContain("recovered");
            }
        }
    }
}
