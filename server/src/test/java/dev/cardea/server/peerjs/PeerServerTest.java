package dev.cardea.server.peerjs;

import static dev.cardea.server.peerjs.PeerNode.OPEN;
import static dev.cardea.server.peerjs.PeerNode.SOON;
import static dev.cardea.server.peerjs.PeerNode.WITH_ANONYMOUS;
import static dev.cardea.server.peerjs.PeerNode.WITH_TOKENS;
import static dev.cardea.server.peerjs.PeerNode.ended;
import static dev.cardea.server.peerjs.PeerNode.jwt;
import static dev.cardea.server.peerjs.PeerNode.refusal;
import static dev.cardea.server.peerjs.PeerNode.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cardea.server.proxy.ScriptedBackend;
import dev.cardea.testkit.websocket.HandshakeRefused;
import dev.cardea.testkit.websocket.Incoming;
import dev.cardea.testkit.websocket.RawWebSocket;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What PeerServer's clients see of one server. */
@Timeout(60)
class PeerServerTest {
    @Test
    void peersFindEachOtherTakeOverAndLeave() throws Exception {
        try (PeerNode node = new PeerNode("peerjs: {expire_timeout: 100ms}");
                RawWebSocket ann = node.opened("ann");
                RawWebSocket old = node.opened("bob")) {
            ann.text("{\"type\":\"OFFER\",\"payload\":{\"x\":1},\"dst\":\"bob\",\"src\":\"eve\"}");
            assertThat(text(old))
                    .isEqualTo(
                            "{\"type\":\"OFFER\",\"src\":\"ann\",\"dst\":\"bob\",\"payload\":{\"x\":1}}");
            assertThat(refusal(node.peer("bob", "another"))).contains("ID-TAKEN");
            try (RawWebSocket bob = node.opened("bob")) {
                assertThat(old.next(SOON)).isInstanceOf(Incoming.Close.class);
                ann.text("{\"type\":\"OFFER\",\"payload\":2,\"dst\":\"bob\"}");
                assertThat(text(bob)).contains("\"payload\":2");
                bob.text("{\"type\":\"HEARTBEAT\"}");
                bob.text("{\"type\":\"EXPIRE\",\"dst\":\"ann\"}");
                bob.text("{\"type\":\"ANSWER\",\"payload\":3,\"dst\":\"ann\"}");
                assertThat(text(ann)).contains("ANSWER").contains("\"src\":\"bob\"");
                bob.text("{\"type\":\"LEAVE\"}");
                assertThat(bob.next(SOON)).isInstanceOf(Incoming.Close.class);
            }
            ann.text("{\"type\":\"OFFER\",\"payload\":4,\"dst\":\"bob\"}");
            assertThat(text(ann))
                    .isEqualTo("{\"type\":\"EXPIRE\",\"src\":\"bob\",\"dst\":\"ann\"}");
            String metrics = node.get("/metrics").body();
            assertThat(metrics)
                    .contains("cardea_peerjs_peers 1.0")
                    .contains("cardea_peerjs_taken_over_total 1.0")
                    .contains("cardea_peerjs_expired_total 1.0")
                    .contains("cardea_peerjs_refused_total{why=\"id_taken\"} 1.0")
                    .contains("cardea_peerjs_signals_total{to=\"peer\",type=\"offer\"} 2.0");
        }
    }

    @Test
    void whatIsWrongIsSaidInTheProtocolsOwnWords() throws Exception {
        try (PeerNode node = new PeerNode("")) {
            String[] missing = {"", "key=peerjs&id=a", "key=peerjs&id=&token=t", "id=a&token=t"};
            for (String each : missing)
                assertThat(refusal(node.dial(each)))
                        .isEqualTo(
                                "{\"type\":\"ERROR\",\"payload\":{\"msg\":\"No id, token, or key supplied"
                                        + " to websocket server\"}}");
            assertThat(refusal(node.dial("key=x&id=a&token=t"))).contains("Invalid key provided");
            assertThat(refusal(node.peer("%00", "t"))).contains("128 letters and digits");
            assertThat(refusal(node.peer("a".repeat(129), "t"))).contains("128 letters");
        }
    }

    @Test
    void idsAndDiscoveryAreServedToPagesOfAllowedOrigins() throws Exception {
        String origins = "client: {allowed_origins: [https://good.example]}\n";
        try (PeerNode node = new PeerNode(origins)) {
            HttpResponse<String> id =
                    node.get(
                            "/peerjs/peerjs/id?ts=1&version=1.5.5",
                            "Origin",
                            "https://good.example");
            assertThat(id.body()).matches("[0-9a-f-]{36}");
            assertThat(id.headers().firstValue("access-control-allow-origin"))
                    .contains("https://good.example");
            assertThat(node.get("/peerjs/peerjs/peers").statusCode()).isEqualTo(401);
            assertThat(node.get("/peerjs").body()).contains("\"name\"");
            assertThat(node.get("/peerjs/other/id").statusCode()).isEqualTo(404);
            var foreign =
                    RawWebSocket.to("127.0.0.1", node.server.port())
                            .path("/peerjs/peerjs?key=peerjs&id=a&token=t")
                            .header("Origin", "https://bad.example");
            assertThatThrownBy(() -> foreign.connect(SOON)).isInstanceOf(HandshakeRefused.class);
        }
        String other = "peerjs: {path: /rtc/signal, key: k-1, allow_discovery: true}";
        try (PeerNode node = new PeerNode(other);
                RawWebSocket ann =
                        RawWebSocket.to("127.0.0.1", node.server.port())
                                .path("/rtc/signal/peerjs?key=k-1&id=ann&token=t")
                                .connect(SOON)) {
            assertThat(text(ann)).isEqualTo(OPEN);
            assertThat(node.get("/rtc/signal/k-1/peers").body()).isEqualTo("[\"ann\"]");
        }
    }

    @Test
    void whereUsersAreKnownTheTokenIsAConnectionToken() throws Exception {
        try (PeerNode node = new PeerNode(WITH_TOKENS + ", own_ids: true}")) {
            assertThat(refusal(node.peer("ann", "guess"))).contains("Invalid token provided");
            assertThat(refusal(node.peer("ann", jwt("{\"sub\":\"ann\",\"exp\":1}"))))
                    .contains("The token has expired");
            assertThat(refusal(node.peer("bob", jwt("{\"sub\":\"ann\"}")))).contains("this user");
            assertThat(refusal(node.peer("anna", jwt("{\"sub\":\"ann\"}")))).contains("this user");
            String never = jwt("{\"sub\":\"ann\",\"exp\":32503680000}"); // the year 3000
            try (RawWebSocket ann = node.peer("ann", never)) {
                assertThat(text(ann)).isEqualTo(OPEN);
            }
            try (RawWebSocket old = node.peer("ann-phone", jwt("{\"sub\":\"ann\"}"))) {
                assertThat(text(old)).isEqualTo(OPEN);
                // the same user with a renewed token
                long soon = System.currentTimeMillis() / 1000 + 3;
                try (RawWebSocket ann =
                        node.peer("ann-phone", jwt("{\"sub\":\"ann\",\"exp\":" + soon + "}"))) {
                    assertThat(text(ann)).isEqualTo(OPEN);
                    assertThat(old.next(SOON)).isInstanceOf(Incoming.Close.class);
                    assertThat(ended(ann, 3005)).contains("The token has expired");
                }
            }
        }
    }

    @Test
    void whomTheApplicationPutsOutOrWhoseTokenItTakesBackIsOut() throws Exception {
        String annsToken = jwt("{\"sub\":\"ann\",\"jti\":\"phone\",\"iat\":1000}");
        try (PeerNode node = new PeerNode(WITH_TOKENS + "}");
                RawWebSocket bob = node.peer("bob", jwt("{\"sub\":\"bob\"}"))) {
            assertThat(text(bob)).isEqualTo(OPEN);
            try (RawWebSocket ann = node.peer("ann", annsToken)) {
                assertThat(text(ann)).isEqualTo(OPEN);
                assertThat(node.call("disconnect", "{\"user\":\"ann\",\"client\":\"ann\"}"))
                        .as("it has no client id")
                        .isEqualTo("{\"result\":{}}");
                node.call("refresh", "{\"user\":\"ann\",\"client\":\"ann\",\"expired\":true}");
                ann.text("{\"type\":\"OFFER\",\"payload\":1,\"dst\":\"ann\"}");
                assertThat(text(ann)).as("it was not meant").contains("OFFER");
                node.call("disconnect", "{\"user\":\"ann\"}");
                assertThat(ended(ann, 3503)).contains("ERROR", "force disconnect");
            }
            try (RawWebSocket ann = node.peer("ann", annsToken)) {
                assertThat(text(ann)).as("nobody said that it mustn't come back").isEqualTo(OPEN);
                node.call("revoke_token", "{\"uid\":\"phone\"}");
                assertThat(ended(ann, 3005)).contains("The token was taken back");
                assertThat(refusal(node.peer("ann", annsToken)))
                        .contains("The token was taken back");
            }
            String other = jwt("{\"sub\":\"ann\",\"iat\":2000}");
            try (RawWebSocket ann = node.peer("ann", other)) {
                assertThat(text(ann)).isEqualTo(OPEN);
                node.call("refresh", "{\"user\":\"ann\",\"expire_at\":32503680000}");
                node.call("invalidate_user_tokens", "{\"user\":\"ann\"}");
                assertThat(ended(ann, 3005)).contains("The token was taken back");
            }
            try (RawWebSocket ann =
                    node.peer("ann", jwt("{\"sub\":\"ann\",\"iat\":32503680000}"))) {
                assertThat(text(ann)).isEqualTo(OPEN);
                node.call("refresh", "{\"user\":\"ann\",\"expired\":true}");
                assertThat(ended(ann, 3005)).contains("connection expired");
            }
            try (RawWebSocket ann =
                    node.peer("ann", jwt("{\"sub\":\"ann\",\"iat\":32503680000}"))) {
                assertThat(text(ann)).isEqualTo(OPEN);
                node.call("refresh", "{\"user\":\"ann\",\"expire_at\":1}");
                assertThat(ended(ann, 3005)).contains("The token has expired");
            }
            bob.text("{\"type\":\"OFFER\",\"payload\":1,\"dst\":\"bob\"}");
            assertThat(text(bob)).as("nobody else noticed").contains("OFFER");
            assertThat(node.get("/metrics").body())
                    .contains("cardea_peerjs_disconnected_total 2.0")
                    .contains("cardea_peerjs_refused_total{why=\"token_revoked\"} 3.0");
        }
    }

    @Test
    void theBackendSaysWhoMayComeAndWhoMayNot() throws Exception {
        try (ScriptedBackend backend = new ScriptedBackend();
                PeerNode node =
                        new PeerNode(
                                "client: {proxy: {connect: {enabled: true, http_headers: [Cookie],"
                                        + " endpoint: \""
                                        + backend.url("/connect")
                                        + "\"}}}\npeerjs: {authenticate: true, own_ids: true}")) {
            backend.answers("{\"result\":{\"user\":\"ann\"}}");
            try (RawWebSocket ann =
                    RawWebSocket.to("127.0.0.1", node.server.port())
                            .header("Cookie", "session=1")
                            .path("/peerjs/peerjs?key=peerjs&id=ann&token=anything")
                            .connect(SOON)) {
                assertThat(text(ann)).isEqualTo(OPEN);
                assertThat(backend.asked().getFirst().headers())
                        .containsEntry("cookie", "session=1");
                assertThat(backend.asked().getFirst().body())
                        .contains("\"transport\":\"peerjs\"")
                        .contains("\"data\":{\"id\":\"ann\",\"token\":\"anything\"}");
                assertThat(refusal(node.peer("bob", "anything"))).contains("this user");
            }
            backend.answers("{\"error\":{\"code\":1001,\"message\":\"no\"}}");
            assertThat(refusal(node.peer("ann", "anything"))).contains("Invalid token provided");
            backend.answers("{\"disconnect\":{\"code\":4501,\"reason\":\"no\"}}");
            assertThat(refusal(node.peer("ann", "anything"))).contains("Invalid token provided");
            backend.answers("{\"error\":{\"code\":1002,\"message\":\"later\",\"temporary\":true}}");
            assertThat(refusal(node.peer("ann", "anything")))
                    .contains("can't be checked now, try again");
            backend.answers("nonsense");
            assertThat(refusal(node.peer("ann", "anything")))
                    .contains("can't be checked now, try again");
            int asked = backend.asked().size();
            assertThat(refusal(node.peer("ann", jwt("{\"sub\":\"ann\"}"))))
                    .as("a JWT is judged by its key alone, and there is none")
                    .contains("Invalid token provided");
            assertThat(backend.asked()).hasSize(asked);
        }
    }

    @Test
    void limitsAreThoseOfTheConfiguration() throws Exception {
        String limits =
                ", concurrent_limit: 2, peers_per_user: 1, queue_messages: 1, expire_timeout: 5m}";
        try (PeerNode node = new PeerNode(WITH_TOKENS + limits);
                RawWebSocket ann = node.peer("ann", jwt("{\"sub\":\"ann\"}"))) {
            assertThat(text(ann)).isEqualTo(OPEN);
            assertThat(refusal(node.peer("phone", jwt("{\"sub\":\"ann\"}"))))
                    .contains("as many peers as a user may have");
            try (RawWebSocket bob = node.peer("bob", jwt("{\"sub\":\"bob\"}"))) {
                assertThat(text(bob)).isEqualTo(OPEN);
                assertThat(refusal(node.peer("carl", jwt("{\"sub\":\"carl\"}"))))
                        .contains("concurrent user limit");
            }
            for (int i = 0; i < 2; i++)
                ann.text("{\"type\":\"OFFER\",\"payload\":1,\"dst\":\"carl\"}");
            assertThat(text(ann)).as("there is room for one").contains("EXPIRE");
        }
    }

    @Test
    void quotasCountTheAddressThatTheProxyNames() throws Exception {
        try (PeerNode node = new PeerNode("peerjs: {peers_per_address: 1, proxied: true}")) {
            var from =
                    RawWebSocket.to("127.0.0.1", node.server.port())
                            .header("X-Forwarded-For", "6.6.6.6, 203.0.113.7");
            try (RawWebSocket one =
                    from.path("/peerjs/peerjs?key=peerjs&id=a&token=t").connect(SOON)) {
                assertThat(text(one)).isEqualTo(OPEN);
                assertThat(
                                refusal(
                                        from.path("/peerjs/peerjs?key=peerjs&id=b&token=t")
                                                .connect(SOON)))
                        .contains("as many peers from this address");
                String[] same = {
                    "203.0.113.7",
                    "9.9.9.9, 203.0.113.7",
                    "9.9.9.9\r\nX-Forwarded-For: 6.6.6.6, 203.0.113.7"
                };
                for (String each : same)
                    assertThat(refusal(from.header("X-Forwarded-For", each).connect(SOON)))
                            .as(each)
                            .contains("as many peers from this address");
                node.opened("c").close();
            }
        }
        // nobody's word for it where there is no proxy
        try (PeerNode node = new PeerNode("peerjs: {peers_per_address: 1}");
                RawWebSocket one = node.opened("a")) {
            assertThat(
                            refusal(
                                    RawWebSocket.to("127.0.0.1", node.server.port())
                                            .header("X-Forwarded-For", "203.0.113.7")
                                            .path("/peerjs/peerjs?key=peerjs&id=b&token=t")
                                            .connect(SOON)))
                    .contains("as many peers from this address");
            assertThat(one.localPort()).isPositive();
        }
    }

    @Test
    void nobodyKnownIsNobodyElse() throws Exception {
        try (PeerNode node = new PeerNode(WITH_ANONYMOUS + "}");
                RawWebSocket ann = node.peer("ann", jwt("{\"sub\":\"ann\"}"));
                RawWebSocket guest = node.peer("guest", "ann")) {
            assertThat(text(ann)).isEqualTo(OPEN);
            assertThat(text(guest)).as("it is anonymous").isEqualTo(OPEN);
            assertThat(refusal(node.peer("ann", "ann"))).contains("ID-TAKEN");
            assertThat(refusal(node.peer("ann", "user%20ann"))).contains("ID-TAKEN");
        }
        try (PeerNode node = new PeerNode(WITH_ANONYMOUS + ", own_ids: true}")) {
            assertThat(refusal(node.peer("guest", "ann"))).as("it has none").contains("this user");
        }
    }

    @Test
    void whoSaysOneThingAfterTheOtherIsReadAsFastAsAllowed() throws Exception {
        try (PeerNode node = new PeerNode("peerjs: {messages_per_second: 10}");
                RawWebSocket ann = node.opened("ann")) {
            long beganNanos = System.nanoTime();
            // fifty at once; each comes alone, so that nothing is left of a read for later
            for (int i = 0; i < 65; i++) {
                ann.text("{\"type\":\"OFFER\",\"payload\":" + i + ",\"dst\":\"ann\"}");
                assertThat(text(ann)).contains("\"payload\":" + i);
            }
            assertThat(Duration.ofNanos(System.nanoTime() - beganNanos))
                    .isGreaterThan(Duration.ofSeconds(1));
        }
    }

    @Test
    void whoHasGoneBeforeTheBackendAnswersGetsNoId() throws Exception {
        CompletableFuture<String> first = new CompletableFuture<>();
        try (ScriptedBackend backend = new ScriptedBackend();
                PeerNode node =
                        new PeerNode(
                                "client: {connection_limit: 1, proxy: {connect: {enabled: true, timeout:"
                                        + " 20s, endpoint: \""
                                        + backend.url("/connect")
                                        + "\"}}}\npeerjs: {authenticate: true}")) {
            backend.answers((asked, out) ->
                    out.write(
                            ScriptedBackend.ok(
                                    asked.body().contains("\"token\":\"first\"")
                                            ? first.join()
                                            : "{\"result\":{\"user\":\"bob\"}}")));
            node.peer("ann", "first").close();
            try (RawWebSocket bob = onceThereIsRoom(node, "bob")) {
                assertThat(text(bob)).as("the first has gone").isEqualTo(OPEN);
            }
            first.complete("{\"result\":{\"user\":\"ann\"}}");
            try (RawWebSocket ann = onceThereIsRoom(node, "ann")) {
                assertThat(text(ann)).isEqualTo(OPEN);
            }
        }
    }

    private static RawWebSocket onceThereIsRoom(PeerNode node, String id) throws IOException {
        long deadline = System.nanoTime() + SOON.toNanos();
        while (true) {
            try {
                return node.peer(id, "another");
            } catch (HandshakeRefused e) {
                if (System.nanoTime() - deadline > 0) throw e;
            }
        }
    }

    @Test
    void whoeverHasGoneLeavesItsIdAndItsPlaceToOthers() throws Exception {
        try (PeerNode node = new PeerNode("client: {connection_limit: 2}");
                RawWebSocket bob = node.opened("bob")) {
            RawWebSocket ann = node.opened("ann");
            assertThatThrownBy(() -> node.peer("carl", "t")).isInstanceOf(HandshakeRefused.class);
            ann.close();
            String said = "";
            long deadline = System.nanoTime() + SOON.toNanos();
            while (!said.equals(OPEN)) {
                assertThat(System.nanoTime()).isLessThan(deadline);
                try (RawWebSocket another = node.peer("ann", "another")) {
                    said = text(another);
                } catch (HandshakeRefused _) {
                    // the server hasn't noticed yet
                }
            }
            assertThat(bob.localPort()).isPositive();
        }
    }

    @Test
    void whoSpeaksStaysAndWhoAnswersNoPingIsGone() throws Exception {
        try (PeerNode node = new PeerNode("peerjs: {alive_timeout: 3s}");
                RawWebSocket ann = node.opened("ann");
                RawWebSocket silent = node.opened("silent")) {
            CompletableFuture<List<Incoming>> heard = new CompletableFuture<>();
            Thread.startVirtualThread(() -> heard.complete(untilTheEnd(silent)));
            while (!heard.isDone()) {
                ann.text("{\"type\":\"OFFER\",\"payload\":1,\"dst\":\"ann\"}");
                assertThat(text(ann)).contains("OFFER");
            }
            // it doesn't answer the close frame, either
            assertThat(heard.join())
                    .contains(new Incoming.Close(1008, "nothing was heard for too long"))
                    .endsWith(new Incoming.End())
                    .filteredOn(each -> each instanceof Incoming.Ping)
                    .hasSize(2);
        }
    }

    private static List<Incoming> untilTheEnd(RawWebSocket socket) {
        List<Incoming> all = new ArrayList<>();
        try {
            while (all.isEmpty() || !(all.getLast() instanceof Incoming.End))
                all.add(socket.next(SOON));
        } catch (IOException _) {
            // all of it hasn't come
        }
        return all;
    }

    @Test
    void aServerThatEndsTellsItsPeersToGoElsewhere() throws Exception {
        PeerNode node = new PeerNode("");
        RawWebSocket ann = node.opened("ann");
        Thread closing = Thread.ofVirtual().start(node::close);
        assertThat(ann.next(SOON)).isEqualTo(new Incoming.Close(1001, "the server ends"));
        ann.close();
        closing.join();
    }
}
