package dev.cardea.server.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cardea.server.CardeaServer;
import dev.cardea.server.config.ConfigLoader;
import dev.cardea.testkit.ScriptedClient;
import dev.cardea.testkit.websocket.CentrifugeSocket;
import dev.cardea.testkit.websocket.Incoming;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.centrifuge.Command;
import dev.cardea.wire.centrifuge.Push;
import dev.cardea.wire.centrifuge.Reply;
import dev.cardea.wire.centrifuge.SubscribeRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The server as it is started, with a backend that it asks. */
class ProxiedServerTest {
    private static final Duration SOON = Duration.ofSeconds(10);

    private final ScriptedBackend backend;
    private @Nullable CardeaServer server;

    ProxiedServerTest() throws IOException {
        backend = new ScriptedBackend();
    }

    private void start(String config) throws Exception {
        String all =
                """
                http_server: {address: 127.0.0.1, port: 0}
                event_loops: 1
                """
                        + config.replace("BACKEND", backend.url(""));
        server = CardeaServer.start(ConfigLoader.text("c.yaml", all).load().config(), null);
    }

    private void close(@Nullable CardeaServer running) {
        if (running != null) running.close();
        server = null;
    }

    @AfterEach
    void close() throws IOException {
        close(server);
        backend.close();
    }

    @Test
    void theBackendSaysWhoConnects() throws Exception {
        start("client: {proxy: {connect: {enabled: true, endpoint: BACKEND/connect}}}");
        backend.answers("{\"result\":{\"user\":\"alice\",\"data\":{\"hello\":1}}}");
        try (CentrifugeSocket client = open()) {
            client.send(
                    new Command.Connect(
                            1,
                            "",
                            Bytes.utf8("{\"from\":\"test\"}"),
                            Map.of(),
                            "js",
                            "1.0",
                            Map.of(),
                            0));
            Reply.Connect connected = client.await(Reply.Connect.class, SOON);
            assertThat(connected.result().data().toUtf8()).isEqualTo("{\"hello\":1}");
            assertThat(backend.asked().getFirst().body())
                    .isEqualTo(
                            "{\"client\":\"%s\",\"transport\":\"websocket\",\"protocol\":\"json\",\"encoding\":\"json\",\"data\":{\"from\":\"test\"},\"name\":\"js\",\"version\":\"1.0\"}"
                                    .formatted(connected.result().client()));
        }
    }

    @Test
    void aRefusedConnectIsTheBackendsWords() throws Exception {
        start("client: {proxy: {connect: {enabled: true, endpoint: BACKEND/connect}}}");
        backend.answers("{\"error\":{\"code\":1000,\"message\":\"banned\"}}");
        try (CentrifugeSocket client = open()) {
            client.send(ScriptedClient.connectCommand(1, ""));
            assertThat(client.await(Reply.Error.class, SOON))
                    .isEqualTo(new Reply.Error(1, 1000, "banned", false));
        }
        backend.answers("{\"disconnect\":{\"code\":4501,\"reason\":\"banned\"}}");
        try (CentrifugeSocket client = open()) {
            client.send(ScriptedClient.connectCommand(1, ""));
            assertThat(closing(client)).isEqualTo(4501);
        }
        backend.answers((_, out) -> out.write(ScriptedBackend.response("500 No", "")));
        try (CentrifugeSocket client = open()) {
            client.send(ScriptedClient.connectCommand(1, ""));
            assertThat(client.await(Reply.Error.class, SOON))
                    .isEqualTo(new Reply.Error(1, 100, "internal server error", true));
        }
        backend.answers("{}");
        try (CentrifugeSocket client = open()) {
            client.send(ScriptedClient.connectCommand(1, ""));
            assertThat(closing(client)).isEqualTo(3501);
        }
    }

    private static final String EVERYTHING =
            """
            client: {allow_anonymous_connect_without_token: true}
            channel:
              proxy:
                subscribe: {endpoint: BACKEND/subscribe}
                publish: {endpoint: BACKEND/publish}
              namespaces:
                - name: chat
                  history_size: 10
                  history_ttl: 1h
                  subscribe_proxy_enabled: true
                  publish_proxy_enabled: true
            rpc:
              proxy: {endpoint: BACKEND/rpc, timeout: 5s}
              ping: {enabled: true}
              without_namespace: {proxy_enabled: true}
              namespaces: [{name: closed}]
            """;

    @Test
    void theBackendAnswersCalls() throws Exception {
        start(EVERYTHING);
        try (CentrifugeSocket client = connect()) {
            backend.answers("{\"result\":{\"data\":{\"year\":2026}}}");
            client.send(new Command.Rpc(2, "year", Bytes.utf8("[]")));
            assertThat(client.await(Reply.Rpc.class, SOON))
                    .isEqualTo(new Reply.Rpc(2, Bytes.utf8("{\"year\":2026}")));
            client.send(new Command.Rpc(3, "ping", Bytes.EMPTY));
            assertThat(client.await(Reply.Rpc.class, SOON))
                    .isEqualTo(new Reply.Rpc(3, Bytes.EMPTY));
            client.send(new Command.Rpc(4, "closed:x", Bytes.EMPTY));
            assertThat(client.await(Reply.Error.class, SOON).code()).isEqualTo(108);
            client.send(new Command.Rpc(5, "else:x", Bytes.EMPTY));
            assertThat(client.await(Reply.Error.class, SOON).code()).isEqualTo(104);
            assertThat(backend.asked()).hasSize(1);
            assertThat(backend.asked().getFirst().body())
                    .endsWith("\"user\":\"\",\"method\":\"year\",\"data\":[]}");
        }
    }

    @Test
    void theBackendDecidesWhoSubscribesAndWhatIsPublished() throws Exception {
        start(EVERYTHING);
        backend.answers((asked, out) ->
                out.write(
                        ScriptedBackend.ok(
                                switch (asked.path()) {
                                    case "/subscribe" ->
                                            "{\"result\":{\"data\":7,\"override\":{\"force_recovery\":{\"value\":true}}}}";
                                    default ->
                                            "{\"result\":{\"data\":\"censored\",\"tags\":{\"by\":\"us\"}}}";
                                })));
        try (CentrifugeSocket client = connect()) {
            client.send(new Command.Subscribe(2, SubscribeRequest.to("chat:1")));
            Reply.Subscribe subscribed = client.await(Reply.Subscribe.class, SOON);
            assertThat(subscribed.result().data().toUtf8()).isEqualTo("7");
            assertThat(subscribed.result().recoverable()).isTrue();
            client.send(new Command.Publish(3, "chat:1", Bytes.utf8("\"rude\""), 0, "", false));
            Push.Pub pub = (Push.Pub) client.await(Reply.Pushed.class, SOON).push();
            assertThat(pub.publication().data().toUtf8()).isEqualTo("\"censored\"");
            assertThat(pub.publication().tags()).isEqualTo(Map.of("by", "us"));
            backend.answers("{\"error\":{\"code\":403,\"message\":\"no\"}}");
            client.send(
                    new Command.Publish(4, "chat:1", Bytes.utf8("\"rude\""), 0, "", false),
                    new Command.Subscribe(5, SubscribeRequest.to("chat:2")));
            assertThat(client.await(Reply.Error.class, SOON))
                    .isEqualTo(new Reply.Error(4, 403, "no", false));
            assertThat(client.await(Reply.Error.class, SOON))
                    .isEqualTo(new Reply.Error(5, 403, "no", false));
        }
    }

    @Test
    void aBackendThatHangsHoldsUpNobodyElse() throws Exception {
        start(EVERYTHING);
        backend.answers((_, _) -> TimeUnit.MINUTES.sleep(1));
        try (CentrifugeSocket waiting = connect();
                CentrifugeSocket other = connect()) {
            waiting.send(new Command.Rpc(2, "slow", Bytes.EMPTY));
            other.send(new Command.Rpc(2, "ping", Bytes.EMPTY));
            assertThat(other.await(Reply.Rpc.class, Duration.ofSeconds(4)))
                    .isEqualTo(new Reply.Rpc(2, Bytes.EMPTY));
            assertThat(waiting.await(Reply.Error.class, SOON))
                    .isEqualTo(new Reply.Error(2, 100, "internal server error", true));
        }
    }

    @Test
    void theBackendIsToldOfEveryEnd() throws Exception {
        start(
                """
                client:
                  allow_anonymous_connect_without_token: true
                  proxy: {disconnect: {enabled: true, endpoint: BACKEND/gone}}
                """);
        int[] times = new int[1];
        backend.answers((_, out) ->
                out.write(
                        times[0]++ == 0
                                ? ScriptedBackend.response("500 No", "")
                                : ScriptedBackend.ok("{}")));
        String id;
        try (CentrifugeSocket client = open()) {
            client.send(ScriptedClient.connectCommand(1, ""));
            id = client.await(Reply.Connect.class, SOON).result().client();
            client.send(new Command.Connect(2, "", Bytes.EMPTY, Map.of(), "", "", Map.of(), 0));
            assertThat(closing(client)).isEqualTo(3501);
        }
        close(server); // waits for what is still to be told
        List<String> told = backend.asked().stream().map(ScriptedBackend.Asked::body).toList();
        String notice =
                "{\"client\":\"%s\",\"transport\":\"websocket\",\"protocol\":\"json\",\"encoding\":\"json\",\"user\":\"\",\"code\":3501,\"reason\":\"bad request\"}"
                        .formatted(id);
        assertThat(told).containsExactly(notice, notice);
    }

    // ---- clients ----

    private CentrifugeSocket open() throws IOException {
        return CentrifugeSocket.connectJson(
                "127.0.0.1", Objects.requireNonNull(server).port(), SOON);
    }

    private CentrifugeSocket connect() throws IOException {
        CentrifugeSocket client = open();
        client.send(ScriptedClient.connectCommand(1, ""));
        client.await(Reply.Connect.class, SOON);
        return client;
    }

    private static int closing(CentrifugeSocket client) throws IOException {
        return ((Incoming.Close) client.awaitEnd(SOON)).code();
    }
}
