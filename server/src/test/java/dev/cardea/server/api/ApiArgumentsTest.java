package dev.cardea.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cardea.testkit.websocket.CentrifugeSocket;
import dev.cardea.wire.centrifuge.Push;
import dev.cardea.wire.centrifuge.Reply;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What arguments of the API mean that are given seldom. */
@SuppressWarnings("NullAway.Init")
class ApiArgumentsTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private ApiServer server;

    @BeforeEach
    void start() throws Exception {
        server = ApiServer.withKey();
    }

    @AfterEach
    void close() {
        server.close();
    }

    private JsonNode result(String method, String body) throws Exception {
        JsonNode answer = JSON.readTree(server.post("/api/" + method, body));
        assertThat(answer.has("result")).as("%s", answer).isTrue();
        return answer.get("result");
    }

    private static Push push(CentrifugeSocket client) throws Exception {
        return client.await(Reply.Pushed.class, ApiServer.SOON).push();
    }

    @Test
    void subscribeGivesWhatItSays() throws Exception {
        try (CentrifugeSocket alice = server.connect("alice")) {
            result(
                    "subscribe",
                    """
                    {"user":"alice","channel":"chat:a","info":{"seat":7},"data":{"hello":1},
                     "override":{"force_recovery":{"value":true}}}
                    """);
            Push.Subscribe subscribed = (Push.Subscribe) push(alice);
            assertThat(subscribed.channel()).isEqualTo("chat:a");
            assertThat(subscribed.data().toUtf8()).isEqualTo("{\"hello\":1}");
            assertThat(subscribed.recoverable()).isTrue();
            assertThat(result("presence", "{\"channel\":\"chat:a\"}").findValue("chan_info"))
                    .isEqualTo(JSON.readTree("{\"seat\":7}"));

            result(
                    "subscribe",
                    """
                    {"user":"alice","channel":"chat:b","b64info":"eyJzZWF0Ijo4fQ==",
                     "b64data":"eyJoZWxsbyI6Mn0=","override":{"presence":{"value":false}}}
                    """);
            assertThat(((Push.Subscribe) push(alice)).data().toUtf8()).isEqualTo("{\"hello\":2}");
            assertThat(result("presence", "{\"channel\":\"chat:b\"}").get("presence")).isEmpty();

            long past = System.currentTimeMillis() / 1000 - 10;
            assertThat(
                            server.post(
                                    "/api/subscribe",
                                    "{\"user\":\"alice\",\"channel\":\"chat:c\",\"expire_at\":"
                                            + past
                                            + "}"))
                    .contains("\"code\":107");
            result(
                    "subscribe",
                    "{\"user\":\"alice\",\"channel\":\"chat:c\",\"expire_at\":"
                            + (past + 1000)
                            + "}");
            assertThat(push(alice).channel()).isEqualTo("chat:c");
        }
    }

    @Test
    void infoAsBytesIsToldAsWell() throws Exception {
        try (CentrifugeSocket alice = server.connect("alice")) {
            result(
                    "subscribe",
                    "{\"user\":\"alice\",\"channel\":\"chat:d\",\"b64info\":\"eyJzZWF0Ijo4fQ==\"}");
            assertThat(push(alice).channel()).isEqualTo("chat:d");
            assertThat(result("presence", "{\"channel\":\"chat:d\"}").findValue("chan_info"))
                    .isEqualTo(JSON.readTree("{\"seat\":8}"));
        }
    }

    @Test
    void aBroadcastHeedsTheOptionsOfAPublication() throws Exception {
        try (CentrifugeSocket alice = server.connect("alice", "chat:1", "chat:2")) {
            String broadcast = "{\"channels\":[\"chat:1\",\"chat:2\"],\"data\":1%s}";
            String tagged = ",\"tags\":{\"a\":\"b\"},\"idempotency_key\":\"k\",\"version\":5";
            for (int i = 0; i < 2; i++) { // the second time nothing happens
                JsonNode answer = result("broadcast", broadcast.formatted(tagged));
                assertThat(answer.findValues("offset").toString()).isEqualTo("[1, 1]");
            }
            result("broadcast", broadcast.formatted(",\"version\":4"));
            result("broadcast", broadcast.formatted(",\"skip_history\":true"));
            result("broadcast", broadcast.formatted(",\"version\":1,\"version_epoch\":\"next\""));
            String bytes =
                    "{\"channels\":[\"chat:1\",\"chat:2\"],\"b64data\":\"Mg==\",\"delta\":true}";
            assertThat(result("broadcast", bytes).findValues("offset").toString())
                    .isEqualTo("[3, 3]");
            StringBuilder heard = new StringBuilder();
            for (int i = 0; i < 8; i++) {
                Push.Pub pub = (Push.Pub) push(alice);
                if (!pub.channel().equals("chat:1")) continue;
                heard.append(pub.publication().data().toUtf8())
                        .append('@')
                        .append(pub.publication().offset())
                        .append(pub.publication().tags())
                        .append(' ');
            }
            assertThat(heard.toString()).isEqualTo("1@1{a=b} 1@0{} 1@2{} 2@3{} ");
        }
    }

    @Test
    void whoIsMeantMayBeSaidByClient() throws Exception {
        try (CentrifugeSocket one = server.connect("alice");
                CentrifugeSocket two = server.connect("alice")) {
            String id = ((Reply.Connect) one.seen().getFirst()).result().client();
            String body = "{\"user\":\"%s\",\"client\":\"%s\",\"channel\":\"chat:one\"}";
            result("subscribe", body.formatted("bob", id)); // she isn't his
            result("subscribe", body.formatted("alice", id));
            assertThat(push(one).channel()).isEqualTo("chat:one");
            assertThat(result("channels", "{}").get("channels").toString())
                    .isEqualTo("{\"chat:one\":{\"num_clients\":1}}");
            assertThat(two.seen()).hasSize(1);
        }
    }
}
