package dev.cardea.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cardea.server.CardeaServer;
import dev.cardea.server.auth.TokenIssuer;
import dev.cardea.server.config.Config;
import dev.cardea.server.config.ConfigLoader;
import dev.cardea.testkit.websocket.CentrifugeSocket;
import dev.cardea.testkit.websocket.Incoming;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.centrifuge.Command;
import dev.cardea.wire.centrifuge.Reply;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A backend revokes tokens over HTTP while their bearers are connected. */
@SuppressWarnings("NullAway.Init")
class RevocationApiTest {
    private static final Duration SOON = Duration.ofSeconds(10);

    private final HttpClient http = HttpClient.newHttpClient();
    private CardeaServer server;
    private TokenIssuer issuer;

    @BeforeEach
    void start() throws Exception {
        Config config =
                ConfigLoader.text(
                                "c.yaml",
                                """
                                http_server: {address: 127.0.0.1, port: 0}
                                http_api: {key: k}
                                client: {token: {hmac_secret_key: a-secret-of-thirty-two-bytes-or-more}}
                                """)
                        .load()
                        .config();
        issuer = new TokenIssuer(config.client().token());
        server = CardeaServer.start(config, null);
    }

    @AfterEach
    void close() {
        http.close();
        server.close();
    }

    @Test
    void aUserIsPutOutAndComesBackWithANewerTokenOnly() throws Exception {
        long now = System.currentTimeMillis() / 1000;
        String old = issuer.connection("alice", now - 10, now + 100);
        String bobs = issuer.connection("bob", now - 10, now + 100);
        try (CentrifugeSocket alice = connect(old);
                CentrifugeSocket bob = connect(bobs)) {
            assertThat(api("invalidate_user_tokens", "{\"user\":\"alice\"}"))
                    .isEqualTo("{\"result\":{}}");
            assertThat(alice.awaitEnd(SOON))
                    .isEqualTo(new Incoming.Close(3005, "connection expired"));
            try (CentrifugeSocket again = dial(old)) {
                assertThat(((Reply.Error) again.answer(1, SOON)).code()).isEqualTo(109);
            }
            connect(issuer.connection("alice", now + 5, now + 100)).close();
            bob.send(new Command.PresenceStats(2, "x"));
            assertThat(bob.answer(2, SOON)).isInstanceOf(Reply.Error.class); // still there
        }
    }

    @Test
    void whatIsMissingOrOverIsABadRequest() throws Exception {
        String bad = "{\"error\":{\"code\":107,\"message\":\"bad request\"}}";
        assertThat(api("revoke_token", "{\"uid\":\"x\",\"expire_at\":0,\"new\":[1]}"))
                .isEqualTo("{\"result\":{}}");
        assertThat(api("revoke_token", "{}")).isEqualTo(bad);
        assertThat(api("revoke_token", "{\"uid\":\"x\",\"expire_at\":1}")).isEqualTo(bad);
        assertThat(api("invalidate_user_tokens", "{\"uid\":\"x\"}")).isEqualTo(bad);
        assertThat(api("invalidate_user_tokens", "{\"user\":\"a\",\"issued_before\":-1}"))
                .isEqualTo(bad);
        assertThat(
                        api(
                                "batch",
                                "{\"commands\":[{\"revoke_token\":{\"uid\":\"y\"}},"
                                        + "{\"revoke_token\":{}}]}"))
                .isEqualTo(
                        "{\"replies\":[{\"revoke_token\":{}},{\"error\":{\"code\":107,\"message\":"
                                + "\"bad request\"}}]}");
    }

    private CentrifugeSocket dial(String token) throws IOException {
        CentrifugeSocket client = CentrifugeSocket.connectJson("127.0.0.1", server.port(), SOON);
        client.send(new Command.Connect(1, token, Bytes.EMPTY, Map.of(), "", "", Map.of(), 0));
        return client;
    }

    private CentrifugeSocket connect(String token) throws IOException {
        CentrifugeSocket client = dial(token);
        assertThat(client.answer(1, SOON)).isInstanceOf(Reply.Connect.class);
        return client;
    }

    private String api(String method, String body) throws Exception {
        HttpRequest request =
                HttpRequest.newBuilder(
                                URI.create("http://127.0.0.1:" + server.port() + "/api/" + method))
                        .timeout(SOON)
                        .header("X-API-Key", "k")
                        .POST(BodyPublishers.ofString(body))
                        .build();
        return http.send(request, BodyHandlers.ofString()).body();
    }
}
