package dev.cardea.server.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cardea.server.CardeaServer;
import dev.cardea.server.config.ConfigLoader;
import dev.cardea.testkit.ScriptedClient;
import dev.cardea.testkit.websocket.CentrifugeSocket;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.centrifuge.Command;
import dev.cardea.wire.centrifuge.Reply;
import dev.cardea.wire.centrifuge.SubscribeRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Which backend is asked, and what it is told, as the configuration says. */
@Timeout(60)
class ProxyOptionsTest {
    private static final Duration SOON = Duration.ofSeconds(20);

    private final ScriptedBackend backend = new ScriptedBackend();
    private @Nullable CardeaServer server;

    ProxyOptionsTest() throws IOException {}

    private CentrifugeSocket connected(String config) throws Exception {
        String all = "http_server: {address: 127.0.0.1, port: 0}\n" + config;
        String yaml = all.replace("BACKEND", backend.url(""));
        server = CardeaServer.start(ConfigLoader.text("c.yaml", yaml).load().config(), null);
        int port = Objects.requireNonNull(server).port();
        CentrifugeSocket client = CentrifugeSocket.connectJson("127.0.0.1", port, SOON);
        client.send(ScriptedClient.connectCommand(1, ""));
        client.await(Reply.Connect.class, SOON);
        return client;
    }

    @AfterEach
    void close() throws IOException {
        if (server != null) server.close();
        backend.close();
    }

    private List<String> paths() {
        return backend.asked().stream().map(ScriptedBackend.Asked::path).toList();
    }

    @Test
    void whatAClientSaysWhenItSubscribesReachesTheBackend() throws Exception {
        backend.answers("{\"result\":{}}");
        try (CentrifugeSocket client =
                connected(
                        """
                        client: {allow_anonymous_connect_without_token: true}
                        channel:
                          proxy: {subscribe: {endpoint: BACKEND/subscribe}}
                          without_namespace: {subscribe_proxy_enabled: true}
                        """)) {
            client.send(
                    new Command.Subscribe(
                            2,
                            new SubscribeRequest(
                                    "news",
                                    "",
                                    false,
                                    "",
                                    0,
                                    Bytes.utf8("{\"seat\":7}"),
                                    false,
                                    false,
                                    false,
                                    "",
                                    null,
                                    0,
                                    0)));
            assertThat(client.answer(2, SOON)).isInstanceOf(Reply.Subscribe.class);
            assertThat(backend.asked().getFirst().body())
                    .contains("\"channel\":\"news\"", "\"data\":{\"seat\":7}");
        }
    }

    @Test
    void aBackendIsToldAConnectionsMetaWhereItWantsIt() throws Exception {
        backend.answers("{\"result\":{\"user\":\"alice\",\"meta\":{\"plan\":\"gold\"}}}");
        try (CentrifugeSocket client =
                connected(
                        """
                        client: {proxy: {connect: {enabled: true, endpoint: BACKEND/connect}}}
                        rpc:
                          proxy: {endpoint: BACKEND/told, include_connection_meta: true}
                          without_namespace: {proxy_enabled: true}
                          namespaces: [{name: bare, proxy_enabled: true, proxy_name: bare}]
                        proxies: [{name: bare, endpoint: BACKEND/bare}]
                        """)) {
            client.send(
                    new Command.Rpc(2, "x", Bytes.EMPTY),
                    new Command.Rpc(3, "bare:x", Bytes.EMPTY));
            client.answer(3, SOON);
            assertThat(paths()).containsExactly("/connect", "/told", "/bare");
            assertThat(backend.asked().get(1).body()).contains("\"meta\":{\"plan\":\"gold\"}");
            assertThat(backend.asked().get(2).body()).doesNotContain("gold");
        }
    }

    @Test
    void eachNamespaceAsksTheProxiesThatItNames() throws Exception {
        backend.answers("{\"result\":{\"expire_at\":1}}");
        try (CentrifugeSocket client =
                connected(
                        """
                        client: {allow_anonymous_connect_without_token: true}
                        channel:
                          proxy:
                            subscribe: {endpoint: BACKEND/default/subscribe}
                            publish: {endpoint: BACKEND/default/publish}
                          namespaces:
                            - {name: plain, subscribe_proxy_enabled: true, publish_proxy_enabled: true}
                            - name: own
                              subscribe_proxy_enabled: true
                              subscribe_proxy_name: other
                              publish_proxy_enabled: true
                              publish_proxy_name: third
                              sub_refresh_proxy_enabled: true
                              sub_refresh_proxy_name: renewer
                        rpc:
                          proxy: {endpoint: BACKEND/default/rpc}
                          without_namespace: {proxy_enabled: true}
                          namespaces: [{name: own, proxy_enabled: true, proxy_name: other}]
                        proxies:
                          - {name: other, endpoint: BACKEND/other}
                          - {name: third, endpoint: BACKEND/third}
                          - {name: renewer, endpoint: BACKEND/renewer}
                        """)) {
            client.send(
                    new Command.Subscribe(2, SubscribeRequest.to("plain:1")),
                    new Command.Subscribe(3, SubscribeRequest.to("own:1")),
                    new Command.Publish(4, "plain:1", Bytes.utf8("1"), 0, "", false),
                    new Command.Publish(5, "own:1", Bytes.utf8("1"), 0, "", false),
                    new Command.Rpc(6, "x", Bytes.EMPTY),
                    new Command.Rpc(7, "own:x", Bytes.EMPTY));
            client.answer(7, SOON);
            assertThat(paths())
                    .containsExactly(
                            "/default/subscribe",
                            "/other",
                            "/default/publish",
                            "/third",
                            "/default/rpc",
                            "/other");
        }
    }

    @Test
    void aSubscriptionIsRenewedByTheProxyThatItsNamespaceNames() throws Exception {
        long soon = System.currentTimeMillis() / 1000 + 1;
        backend.answers((asked, out) ->
                out.write(
                        ScriptedBackend.ok(
                                asked.path().equals("/subscribe")
                                        ? "{\"result\":{\"expire_at\":" + soon + "}}"
                                        : "{\"result\":{\"expire_at\":" + (soon + 600) + "}}")));
        try (CentrifugeSocket client =
                connected(
                        """
                        client: {allow_anonymous_connect_without_token: true, expired_sub_close_delay: 5s}
                        channel:
                          proxy: {subscribe: {endpoint: BACKEND/subscribe}}
                          without_namespace:
                            subscribe_proxy_enabled: true
                            sub_refresh_proxy_enabled: true
                            sub_refresh_proxy_name: renewer
                        proxies: [{name: renewer, endpoint: BACKEND/renewer}]
                        """)) {
            client.send(new Command.Subscribe(2, SubscribeRequest.to("news")));
            assertThat(client.answer(2, SOON)).isInstanceOf(Reply.Subscribe.class);
            long deadline = System.nanoTime() + SOON.toNanos();
            while (paths().size() < 2 && System.nanoTime() < deadline) Thread.onSpinWait();
            assertThat(paths()).containsExactly("/subscribe", "/renewer");
        }
    }
}
