package dev.cardea.server.api;

import static dev.cardea.server.api.ApiServer.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cardea.messaging.session.Refusal;
import dev.cardea.testkit.websocket.CentrifugeSocket;
import dev.cardea.testkit.websocket.Incoming;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.centrifuge.Command;
import dev.cardea.wire.centrifuge.Push;
import dev.cardea.wire.centrifuge.Reply;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The bodies are Centrifugo's, to the byte. Each test has a channel of its own. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ApiEndpointTest {
    private final ApiServer server;

    ApiEndpointTest() throws IOException {
        server = ApiServer.withKey();
    }

    @BeforeAll
    void aChannelWithThreePublications() throws Exception {
        for (int i = 1; i <= 3; i++) publish("{\"channel\":\"chat:three\",\"data\":" + i + "}");
    }

    @AfterAll
    void close() {
        server.close();
    }

    private String publish(String body) throws Exception {
        return server.post("/api/publish", body);
    }

    // ---- publish ----

    @Test
    void aPublicationHasAPositionWhereThereIsHistory() throws Exception {
        assertThat(publish("{\"channel\":\"chat:position\",\"data\":{}}"))
                .isEqualTo("{\"result\":{\"offset\":1,\"epoch\":\"epoch\"}}");
        assertThat(publish("{\"channel\":\"news\",\"data\":{}}")).isEqualTo("{\"result\":{}}");
    }

    @Test
    void dataReachesTheSubscriberAsItWasWritten() throws Exception {
        String data = "{\"price\": 1.50, \"b\":[ 1,2 ],\"a\":\"\\u00e4<\"}";
        try (CentrifugeSocket alice = server.connect("alice", "news-data")) {
            publish("{\"channel\":\"news-data\",\"data\": " + data + " ,\"tags\":{\"a\":\"1\"}}");
            Push.Pub pub = nextPublication(alice);
            assertThat(pub.publication().data().toUtf8()).isEqualTo(data);
            assertThat(pub.publication().tags()).isEqualTo(Map.of("a", "1"));
        }
    }

    @Test
    void base64CarriesAnyBytesAndWinsOverData() throws Exception {
        try (CentrifugeSocket alice = server.connect("alice", "news-base64")) {
            publish("{\"channel\":\"news-base64\",\"data\":{},\"b64data\":\"WzFd\"}");
            assertThat(nextPublication(alice).publication().data().toUtf8()).isEqualTo("[1]");
        }
    }

    @Test
    void aLargePublicationArrivesToo() throws Exception {
        String text = "x".repeat(900_000);
        publish("{\"channel\":\"chat:large\",\"data\":\"" + text + "\"}");
        assertThat(server.post("/api/history", "{\"channel\":\"chat:large\",\"limit\":1}"))
                .contains(text);
    }

    @Test
    void theOptionsOfAPublicationAreHeeded() throws Exception {
        String first = "{\"result\":{\"offset\":1,\"epoch\":\"epoch\"}}";
        String once =
                "{\"channel\":\"chat:options\",\"data\":1,\"idempotency_key\":\"k\",\"version\":5}";
        assertThat(publish(once)).isEqualTo(first);
        assertThat(publish(once)).isEqualTo(first);
        assertThat(publish("{\"channel\":\"chat:options\",\"data\":1,\"version\":4}"))
                .isEqualTo(first);
        assertThat(publish("{\"channel\":\"chat:options\",\"data\":1,\"skip_history\":true}"))
                .isEqualTo(first);
        assertThat(
                        publish(
                                "{\"channel\":\"chat:options\",\"data\":1,\"version\":1,"
                                        + "\"version_epoch\":\"next\"}"))
                .isEqualTo("{\"result\":{\"offset\":2,\"epoch\":\"epoch\"}}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"data\":1}|107|bad request",
                "{\"channel\":\"news\"}|107|bad request",
                "null|107|bad request",
                "{\"channel\":\"news\",\"b64data\":\"%\"}|107|bad request",
                "{\"channel\":\"other:1\",\"data\":1}|102|unknown channel",
            })
    void whatCannotBePublishedIsAnErrorWithStatus200(String body, int code, String message)
            throws Exception {
        assertThat(publish(body)).isEqualTo(error(code, message));
    }

    @Test
    void dataThatIsNullIsPublishedAsNull() throws Exception {
        publish("{\"channel\":\"chat:null\",\"data\":null}");
        assertThat(server.post("/api/history", "{\"channel\":\"chat:null\",\"limit\":1}"))
                .contains("[{\"data\":null,\"offset\":1}]");
    }

    @Test
    void fieldsThatNobodyKnowsArePassedOver() throws Exception {
        assertThat(
                        publish(
                                "{\"x\":[{}],\"channel\":\"news\",\"data\":1,\"delta\":true,"
                                        + "\"tags\":null}"))
                .isEqualTo("{\"result\":{}}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[]",
                "{}{}",
                "{\"channel\":1,\"data\":1}",
                "{\"channel\":\"news\",\"data\":1,\"skip_history\":1}",
                "{\"channel\":\"news\",\"data\":1,\"tags\":{\"a\":1}}",
                "{\"channel\":\"news\",\"data\":1,\"version\":-1}",
                "{\"channel\":\"news\",\"data\":{]}",
            })
    void whatCannotBeReadIs400(String body) throws Exception {
        HttpResponse<String> response =
                server.send(
                        server.request("/api/publish", body).header("X-API-Key", ApiServer.KEY));
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body()).isEqualTo("Bad Request\n");
    }

    @Test
    void aBodyOfMoreThanAMegabyteIs413() throws Exception {
        String body = " ".repeat(ApiRoutes.MAX_BODY_BYTES + 1);
        assertThat(
                        server.send(
                                        server.request("/api/publish", body)
                                                .header("X-API-Key", ApiServer.KEY))
                                .statusCode())
                .isEqualTo(413);
    }

    // ---- the other methods ----

    @Test
    void aBroadcastAnswersForEachChannel() throws Exception {
        assertThat(
                        server.post(
                                "/api/broadcast",
                                "{\"channels\":[\"chat:broadcast\",\"other:1\",\"news\"],\"data\":1}"))
                .isEqualTo(
                        "{\"result\":{\"responses\":["
                                + "{\"result\":{\"offset\":1,\"epoch\":\"epoch\"}},"
                                + "{\"error\":{\"code\":102,\"message\":\"unknown channel\"}},"
                                + "{\"result\":{}}]}}");
        assertThat(server.post("/api/broadcast", "{\"data\":1}"))
                .isEqualTo(error(107, "bad request"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"channel\":\"chat:three\"}|[]",
                "{\"channel\":\"chat:three\",\"limit\":2}"
                        + "|[{\"data\":1,\"offset\":1},{\"data\":2,\"offset\":2}]",
                "{\"channel\":\"chat:three\",\"limit\":1,\"reverse\":true}"
                        + "|[{\"data\":3,\"offset\":3}]",
                "{\"channel\":\"chat:three\",\"limit\":-1,\"since\":{\"offset\":2,\"epoch\":\"epoch\"}}"
                        + "|[{\"data\":3,\"offset\":3}]",
                "{\"channel\":\"chat:three\",\"limit\":-1,\"since\":{\"offset\":2},\"reverse\":true}"
                        + "|[{\"data\":1,\"offset\":1}]",
            })
    void historyIsReadFromAnyPosition(String body, String publications) throws Exception {
        assertThat(server.post("/api/history", body))
                .isEqualTo(
                        "{\"result\":{\"publications\":"
                                + publications
                                + ",\"epoch\":\"epoch\",\"offset\":3}}");
    }

    @Test
    void historyHasTagsAndThePublisher() throws Exception {
        try (CentrifugeSocket alice = server.connect("alice")) {
            alice.send(new Command.Publish(5, "chat:info", Bytes.utf8("1"), 0, "", false));
            alice.answer(5, SOON);
        }
        publish("{\"channel\":\"chat:info\",\"data\":2,\"tags\":{\"kind\":\"tick\"}}");
        assertThat(server.post("/api/history", "{\"channel\":\"chat:info\",\"limit\":-1}"))
                .matches(
                        "\\{\"result\":\\{\"publications\":\\["
                                + "\\{\"data\":1,\"info\":\\{\"user\":\"alice\",\"client\":\"[-0-9a-f]{36}\"},"
                                + "\"offset\":1},"
                                + "\\{\"data\":2,\"offset\":2,\"tags\":\\{\"kind\":\"tick\"}}],"
                                + "\"epoch\":\"epoch\",\"offset\":2}}");
    }

    @Test
    void historyOfAnotherEpochIsUnrecoverable() throws Exception {
        assertThat(
                        server.post(
                                "/api/history",
                                "{\"channel\":\"chat:three\",\"limit\":1,\"since\":{\"offset\":1,"
                                        + "\"epoch\":\"other\"}}"))
                .isEqualTo(error(112, "unrecoverable position"));
    }

    @Test
    void bytesThatAreNoJsonComeBackAsBase64() throws Exception {
        publish("{\"channel\":\"chat:binary\",\"b64data\":\"AAE=\"}");
        assertThat(server.post("/api/history", "{\"channel\":\"chat:binary\",\"limit\":1}"))
                .isEqualTo(
                        "{\"result\":{\"publications\":[{\"b64data\":\"AAE=\",\"offset\":1}],"
                                + "\"epoch\":\"epoch\",\"offset\":1}}");
    }

    @Test
    void historyIsRemoved() throws Exception {
        publish("{\"channel\":\"chat:removed\",\"data\":1}");
        assertThat(server.post("/api/history_remove", "{\"channel\":\"chat:removed\"}"))
                .isEqualTo("{\"result\":{}}");
        assertThat(server.post("/api/history", "{\"channel\":\"chat:removed\",\"limit\":-1}"))
                .isEqualTo("{\"result\":{\"publications\":[],\"epoch\":\"epoch\",\"offset\":1}}");
    }

    @Test
    void presenceAndItsNumbers() throws Exception {
        String channel = "{\"channel\":\"chat:presence\"}";
        assertThat(server.post("/api/presence", channel))
                .isEqualTo("{\"result\":{\"presence\":{}}}");
        assertThat(server.post("/api/presence_stats", channel))
                .isEqualTo("{\"result\":{\"num_clients\":0,\"num_users\":0}}");
        try (CentrifugeSocket alice = server.connect("alice", "chat:presence")) {
            assertThat(alice.seen()).isNotEmpty();
            assertThat(server.post("/api/presence", channel))
                    .matches(
                            "\\{\"result\":\\{\"presence\":\\{\"([-0-9a-f]{36})\":"
                                    + "\\{\"user\":\"alice\",\"client\":\"\\1\"}}}}");
            assertThat(server.post("/api/presence_stats", channel))
                    .isEqualTo("{\"result\":{\"num_clients\":1,\"num_users\":1}}");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"presence", "presence_stats", "history", "history_remove"})
    void whatTheNamespaceDoesNotHaveIsNotAvailable(String method) throws Exception {
        assertThat(server.post("/api/" + method, "{\"channel\":\"news\"}"))
                .isEqualTo(error(108, "not available"));
    }

    @Test
    void channelsAreListedByPattern() throws Exception {
        assertThat(server.post("/api/channels", "{\"pattern\":\"nobody-*\"}"))
                .isEqualTo("{\"result\":{\"channels\":{}}}");
        try (CentrifugeSocket alice = server.connect("alice", "list-1", "unlisted")) {
            assertThat(alice.seen()).isNotEmpty();
            assertThat(server.post("/api/channels", "{\"pattern\":\"list-*\"}"))
                    .isEqualTo("{\"result\":{\"channels\":{\"list-1\":{\"num_clients\":1}}}}");
        }
    }

    @Test
    void infoDescribesTheNode() throws Exception {
        assertThat(server.post("/api/info", "{}"))
                .matches(
                        "\\{\"result\":\\{\"nodes\":\\[\\{\"uid\":\"node-uid\",\"name\":\"here\","
                                + "\"version\":\"1.2.3\",\"num_clients\":\\d+,\"num_users\":\\d+,"
                                + "\"num_channels\":\\d+,\"uptime\":\\d+,\"num_subs\":\\d+}]}}");
    }

    @Test
    void disconnectClosesTheConnection() throws Exception {
        try (CentrifugeSocket dave = server.connect("dave")) {
            assertThat(
                            server.post(
                                    "/api/disconnect",
                                    "{\"user\":\"dave\",\"disconnect\":{\"code\":4001,"
                                            + "\"reason\":\"moved\"},\"whitelist\":[\"other\"]}"))
                    .isEqualTo("{\"result\":{}}");
            assertThat(dave.awaitEnd(SOON)).isEqualTo(new Incoming.Close(4001, "moved"));
        }
    }

    @Test
    void subscribeGivesTheUserASubscription() throws Exception {
        try (CentrifugeSocket frank = server.connect("frank")) {
            assertThat(
                            server.post(
                                    "/api/subscribe",
                                    "{\"user\":\"frank\",\"channel\":\"news-frank\","
                                            + "\"data\":{\"a\":1},\"b64info\":\"e30=\","
                                            + "\"override\":{\"presence\":{\"value\":true}}}"))
                    .isEqualTo("{\"result\":{}}");
            assertThat(frank.next(SOON))
                    .isEqualTo(
                            new Reply.Pushed(
                                    new Push.Subscribe(
                                            "news-frank",
                                            false,
                                            "",
                                            0,
                                            false,
                                            Bytes.utf8("{\"a\":1}"))));
            server.post("/api/publish", "{\"channel\":\"news-frank\",\"data\":1}");
            assertThat(frank.next(SOON).toString()).contains("news-frank");
        }
        assertThat(server.post("/api/subscribe", "{\"user\":\"frank\",\"channel\":\"other:1\"}"))
                .isEqualTo(error(102, "unknown channel"));
        assertThat(
                        server.post(
                                "/api/subscribe",
                                "{\"user\":\"frank\",\"channel\":\"news\",\"expire_at\":1}"))
                .isEqualTo(error(107, "bad request"));
    }

    @Test
    void refreshLetsTheConnectionLiveOnOrEndsIt() throws Exception {
        try (CentrifugeSocket gina = server.connect("gina")) {
            assertThat(server.post("/api/refresh", "{\"user\":\"gina\",\"expire_at\":0}"))
                    .isEqualTo("{\"result\":{}}");
            assertThat(gina.next(SOON)).isEqualTo(new Reply.Pushed(new Push.Refresh(false, 0)));
            server.post("/api/refresh", "{\"user\":\"gina\",\"expired\":true}");
            assertThat(gina.awaitEnd(SOON))
                    .isEqualTo(new Incoming.Close(3005, "connection expired"));
        }
    }

    @Test
    void unsubscribeEndsTheSubscription() throws Exception {
        try (CentrifugeSocket erin = server.connect("erin", "news-erin")) {
            assertThat(
                            server.post(
                                    "/api/unsubscribe",
                                    "{\"user\":\"erin\",\"channel\":\"news-erin\"}"))
                    .isEqualTo("{\"result\":{}}");
            assertThat(erin.next(SOON))
                    .isEqualTo(
                            new Reply.Pushed(
                                    new Push.Unsubscribe("news-erin", 2000, "server unsubscribe")));
        }
    }

    @Test
    void methodsOfCentrifugoThatAreNotHereSaySo() throws Exception {
        assertThat(server.post("/api/map_publish", "{}")).isEqualTo(error(108, "not available"));
        assertThat(server.post("/api/rpc", "{\"method\":\"x\"}"))
                .isEqualTo(error(104, "not found"));
    }

    // ---- the door ----

    @ParameterizedTest
    @CsvSource({
        "X-API-Key, a-secret, 200",
        "X-API-Key, a-secre, 401",
        "X-API-Key, a-secret2, 401",
        "Authorization, apikey a-secret, 200",
        "Authorization, APIKEY   a-secret, 200",
        "Authorization, apikey a-secret x, 401",
        "Authorization, a-secret, 401",
        "Authorization, Bearer a-secret, 401",
        "X-Other, a-secret, 401",
    })
    void onlyTheKeyLetsIn(String name, String value, int status) throws Exception {
        HttpResponse<String> response =
                server.send(server.request("/api/info", "{}").header(name, value));
        assertThat(response.statusCode()).isEqualTo(status);
        if (status == 401) assertThat(response.body()).isEmpty();
    }

    @Test
    void theKeyMayComeInTheQuery() throws Exception {
        assertThat(server.send(server.request("/api/info?api_key=a-secret", "{}")).statusCode())
                .isEqualTo(200);
        assertThat(server.send(server.request("/api/info?api_key=other", "{}")).statusCode())
                .isEqualTo(401);
        assertThat(server.send(server.request("/api/info", "{}")).statusCode()).isEqualTo(401);
    }

    @Test
    void onlyPostIsAllowedAndOnlyForWhatThereIs() throws Exception {
        assertThat(
                        server.send(
                                        server.request("/api/info", "")
                                                .GET()
                                                .header("X-API-Key", ApiServer.KEY))
                                .statusCode())
                .isEqualTo(405);
        assertThat(
                        server.send(
                                        server.request("/api/nothing", "{}")
                                                .header("X-API-Key", ApiServer.KEY))
                                .statusCode())
                .isEqualTo(404);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/api/publish|{\"channel\":\"news\"}|400|{\"code\":107,\"message\":\"bad request\"}",
                "/api/history|{\"channel\":\"news\"}|400|{\"code\":108,\"message\":\"not available\"}",
                "/api/presence|{\"channel\":\"other:1\"}|404"
                        + "|{\"code\":102,\"message\":\"unknown channel\"}",
                "/api/rpc|{}|404|{\"code\":104,\"message\":\"not found\"}",
                "/api/history|{\"channel\":\"chat:three\",\"since\":{\"epoch\":\"x\"}}|416"
                        + "|{\"code\":112,\"message\":\"unrecoverable position\"}",
                "/api/publish|{\"channel\":\"news\",\"data\":1}|200|{\"result\":{}}",
            })
    void callersMayAskForErrorsAsStatus(String path, String body, int status, String answer)
            throws Exception {
        HttpResponse<String> response =
                server.send(
                        server.request(path, body)
                                .header("X-API-Key", ApiServer.KEY)
                                .header("X-Centrifugo-Error-Mode", "transport"));
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.body()).isEqualTo(answer);
        assertThat(response.headers().firstValue("Content-Type")).contains("application/json");
    }

    @Test
    void callsAreCountedByMethodAndOutcome() throws Exception {
        Map<ApiCounters.Outcome, Long> before = counted();
        server.post("/api/unsubscribe", "{\"user\":\"nobody\",\"channel\":\"news\"}");
        server.post("/api/unsubscribe", "{\"user\":\"nobody\",\"channel\":\"other:1\"}");
        Map<ApiCounters.Outcome, Long> after = counted();
        for (int code : new int[] {0, Refusal.UNKNOWN_CHANNEL.code()}) {
            ApiCounters.Outcome outcome = new ApiCounters.Outcome("unsubscribe", code);
            assertThat(after.get(outcome)).isEqualTo(before.getOrDefault(outcome, 0L) + 1);
        }
    }

    private Map<ApiCounters.Outcome, Long> counted() {
        Map<ApiCounters.Outcome, Long> counted =
                new TreeMap<>(java.util.Comparator.comparing(ApiCounters.Outcome::toString));
        for (Map.Entry<ApiCounters.Outcome, LongAdder> each : server.counters.calls().entrySet()) {
            counted.put(each.getKey(), each.getValue().sum());
        }
        return counted;
    }

    private static Push.Pub nextPublication(CentrifugeSocket socket) throws IOException {
        return (Push.Pub) ((Reply.Pushed) socket.next(SOON)).push();
    }

    private static String error(int code, String message) {
        return "{\"error\":{\"code\":" + code + ",\"message\":\"" + message + "\"}}";
    }
}
