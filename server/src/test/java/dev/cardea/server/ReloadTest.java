package dev.cardea.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cardea.server.auth.TokenIssuer;
import dev.cardea.server.config.Config;
import dev.cardea.server.config.ConfigLoader;
import dev.cardea.testkit.websocket.CentrifugeSocket;
import dev.cardea.testkit.websocket.HandshakeRefused;
import dev.cardea.testkit.websocket.Incoming;
import dev.cardea.testkit.websocket.RawWebSocket;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.centrifuge.Command;
import dev.cardea.wire.centrifuge.Reply;
import dev.cardea.wire.centrifuge.SubscribeRequest;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A new configuration while connections are open. */
@Timeout(60)
final class ReloadTest {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final String OLD = "an-old-secret-of-32-characters-or-more";
    private static final String NEW = "a-new-secret-of-32-characters-or-more!";

    private static Config config(String secret, String rest) throws Exception {
        return ConfigLoader.text("c.yaml", rest)
                .flag("test", "http_server.address", "127.0.0.1")
                .flag("test", "http_server.port", "0")
                .flag("test", "client.token.hmac_secret_key", secret)
                .load()
                .config();
    }

    private static RawWebSocket.Dial dial(CardeaServer server) {
        return RawWebSocket.to("127.0.0.1", server.port()).path(CentrifugeSocket.PATH);
    }

    private static CentrifugeSocket connect(CardeaServer server, Config signer) throws Exception {
        long now = System.currentTimeMillis() / 1000;
        String token = new TokenIssuer(signer.client().token()).connection("alice", now, now + 60);
        CentrifugeSocket client = CentrifugeSocket.json(dial(server).connect(SOON));
        client.send(new Command.Connect(1, token, Bytes.EMPTY, Map.of(), "", "", Map.of(), 0));
        return client;
    }

    private static Reply.Answer subscribe(CentrifugeSocket client, int id, String channel)
            throws Exception {
        client.send(new Command.Subscribe(id, SubscribeRequest.to(channel)));
        return client.answer(id, SOON);
    }

    @Test
    void namespacesTokensAndOriginsChangeUnderOpenConnections() throws Exception {
        Config before = config(OLD, "client: {allowed_origins: ['https://old.example']}");
        Config after =
                config(
                        NEW,
                        """
                        client: {allowed_origins: ['https://new.example']}
                        channel: {namespaces: [{name: chat, allow_subscribe_for_client: true}]}
                        """);
        try (CardeaServer server = CardeaServer.start(before, null);
                CentrifugeSocket open = connect(server, before)) {
            open.answer(1, SOON);
            assertThat(subscribe(open, 2, "chat:1"))
                    .isInstanceOfSatisfying(
                            Reply.Error.class, error -> assertThat(error.code()).isEqualTo(102));

            CardeaServer.Reloaded reloaded = server.reload(after);
            assertThat(reloaded.applied())
                    .containsExactly(
                            "client.allowed_origins",
                            "client.token.hmac_secret_key",
                            "channel.namespaces");
            assertThat(reloaded.pending()).isEmpty();

            assertThat(subscribe(open, 3, "chat:1")).isInstanceOf(Reply.Subscribe.class);
            try (CentrifugeSocket fresh = connect(server, after)) {
                assertThat(fresh.answer(1, SOON)).isInstanceOf(Reply.Connect.class);
            }
            try (CentrifugeSocket stale = connect(server, before)) {
                assertThat(stale.awaitEnd(SOON))
                        .isEqualTo(new Incoming.Close(3500, "invalid token"));
            }
            dial(server).header("Origin", "https://new.example").connect(SOON).close();
            org.assertj.core.api.Assertions.assertThatThrownBy(() ->
                            dial(server).header("Origin", "https://old.example").connect(SOON))
                    .isInstanceOf(HandshakeRefused.class);
        }
    }

    @Test
    void whatCannotChangeIsNamedUntilItIsTakenBack() throws Exception {
        Config before = config(OLD, "");
        try (CardeaServer server = CardeaServer.start(before, null)) {
            assertThat(server.reload(config(OLD, "event_loops: 3")).pending())
                    .containsExactly("event_loops");
            assertThat(server.reload(config(OLD, "event_loops: 3")).pending())
                    .containsExactly("event_loops");
            assertThat(server.reload(before).pending()).isEmpty();
        }
    }

    @Test
    void aNamespaceThatIsToAskABackendIsNotLetGoWithoutOne() throws Exception {
        Config before = config(OLD, "");
        Config after =
                config(
                        OLD,
                        """
                        channel:
                          proxy: {subscribe: {endpoint: 'http://127.0.0.1:1/'}}
                          namespaces:
                            - {name: chat, subscribe_proxy_enabled: true, allow_subscribe_for_client: true}
                        """);
        try (CardeaServer server = CardeaServer.start(before, null);
                CentrifugeSocket client = connect(server, before)) {
            client.answer(1, SOON);
            assertThat(server.reload(after).pending()).contains("channel.namespaces");
            assertThat(subscribe(client, 2, "chat:1"))
                    .isInstanceOfSatisfying(
                            Reply.Error.class, error -> assertThat(error.code()).isEqualTo(102));
        }
    }
}
