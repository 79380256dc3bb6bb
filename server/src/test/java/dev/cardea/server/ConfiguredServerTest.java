package dev.cardea.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cardea.server.config.ConfigLoader;
import dev.cardea.testkit.websocket.CentrifugeSocket;
import dev.cardea.testkit.websocket.HandshakeRefused;
import dev.cardea.testkit.websocket.Incoming;
import dev.cardea.testkit.websocket.RawWebSocket;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.centrifuge.Command;
import dev.cardea.wire.centrifuge.Publication;
import dev.cardea.wire.centrifuge.Push;
import dev.cardea.wire.centrifuge.Reply;
import dev.cardea.wire.centrifuge.SubscribeRequest;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** What keys of the configuration mean to clients of a server that was started with them. */
@Timeout(60)
final class ConfiguredServerTest {
    private static final Duration SOON = Duration.ofSeconds(20);

    /** Believes tokens that nobody has signed, so that a test can write them down. */
    private static final String BELIEVING = "insecure_skip_token_signature_verify: true";

    private @Nullable CardeaServer server;

    private void start(String yaml) throws Exception {
        String listen = "http_server: {address: 127.0.0.1, port: 0}\n";
        server =
                CardeaServer.start(
                        ConfigLoader.text("c.yaml", listen + yaml).load().config(), null);
    }

    @AfterEach
    void close() {
        if (server != null) server.close();
        server = null;
    }

    private RawWebSocket open() throws IOException {
        int port = Objects.requireNonNull(server).port();
        return RawWebSocket.to("127.0.0.1", port).path(CentrifugeSocket.PATH).connect(SOON);
    }

    private CentrifugeSocket connecting(String token) throws IOException {
        CentrifugeSocket client = CentrifugeSocket.json(open());
        client.send(new Command.Connect(1, token, Bytes.EMPTY, Map.of(), "", "", Map.of(), 0));
        return client;
    }

    private CentrifugeSocket connected(String token) throws IOException {
        CentrifugeSocket client = connecting(token);
        assertThat(client.answer(1, SOON)).isInstanceOf(Reply.Connect.class);
        return client;
    }

    private void isEnded(int code, String token) throws IOException {
        try (CentrifugeSocket client = connecting(token)) {
            assertThat(client.awaitEnd(SOON))
                    .isInstanceOfSatisfying(
                            Incoming.Close.class,
                            close -> assertThat(close.code()).isEqualTo(code));
        }
    }

    private static String token(String claims) {
        String signature = base64("x".repeat(32));
        return base64("{\"alg\":\"HS256\"}") + "." + base64(claims) + "." + signature;
    }

    private static String base64(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static int subscribe(CentrifugeSocket client, int id, String channel, String token)
            throws IOException {
        SubscribeRequest plain = SubscribeRequest.to(channel);
        client.send(
                new Command.Subscribe(
                        id,
                        new SubscribeRequest(
                                channel,
                                token,
                                false,
                                plain.epoch(),
                                0,
                                plain.data(),
                                false,
                                false,
                                false,
                                "",
                                null,
                                0,
                                0)));
        return client.answer(id, SOON) instanceof Reply.Error error ? error.code() : 0;
    }

    @Test
    void withoutATokenOnlyThoseComeInWhoMayBeAnonymous() throws Exception {
        start("");
        isEnded(3501, "");
        close();
        start("client: {allow_anonymous_connect_without_token: true}");
        connected("").close();
    }

    @Test
    void aTokenOfNobodyIsRefusedWhereThatIsSaid() throws Exception {
        start("client: {" + BELIEVING + "}");
        connected(token("{}")).close();
        close();
        start("client: {disallow_anonymous_connection_tokens: true, " + BELIEVING + "}");
        isEnded(3507, token("{}"));
        connected(token("{\"sub\":\"alice\"}")).close();
    }

    @Test
    void signaturesAreCheckedUnlessTheOperatorInsists() throws Exception {
        start("client: {token: {hmac_secret_key: a-secret-that-is-long-enough-for-hs256}}");
        isEnded(3500, token("{\"sub\":\"alice\"}"));
        close();
        start("client: {" + BELIEVING + "}");
        connected(token("{\"sub\":\"alice\"}")).close();
    }

    @Test
    void subscriptionTokensHaveTheirOwnRulesWhereTheyAreOn() throws Exception {
        String rules = "subscription_token: {enabled: %s, issuer: rooms}";
        String ofRooms = token("{\"sub\":\"alice\",\"channel\":\"$a\",\"iss\":\"rooms\"}");
        String ofNobody = token("{\"sub\":\"alice\",\"channel\":\"$b\"}");
        start("client: {" + BELIEVING + ", " + rules.formatted(true) + "}");
        try (CentrifugeSocket alice = connected(token("{\"sub\":\"alice\"}"))) {
            assertThat(subscribe(alice, 2, "$a", ofRooms)).isZero();
            assertThat(subscribe(alice, 3, "$b", ofNobody)).isEqualTo(103);
        }
        close();
        start("client: {" + BELIEVING + ", " + rules.formatted(false) + "}");
        try (CentrifugeSocket alice = connected(token("{\"sub\":\"alice\"}"))) {
            assertThat(subscribe(alice, 2, "$b", ofNobody)).isZero();
        }
    }

    @Test
    void theSignsInAChannelsNameAreThoseOfTheConfiguration() throws Exception {
        start(
                """
                client: {insecure_skip_token_signature_verify: true}
                channel:
                  private_prefix: "!"
                  namespace_boundary: "/"
                  user_boundary: "@"
                  user_separator: ";"
                  namespaces:
                    - {name: talk, allow_user_limited_channels: true}
                    - {name: open, allow_subscribe_for_client: true}
                """);
        try (CentrifugeSocket alice = connected(token("{\"sub\":\"alice\"}"))) {
            assertThat(subscribe(alice, 2, "talk/x@bob;alice", "")).isZero();
            assertThat(subscribe(alice, 3, "talk/x@bob,alice", "")).isEqualTo(103);
            assertThat(subscribe(alice, 4, "talk/x#alice", "")).isEqualTo(103);
            assertThat(subscribe(alice, 5, "open/x", "")).isZero();
            assertThat(subscribe(alice, 6, "!open/x", "")).isEqualTo(103);
            assertThat(subscribe(alice, 7, "open:x", "")).isEqualTo(103); // without a namespace
            assertThat(subscribe(alice, 8, "else/x", "")).isEqualTo(102);
        }
    }

    @Test
    void newConnectionsInASecondAreBounded() throws Exception {
        start("client: {connection_rate_limit: 2}");
        List<RawWebSocket> opened = new ArrayList<>();
        // no machine takes seconds for these
        assertThatThrownBy(
                        () -> {
                            for (int i = 0; i < 50; i++) opened.add(open());
                        })
                .isInstanceOfSatisfying(
                        HandshakeRefused.class,
                        refused -> assertThat(refused.status()).isEqualTo(503));
        for (RawWebSocket each : opened) each.close();
        assertThat(opened).hasSizeGreaterThanOrEqualTo(2);
    }

    private int post(String path, int bytes) throws Exception {
        return post(path, "x".repeat(bytes)).statusCode();
    }

    private HttpResponse<String> post(String path, String body) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + Objects.requireNonNull(server).port() + path);
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpRequest request =
                    HttpRequest.newBuilder(uri)
                            .timeout(SOON)
                            .POST(BodyPublishers.ofString(body))
                            .build();
            return http.send(request, BodyHandlers.ofString());
        }
    }

    @Test
    void theNodeHasTheNameThatItIsGiven() throws Exception {
        start("node: {name: first-of-three}\nhttp_api: {insecure: true}");
        assertThat(post("/api/info", "{}").body()).contains("\"name\":\"first-of-three\"");
        close();
        start("http_api: {insecure: true}");
        assertThat(post("/api/info", "{}").body()).containsPattern("\"name\":\"[^\"]+_0\"");
    }

    @Test
    void whatTheBackendPublishesSaysWhenItWasAcceptedWhereTheNamespaceWantsIt() throws Exception {
        start(
                """
                client: {insecure: true}
                http_api: {insecure: true}
                channel: {namespaces: [{name: dated, publication_time: true}, {name: plain}]}
                """);
        try (CentrifugeSocket client = connected("")) {
            assertThat(subscribe(client, 2, "plain:a", "")).isZero();
            assertThat(subscribe(client, 3, "dated:a", "")).isZero();
            post("/api/publish", "{\"channel\":\"plain:a\",\"data\":{}}");
            assertThat(heard(client).timeMillis()).isZero();
            long before = System.currentTimeMillis();
            post("/api/publish", "{\"channel\":\"dated:a\",\"data\":{}}");
            assertThat(heard(client).timeMillis()).isBetween(before, System.currentTimeMillis());
        }
    }

    private static Publication heard(CentrifugeSocket client) throws IOException {
        Push push = client.await(Reply.Pushed.class, SOON).push();
        return ((Push.Pub) push).publication();
    }

    @Test
    void otherDoorsAreWhereAndAsWideAsTheConfigurationSays() throws Exception {
        start(
                """
                http_stream: {enabled: true, handler_prefix: /a, max_request_body_size: 100}
                sse: {enabled: true, handler_prefix: /b, max_request_body_size: 200}
                emulation: {handler_prefix: /c, max_request_body_size: 300}
                uni_sse: {enabled: true, handler_prefix: /d, max_request_body_size: 400}
                uni_http_stream: {enabled: true, handler_prefix: /e, max_request_body_size: 500}
                """);
        String[] doors = {"/a", "/b", "/c", "/d", "/e"};
        for (int i = 0; i < doors.length; i++) {
            assertThat(post(doors[i], 100 * (i + 1))).as(doors[i]).isNotIn(404, 413);
            assertThat(post(doors[i], 100 * (i + 1) + 1)).as(doors[i]).isEqualTo(413);
        }
        String[] usual = {
            "/connection/http_stream",
            "/connection/sse",
            "/emulation",
            "/connection/uni_sse",
            "/connection/uni_http_stream"
        };
        for (String path : usual) assertThat(post(path, 2)).as(path).isEqualTo(404);
        close();
        start("");
        for (String path : usual) assertThat(post(path, 2)).as(path).isEqualTo(404);
    }

    @Test
    void thereAreAsManyEventLoopsAsTheConfigurationSays() throws Exception {
        start("event_loops: 3\nprometheus: {enabled: true}");
        int port = Objects.requireNonNull(server).port();
        try (HttpClient http = HttpClient.newHttpClient()) {
            URI uri = URI.create("http://127.0.0.1:" + port + "/metrics");
            HttpRequest request = HttpRequest.newBuilder(uri).timeout(SOON).build();
            assertThat(http.send(request, BodyHandlers.ofString()).body())
                    .contains("\ncardea_event_loops 3.0\n");
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX) // where all of 127.0.0.0/8 is this machine
    void internalEndpointsListenAtTheirOwnAddress() throws Exception {
        String yaml =
                """
                http_server:
                  address: 127.0.0.1
                  port: 0
                  internal_address: 127.0.0.2
                  internal_port: 0
                health: {enabled: true}
                """;
        CardeaServer both =
                CardeaServer.start(ConfigLoader.text("c.yaml", yaml).load().config(), null);
        server = both;
        String end = ":" + both.internalPort() + "/health";
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpRequest.Builder request = HttpRequest.newBuilder().timeout(SOON);
            HttpRequest internal = request.uri(URI.create("http://127.0.0.2" + end)).build();
            assertThat(http.send(internal, BodyHandlers.discarding()).statusCode()).isEqualTo(200);
            HttpRequest external = request.uri(URI.create("http://127.0.0.1" + end)).build();
            assertThatThrownBy(() -> http.send(external, BodyHandlers.discarding()))
                    .isInstanceOf(ConnectException.class);
        }
    }

    @Test
    void aMethodThatTheServerAnswersItselfHasTheNameThatItIsGiven() throws Exception {
        start(
                """
                client: {allow_anonymous_connect_without_token: true}
                rpc:
                  namespace_boundary: "/"
                  ping: {enabled: true, method: alive}
                  proxy: {endpoint: "http://127.0.0.1:1/"}
                  namespaces: [{name: closed}, {name: open, proxy_enabled: true}]
                """);
        try (CentrifugeSocket client = connected("")) {
            client.send(new Command.Rpc(2, "alive", Bytes.EMPTY));
            assertThat(client.answer(2, SOON)).isEqualTo(new Reply.Rpc(2, Bytes.EMPTY));
            for (String[] method :
                    new String[][] {{"ping", "108"}, {"closed/x", "108"}, {"else/x", "104"}}) {
                client.send(new Command.Rpc(3, method[0], Bytes.EMPTY));
                Reply.Error error = client.await(Reply.Error.class, SOON);
                assertThat(error.code()).as(method[0]).isEqualTo(Integer.parseInt(method[1]));
            }
        }
    }
}
