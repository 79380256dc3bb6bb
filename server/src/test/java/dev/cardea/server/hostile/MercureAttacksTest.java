package dev.cardea.server.hostile;

import static dev.cardea.server.hostile.AttackedServer.SOON;
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
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.KeyPairGenerator;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What a Mercure hub may be sent, by anybody and by those who have a token. Beside the two clients
 * of channels there is a reader of the hub, who must get what is published for it, once and in
 * order, and nothing else.
 */
@Timeout(120)
@SuppressWarnings("NullAway.Init")
final class MercureAttacksTest {
    private static final String SECRET = "a-secret-that-is-more-than-thirty-two-bytes-long";
    private static final String HUB = "/.well-known/mercure";
    private static final String FORM = "application/x-www-form-urlencoded";
    private static final String PUBLISHER =
            Tokens.signed("{\"mercure\":{\"publish\":[\"*\"]}}", SECRET);

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private AttackedServer server;
    private BufferedReader reader;
    private int heard;

    @BeforeEach
    void start() throws Exception {
        server = hub("{key: " + SECRET + "}");
        reader = stream("topic=reader", "");
    }

    private static AttackedServer hub(String jwt) throws Exception {
        return AttackedServer.start(
                """
                client: {insecure: true}
                mercure:
                  enabled: true
                  anonymous: true
                  cors_origins: ["https://good.example"]
                  publish_origins: ["https://good.example"]
                  publisher_jwt: %s
                  subscriber_jwt: %s
                """
                        .formatted(jwt, jwt));
    }

    @AfterEach
    void neitherTheBystanderNorTheReaderHasNoticed() throws Exception {
        isHeard();
        isHeard();
        http.shutdownNow();
        server.close();
    }

    /** What is published for the reader is the next that it gets. */
    private void isHeard() throws Exception {
        String number = Integer.toString(++heard);
        assertThat(publish(PUBLISHER, "topic=reader&data=" + number)).isEqualTo(200);
        assertThat(nextData(reader)).isEqualTo(number);
    }

    private static String nextData(BufferedReader stream) throws IOException {
        while (true) {
            String line = stream.readLine();
            if (line == null) throw new IOException("the stream has ended");
            if (line.startsWith("event:")) throw new IOException("got " + line);
            if (line.startsWith("data: ")) return line.substring(6);
        }
    }

    private HttpRequest.Builder to(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
                .timeout(SOON);
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return http.send(request.build(), BodyHandlers.ofString());
    }

    /** Whose answer may come before all was sent: the connection may break then. */
    private int status(HttpRequest.Builder request) throws Exception {
        return http.send(request.build(), BodyHandlers.discarding()).statusCode();
    }

    private HttpRequest.Builder form(String body) {
        return to(HUB).header("Content-Type", FORM).POST(BodyPublishers.ofString(body));
    }

    private int publish(String token, String body) throws Exception {
        return status(form(body).header("Authorization", "Bearer " + token));
    }

    /** As long as a body may be. */
    private HttpRequest.Builder query(String query) {
        return to(HUB).header("Content-Type", FORM).method("QUERY", BodyPublishers.ofString(query));
    }

    private int subscribe(String query) throws Exception {
        return status(to(HUB + "?" + query));
    }

    private BufferedReader stream(String query, String lastEventId) throws Exception {
        HttpRequest.Builder request = query(query);
        if (!lastEventId.isEmpty()) request.header("Last-Event-ID", lastEventId);
        HttpResponse<InputStream> response =
                http.send(request.build(), BodyHandlers.ofInputStream());
        assertThat(response.statusCode()).isEqualTo(200);
        return new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /** As large as one may be, and each its own. */
    private static String template(int number) {
        return encoded("{a}".repeat(600) + "!" + number);
    }

    /** The longest of some round trips of the bystander. */
    private long slowestMillis(int rounds) throws InterruptedException {
        long slowest = 0;
        for (int i = 0; i < rounds; i++) {
            long before = System.nanoTime();
            server.bystander().await(1);
            slowest = Math.max(slowest, System.nanoTime() - before);
        }
        return slowest / 1_000_000;
    }

    @Test
    void uriTemplatesThatTakeLongLeaveOthersTheirTurns() throws Exception {
        for (int i = 0; i < 30; i++)
            stream("topic=" + template(2 * i) + "&topic=" + template(2 * i + 1), "");
        for (int i = 0; i < 20; i++) {
            assertThat(publish(PUBLISHER, "topic=" + "a".repeat(4000) + i)).isEqualTo(200);
            server.bystander().await(1);
        }
        isHeard();
    }

    @Test
    void aReplayThroughUriTemplatesThatTakeLongLeavesOthersTheirTurns() throws Exception {
        for (int i = 0; i < 1000; i++)
            assertThat(publish(PUBLISHER, "topic=" + "a".repeat(300) + i)).isEqualTo(200);
        for (int i = 0; i < 3; i++)
            stream("topic=" + template(2 * i) + "&topic=" + template(2 * i + 1), "earliest");
        assertThat(slowestMillis(60)).isLessThan(1000);
        isHeard();
    }

    @Test
    void patternsThatAreTooLargeAreRefused() throws Exception {
        for (String bomb :
                List.of(
                        "topic=" + encoded("{a:100}".repeat(100)),
                        "topic="
                                + template(1)
                                + "&topic="
                                + template(2)
                                + "&topic="
                                + template(3)
                                + "&topic="
                                + template(4),
                        "match_urlpattern=" + encoded("/((?:(?:a{100}){100}){100})"),
                        "match_urlpattern=" + encoded("/(a{1001})"),
                        "match_urlpattern="
                                + encoded("/(" + "(?:".repeat(500) + "a" + ")".repeat(500) + ")"),
                        "match_urlpattern=" + encoded("/((a+)+)"),
                        "match_urlpattern=" + encoded("/" + "(".repeat(2000)),
                        "match_urlpattern=/" + "a".repeat(4096)))
            assertThat(status(query(bomb))).as(bomb.substring(0, 30)).isEqualTo(400);
    }

    @Test
    void regularExpressionsThatWouldTakeOthersForEverTakeNoTime() throws Exception {
        List<BufferedReader> streams = new ArrayList<>();
        for (String regex : List.of("(?:a*)*b", "(?:a+)+b", "(?:a|aa)+b", "(?:a?){200}a{200}"))
            streams.add(stream("match=end&match_urlpattern=" + encoded("/(" + regex + ")"), ""));
        for (int i = 0; i < 20; i++)
            assertThat(publish(PUBLISHER, "topic=/" + "a".repeat(4000) + i)).isEqualTo(200);
        assertThat(slowestMillis(20)).isLessThan(1000);
        assertThat(publish(PUBLISHER, "topic=end&data=end")).isEqualTo(200);
        for (BufferedReader stream : streams) assertThat(nextData(stream)).isEqualTo("end");
    }

    @Test
    void moreTopicsThanMayBeAreRefused() throws Exception {
        assertThat(subscribe("topic=a&".repeat(1001))).isEqualTo(400);
        assertThat(subscribe("match=a&".repeat(101))).isEqualTo(400);
        assertThat(subscribe("topic=a&".repeat(100_000))).isEqualTo(414);
        for (String topics : List.of("topic=a&".repeat(100_000), "x&".repeat(500_000))) {
            assertThat(status(query(topics))).isEqualTo(400);
            assertThat(publish(PUBLISHER, topics)).isEqualTo(413);
        }
    }

    @Test
    void aTokenWithAMillionTopicsIsNotEvenRead() throws Exception {
        String million =
                Tokens.signed(
                        "{\"mercure\":{\"subscribe\":["
                                + "\"a\",".repeat(1_000_000)
                                + "\"a\"],\"publish\":[]}}",
                        SECRET);
        // A loop takes memory 4 MiB at a time, and keeps it for the next one; tokens that were kept
        // would take theirs each time.
        long grown = Long.MAX_VALUE;
        for (int i = 0; i < 6 && grown >= 8L << 20; i++) {
            Memory memory = new Memory();
            for (int j = 0; j < 3; j++) refuses(million);
            grown = memory.grownBytes();
        }
        assertThat(grown).isLessThan(8L << 20);
        String thousand =
                Tokens.signed(
                        "{\"mercure\":{\"subscribe\":[" + "\"a\",".repeat(1000) + "\"a\"]}}",
                        SECRET);
        assertThat(status(to(HUB + "?topic=a").header("Authorization", "Bearer " + thousand)))
                .isEqualTo(401);
    }

    /** However the token comes, its request is refused before all of it is there. */
    private void refuses(String token) throws IOException {
        for (String how :
                List.of(
                        "GET " + HUB + "?topic=a HTTP/1.1\r\nAuthorization: Bearer " + token,
                        "GET " + HUB + "?topic=a HTTP/1.1\r\nCookie: mercureAuthorization=" + token,
                        "GET " + HUB + "?topic=a&authorization=" + token + " HTTP/1.1",
                        "POST " + HUB + " HTTP/1.1\r\nAuthorization: Bearer " + token))
            assertThat(raw(how)).as(how.substring(0, 60)).isIn("431", "414");
    }

    /** The status of the answer to a head, as far as it is taken. */
    private String raw(String head) throws IOException {
        try (Socket socket = server.tcp()) {
            OutputStream out = socket.getOutputStream();
            Thread writer =
                    Thread.startVirtualThread(() -> {
                        try {
                            out.write(
                                    (head + "\r\nHost: x\r\n\r\n")
                                            .getBytes(StandardCharsets.US_ASCII));
                            out.flush();
                        } catch (IOException _) {
                            // it has heard enough
                        }
                    });
            BufferedReader in =
                    new BufferedReader(
                            new InputStreamReader(
                                    socket.getInputStream(), StandardCharsets.US_ASCII));
            String line = in.readLine();
            writer.interrupt();
            return line == null ? "nothing" : line.split(" ", 3)[1];
        }
    }

    @Test
    void whoHasNoRightPublishesNothing() throws Exception {
        String soon = Long.toString(System.currentTimeMillis() / 1000 + 100);
        String one =
                "{\"iss\":\"i\",\"aud\":\"a\",\"exp\":"
                        + soon
                        + ",\"authorization_details\":[{\"type\":"
                        + "\"https://mercure.rocks/authorization-detail\",\"actions\":[\"%s\"],"
                        + "\"topics\":[{\"match\":\"%s\"}]}]}";
        String form = "topic=reader&data=forged";
        assertThat(status(form(form))).isEqualTo(401);
        for (String claims :
                List.of(
                        "{}",
                        "{\"mercure\":{}}",
                        "{\"mercure\":{\"publish\":[]}}",
                        "{\"mercure\":{\"publish\":[\"other\",\"reader/{x}\"]}}",
                        "{\"mercure\":{\"subscribe\":[\"*\"]}}",
                        "{\"mercure\":{\"publish\":\"*\"}}",
                        "{\"mercure\":{\"publish\":[\"*\"]},\"exp\":1}"))
            assertThat(publish(Tokens.signed(claims, SECRET), form)).as(claims).isEqualTo(401);
        String at = "at+jwt";
        assertThat(publish(Tokens.signed(at, one.formatted("publish", "other"), SECRET), form))
                .isEqualTo(403);
        assertThat(publish(Tokens.signed(at, one.formatted("subscribe", "*"), SECRET), form))
                .isEqualTo(403);
        assertThat(publish(Tokens.signed(at, one.formatted("publish", "*"), "x" + SECRET), form))
                .isEqualTo(401);
        assertThat(publish(PUBLISHER, form + "&topic=" + HUB + "/subscriptions/a")).isEqualTo(400);
    }

    @Test
    void lineBreaksForgeNoFieldsAndNoHeaders() throws Exception {
        for (String field : List.of("id", "type", "topic"))
            for (String end : List.of("%0A", "%0D", "%0D%0A", "%00", "%C2%85", "%E2%80%A8%00"))
                assertThat(publish(PUBLISHER, "topic=reader&%s=x%sdata:y".formatted(field, end)))
                        .as(field + end)
                        .isEqualTo(400);
        BufferedReader whole = stream("topic=lines", "");
        String data = "a\n\nid: forged\r\revent: forged\r\n\r\nretry: 1\0\n:";
        assertThat(publish(PUBLISHER, "topic=lines&id=true&data=" + encoded(data))).isEqualTo(200);
        List<String> lines = new ArrayList<>();
        for (String line = whole.readLine(); !line.equals("data: :"); line = whole.readLine())
            lines.add(line);
        assertThat(lines)
                .containsExactly(
                        ":",
                        "id: true",
                        "data: a",
                        "data: ",
                        "data: id: forged",
                        "data: ",
                        "data: event: forged",
                        "data: ",
                        "data: retry: 1\0");
        String split = "x%0D%0ASet-Cookie:a=b";
        HttpResponse<InputStream> gap =
                http.send(
                        to(HUB + "?topic=a&lastEventID=" + split).build(),
                        BodyHandlers.ofInputStream());
        assertThat(gap.headers().firstValue("Set-Cookie")).isEmpty();
        assertThat(gap.headers().firstValue("Last-Event-ID")).contains("earliest");
        BufferedReader said =
                new BufferedReader(new InputStreamReader(gap.body(), StandardCharsets.UTF_8));
        assertThat(List.of(said.readLine(), said.readLine(), said.readLine()))
                .containsExactly(
                        ":",
                        "event: cardea-gap",
                        "data: {\"last_event_id\":\"x\\r\\nSet-Cookie:a=b\"}");
    }

    @Test
    void methodsTypesAndBodiesOfOtherKindsAreRefused() throws Exception {
        for (String method : List.of("PUT", "PATCH", "DELETE", "TRACE", "PROPFIND"))
            assertThat(status(to(HUB).method(method, BodyPublishers.noBody())))
                    .as(method)
                    .isEqualTo(405);
        for (String type : List.of("application/json", "multipart/form-data", "text/plain", "?")) {
            for (String method : List.of("POST", "QUERY")) {
                var request =
                        to(HUB).header("Content-Type", type)
                                .header("Authorization", "Bearer " + PUBLISHER)
                                .method(method, BodyPublishers.ofString("topic=reader&match=a"));
                assertThat(status(request)).as(method + type).isEqualTo(415);
            }
        }
        assertThat(publish(PUBLISHER, "topic=reader&data=%FF")).isEqualTo(400);
        String large = "topic=reader&data=" + "x".repeat(1024 * 1024);
        assertThat(publish(PUBLISHER, large)).isEqualTo(413);
        byte[] bytes = large.getBytes(StandardCharsets.US_ASCII);
        for (String method : List.of("POST", "QUERY")) {
            var chunked =
                    to(HUB).header("Content-Type", FORM)
                            .header("Authorization", "Bearer " + PUBLISHER)
                            .method(
                                    method,
                                    BodyPublishers.ofInputStream(
                                            () -> new java.io.ByteArrayInputStream(bytes)));
            assertThat(status(chunked)).isEqualTo(413);
        }
    }

    @Test
    void aTokenThatNeedsNoSignatureIsRefused() throws Exception {
        String claims = Tokens.base64("{\"mercure\":{\"publish\":[\"*\"],\"subscribe\":[\"*\"]}}");
        for (String none : List.of("none", "None", "NONE", "", "HS0")) {
            for (String type : List.of("JWT", "at+jwt")) {
                String head = Tokens.base64("{\"alg\":\"" + none + "\",\"typ\":\"" + type + "\"}");
                for (String signature : List.of("", Tokens.base64("x".repeat(32)))) {
                    String token = head + "." + claims + "." + signature;
                    assertThat(publish(token, "topic=reader&data=forged")).isEqualTo(401);
                    assertThat(subscribe("topic=a&authorization=" + token)).isEqualTo(401);
                }
            }
        }
    }

    /** RFC 8725 section 2.1. */
    @Test
    void aPublicKeyIsNotTakenForASecret() throws Exception {
        KeyPairGenerator pair = KeyPairGenerator.getInstance("RSA");
        pair.initialize(2048);
        byte[] der = pair.generateKeyPair().getPublic().getEncoded();
        String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        String pem = "-----BEGIN PUBLIC KEY-----\n" + base64 + "\n-----END PUBLIC KEY-----";
        String key = pem.replace("\n", "\\n");
        AttackedServer usual = server;
        try (AttackedServer other = hub("{algorithm: RS256, key: \"" + key + "\"}")) {
            server = other;
            String claims = "{\"mercure\":{\"publish\":[\"*\"]}}";
            for (String secret : List.of(pem, pem + "\n", key, base64))
                assertThat(publish(Tokens.signed(claims, secret), "topic=a")).isEqualTo(401);
        } finally {
            server = usual;
        }
    }

    @Test
    void pagesOfForeignOriginsPublishNothingAndReadNothing() throws Exception {
        for (String origin :
                List.of(
                        "https://bad.example",
                        "https://good.example.bad.example",
                        "http://good.example",
                        "https://good.example:8443",
                        "null",
                        "https://" + "good.".repeat(1000) + "example")) {
            for (String cookie : List.of("mercureAuthorization", "__Secure-mercure_access_token")) {
                var post =
                        form("topic=reader&data=forged")
                                .header("Origin", origin)
                                .header("Cookie", cookie + "=" + PUBLISHER);
                HttpResponse<String> refused = send(post);
                assertThat(refused.statusCode()).as(origin).isEqualTo(401);
                assertThat(refused.headers().firstValue("Access-Control-Allow-Origin")).isEmpty();
            }
            for (String method : List.of("OPTIONS", "HEAD")) {
                var request =
                        to(HUB + "?topic=a")
                                .header("Origin", origin)
                                .header("Access-Control-Request-Method", "POST")
                                .method(method, BodyPublishers.noBody());
                assertThat(send(request).headers().map().keySet())
                        .as(method + origin)
                        .noneMatch(name -> name.startsWith("access-control-allow-origin"));
            }
        }
    }
}
