package dev.cardea.server.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cardea.wire.Bytes;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class HttpConnectionTest {
    private final BlockingQueue<Responder> waiting = new LinkedBlockingQueue<>();
    private final RunningServer server =
            new RunningServer(
                    HttpRoutes.builder()
                            .get("/hello", (request, to) -> to.respond(Response.text(200, "hello")))
                            .post("/echo", HttpConnectionTest::echo, 1000)
                            .get("/later", (request, to) -> waiting.add(to))
                            .get("/parameter", HttpConnectionTest::parameter)
                            .get("/broken", HttpConnectionTest::fail)
                            .crossOrigin("POST", "/shared", HttpConnectionTest::echo, 1000)
                            .origins((origin, head) -> origin.equals("https://good.example"))
                            .build(),
                    HttpLimits.DEFAULT);
    private final HttpClient client = HttpClient.newHttpClient();

    @AfterEach
    void close() {
        client.close();
        server.close();
    }

    @Test
    void aGetIsAnswered() throws Exception {
        HttpResponse<String> response = get("/hello");
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEqualTo("hello");
        assertThat(response.headers().firstValue("Content-Type"))
                .hasValue("text/plain; charset=utf-8");
        assertThat(response.headers().firstValue("Date")).isPresent();
    }

    @Test
    void aConnectionIsUsedAgainAndHeadHasNoBody() throws Exception {
        try (RunningServer.Raw raw = server.open()) {
            raw.send("HEAD /hello HTTP/1.1\r\nHost: x\r\n\r\n");
            assertThat(raw.head()).startsWith("HTTP/1.1 200").contains("content-length: 5\r\n");
            raw.send("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n");
            assertThat(raw.response()).startsWith("HTTP/1.1 200").endsWith("\r\n\r\nhello");
            raw.send("GET /none HTTP/1.1\r\nHost: x\r\n\r\n");
            assertThat(raw.response()).startsWith("HTTP/1.1 404");
            raw.send("GET /hello HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
            assertThat(raw.rest()).contains("connection: close\r\n").endsWith("hello");
        }
    }

    @Test
    void http10ClosesUnlessAskedNotTo() throws Exception {
        try (RunningServer.Raw raw = server.open()) {
            raw.send("GET /hello HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
            assertThat(raw.response()).contains("connection: keep-alive").endsWith("hello");
            raw.send("GET /hello HTTP/1.0\r\n\r\n");
            assertThat(raw.rest()).endsWith("hello");
        }
    }

    @Test
    void aBodyComesBackWhateverItsFraming() throws Exception {
        assertThat(post("/echo", "a".repeat(1000)).body()).isEqualTo("a".repeat(1000));
        try (RunningServer.Raw raw = server.open()) {
            raw.send("POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
            raw.send("3\r\nabc\r\n").send("2;x=y\r\nde\r\n0\r\n\r\n");
            assertThat(raw.response()).endsWith("\r\n\r\nabcde");
        }
    }

    @Test
    void aLongBodyIsRefusedByItsLengthOrWhenItGetsThere() throws Exception {
        assertThat(post("/echo", "a".repeat(1001)).statusCode()).isEqualTo(413);
        try (RunningServer.Raw raw = server.open()) {
            raw.send("POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
            raw.send("3e8\r\n" + "a".repeat(1000) + "\r\n1\r\nb\r\n");
            assertThat(raw.rest()).startsWith("HTTP/1.1 413");
        }
    }

    @Test
    void theRefusalOfAnUploadIsReadThoughMoreWasSent() throws Exception {
        try (RunningServer.Raw raw = server.open()) {
            raw.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 2000000\r\n\r\n");
            raw.send("a".repeat(2_000_000));
            assertThat(raw.rest()).startsWith("HTTP/1.1 413").endsWith("the body is too long");
        }
    }

    @Test
    void aClientThatAsksFirstIsToldToGoOn() throws Exception {
        try (RunningServer.Raw raw = server.open()) {
            raw.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n");
            raw.send("Expect: 100-continue\r\n\r\n");
            assertThat(raw.head()).isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");
            raw.send("ab").send("HEAD /hello HTTP/1.1\r\nHost: x\r\n\r\n");
            assertThat(raw.response()).startsWith("HTTP/1.1 200").endsWith("ab");
            assertThat(raw.head()).startsWith("HTTP/1.1 200");
        }
    }

    @ParameterizedTest
    @CsvSource({"100-continue, 2000, 413", "magic, 2, 417"})
    void anExpectationThatCannotBeMetIsRefusedAtOnce(String expect, int length, int status)
            throws Exception {
        try (RunningServer.Raw raw = server.open()) {
            raw.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: " + length + "\r\n");
            raw.send("Expect: " + expect + "\r\n\r\n");
            assertThat(raw.rest()).startsWith("HTTP/1.1 " + status);
        }
    }

    @Test
    void aWrongMethodIsToldTheRightOnes() throws Exception {
        HttpResponse<String> response = post("/hello", "");
        assertThat(response.statusCode()).isEqualTo(405);
        assertThat(response.headers().firstValue("Allow")).hasValue("GET, HEAD, OPTIONS");
        assertThat(post("/hello", "with a body").statusCode()).isEqualTo(405);
    }

    @Test
    void tooLongLinesAndHeadersHaveAStatusEach() throws Exception {
        try (RunningServer.Raw raw = server.open()) {
            raw.send("GET /" + "a".repeat(9000) + " HTTP/1.1\r\nHost: x\r\n\r\n");
            assertThat(raw.rest()).startsWith("HTTP/1.1 414");
        }
        try (RunningServer.Raw raw = server.open()) {
            raw.send("GET /hello HTTP/1.1\r\nHost: x\r\nX: " + "a".repeat(17_000) + "\r\n\r\n");
            assertThat(raw.rest()).startsWith("HTTP/1.1 431");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /hello HTTP/1.1\r\n\r\n",
                "GET /hello HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n",
                "GET /%zz HTTP/1.1\r\nHost: x\r\n\r\n",
                "GET /a%00b HTTP/1.1\r\nHost: x\r\n\r\n",
                "GET hello HTTP/1.1\r\nHost: x\r\n\r\n",
                "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: x\r\n\r\n",
                "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
                "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
                "nonsense\r\n\r\n"
            })
    void whatIsBrokenIs400AndTheEnd(String request) throws Exception {
        try (RunningServer.Raw raw = server.open()) {
            assertThat(raw.send(request).rest()).startsWith("HTTP/1.1 400");
        }
    }

    @Test
    void aTargetMayBeAWholeUrl() throws Exception {
        try (RunningServer.Raw raw = server.open()) {
            raw.send("GET http://x/parameter?p=a%20b+c HTTP/1.1\r\nHost: x\r\n\r\n");
            assertThat(raw.response()).endsWith("\r\n\r\na b c");
        }
    }

    @Test
    void pipelinedRequestsAreAnsweredInOrder() throws Exception {
        try (RunningServer.Raw raw = server.open()) {
            raw.send(
                    "GET /later HTTP/1.1\r\nHost: x\r\n\r\n"
                            + "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nab"
                            + "GET /later HTTP/1.1\r\nHost: x\r\n\r\n"
                            + "GET /hello HTTP/1.1\r\nHost: x\r\n\r\n");
            Responder first = waiting.take();
            assertThat(waiting).isEmpty();
            first.respond(Response.text(200, "first"));
            first.respond(Response.text(200, "again")); // is dropped
            assertThat(raw.response()).endsWith("first");
            assertThat(raw.response()).endsWith("ab");
            waiting.take().respond(Response.text(200, "third"));
            assertThat(raw.response()).endsWith("third");
            assertThat(raw.response()).endsWith("hello");
        }
    }

    @Test
    void aResponseForAClientThatHasLeftIsDropped() throws Exception {
        try (RunningServer.Raw raw = server.open()) {
            raw.send("GET /later HTTP/1.1\r\nHost: x\r\n\r\n");
        }
        waiting.take().respond(Response.text(200, "late"));
        assertThat(get("/hello").body()).isEqualTo("hello");
    }

    @Test
    void whatAnEndpointThrowsIs500() throws Exception {
        assertThat(get("/broken").statusCode()).isEqualTo(500);
    }

    @Test
    void pagesOfAllowedOriginsPassThePreflight() throws Exception {
        HttpResponse<String> response = preflight("/shared", "https://good.example");
        assertThat(response.statusCode()).isEqualTo(204);
        assertThat(response.headers().map())
                .containsEntry("access-control-allow-origin", List.of("https://good.example"))
                .containsEntry("access-control-allow-headers", List.of("x-a, x-b"))
                .containsEntry("access-control-allow-methods", List.of("POST, OPTIONS"))
                .containsEntry("vary", List.of("Origin"));
        HttpRequest post =
                HttpRequest.newBuilder(server.uri("/shared"))
                        .header("Origin", "https://good.example")
                        .POST(HttpRequest.BodyPublishers.ofString("hi"))
                        .build();
        assertThat(client.send(post, BodyHandlers.ofString()).headers().map())
                .containsEntry("access-control-allow-origin", List.of("https://good.example"))
                .containsEntry("access-control-allow-credentials", List.of("true"));
    }

    @Test
    void otherPagesAndOtherPathsDoNot() throws Exception {
        assertThat(preflight("/shared", "https://bad.example").headers().map())
                .doesNotContainKeys("access-control-allow-origin", "access-control-allow-methods");
        assertThat(preflight("/echo", "https://good.example").headers().map())
                .doesNotContainKey("access-control-allow-origin")
                .containsEntry("allow", List.of("POST, OPTIONS"));
    }

    private HttpResponse<String> preflight(String path, String origin) throws Exception {
        HttpRequest request =
                HttpRequest.newBuilder(server.uri(path))
                        .method("OPTIONS", HttpRequest.BodyPublishers.noBody())
                        .header("Origin", origin)
                        .header("Access-Control-Request-Method", "POST")
                        .header("Access-Control-Request-Headers", "x-a, x-b")
                        .build();
        return client.send(request, BodyHandlers.ofString());
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(server.uri(path)).build(), BodyHandlers.ofString());
    }

    private HttpResponse<String> post(String path, String body)
            throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(server.uri(path))
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build();
        return client.send(request, BodyHandlers.ofString());
    }

    private static void echo(Request request, Responder to) {
        to.respond(Response.of(200, "text/plain", request.body()));
    }

    private static void parameter(Request request, Responder to) {
        String value = request.head().parameter("p");
        to.respond(Response.of(200, "text/plain", Bytes.utf8(value == null ? "" : value)));
    }

    private static void fail(Request request, Responder to) {
        throw new IllegalStateException("as the test wants");
    }
}
