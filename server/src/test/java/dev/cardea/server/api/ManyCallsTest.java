package dev.cardea.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Several calls in one request: {@code /api/batch}, and the legacy {@code /api}. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ManyCallsTest {
    private static final String UNKNOWN_CHANNEL =
            "\"error\":{\"code\":102,\"message\":\"unknown channel\"}";
    private static final String BAD_REQUEST =
            "\"error\":{\"code\":107,\"message\":\"bad request\"}";

    private final ApiServer server;

    ManyCallsTest() throws IOException {
        server = ApiServer.withKey();
    }

    @AfterAll
    void close() {
        server.close();
    }

    @Test
    void oneLegacyCommandIsAnsweredWithOneLine() throws Exception {
        assertThat(
                        server.post(
                                "/api",
                                "{\"method\":\"publish\",\"params\":{\"channel\":\"chat:legacy\","
                                        + "\"data\":1}}"))
                .isEqualTo("{\"result\":{\"offset\":1,\"epoch\":\"epoch\"}}");
    }

    @Test
    void manyLegacyCommandsAreCarriedOutInOrder() throws Exception {
        assertThat(
                        server.post(
                                "/api",
                                """
                                {"id":1,"method":"publish","params":{"channel":"chat:many","data":1}}
                                {"id":2,"method":"PUBLISH","params":{"channel":"other:1","data":1}}
                                {"id":3,"method":6,"params":{"channel":"chat:many","limit":5}}
                                {"id":4,"method":"disconnect","params":{"user":"nobody"}}
                                {"id":5,"method":"publish","params":{"channel":7}}
                                {"id":6,"method":"rpc","params":{}}
                                """))
                .isEqualTo(
                        "{\"id\":1,\"result\":{\"offset\":1,\"epoch\":\"epoch\"}}\n"
                                + "{\"id\":2,"
                                + UNKNOWN_CHANNEL
                                + "}\n"
                                + "{\"id\":3,\"result\":{\"publications\":[{\"data\":1,\"offset\":1}],"
                                + "\"epoch\":\"epoch\",\"offset\":1}}\n"
                                + "{\"id\":4,\"result\":{}}\n"
                                + "{\"id\":5,"
                                + BAD_REQUEST
                                + "}\n"
                                + "{\"id\":6,\"error\":{\"code\":104,\"message\":\"not found\"}}");
    }

    @Test
    void aMethodLeftOutIsPublishAndParametersMayBe() throws Exception {
        assertThat(server.post("/api", "{}")).isEqualTo("{" + BAD_REQUEST + "}");
        assertThat(server.post("/api", "{\"method\":\"info\"}"))
                .startsWith("{\"result\":{\"nodes\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{\"method\":\"fly\"}",
                "{\"method\":99}",
                "{\"method\":true}",
                "{\"id\":\"1\"}",
            })
    void whatCannotBeReadIs400(String body) throws Exception {
        assertThat(status("/api", body)).isEqualTo(400);
    }

    @Test
    void nothingIsDoneUnlessEveryLineCanBeRead() throws Exception {
        String good = "{\"method\":\"publish\",\"params\":{\"channel\":\"chat:all\",\"data\":1}}";
        assertThat(status("/api", good + "\n{\"method\":")).isEqualTo(400);
        assertThat(server.post("/api/history", "{\"channel\":\"chat:all\"}"))
                .contains("\"offset\":0");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aBatchIsAnsweredInItsOrder(boolean parallel) throws Exception {
        String channel = "chat:batch-" + parallel;
        assertThat(
                        server.post(
                                "/api/batch",
                                "{\"parallel\":"
                                        + parallel
                                        + ",\"commands\":[{\"publish\":{\"channel\":\""
                                        + channel
                                        + "\",\"data\":1}},{\"history\":{\"channel\":\"other:1\"}},"
                                        + "null,{},{\"fly\":{}},"
                                        + "{\"history_remove\":{\"channel\":\""
                                        + channel
                                        + "\"}}]}"))
                .isEqualTo(
                        "{\"replies\":[{\"publish\":{\"offset\":1,\"epoch\":\"epoch\"}},{"
                                + UNKNOWN_CHANNEL
                                + "},{"
                                + BAD_REQUEST
                                + "},{\"error\":{\"code\":104,\"message\":\"not found\"}},"
                                + "{\"error\":{\"code\":104,\"message\":\"not found\"}},"
                                + "{\"history_remove\":{}}]}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}|200",
                "null|200",
                "{\"commands\":[]}|200",
                "{\"commands\":{}}|400",
                "{\"commands\":[{\"publish\":{\"channel\":1}}]}|400",
                "{\"commands\":[{}]|400",
            })
    void aBatchThatIsEmptyOrBroken(String body, int status) throws Exception {
        assertThat(status("/api/batch", body)).isEqualTo(status);
    }

    @Test
    void moreCommandsThanMayBeAreRefusedTogether() throws Exception {
        String many = "{\"commands\":[" + "{},".repeat(100_000) + "{}]}";
        assertThat(status("/api/batch", many)).isEqualTo(413);
        assertThat(status("/api", "{}\n".repeat(100_001))).isEqualTo(413);
        String allowed = "{\"commands\":[" + "{},".repeat(9_999) + "{}]}";
        assertThat(server.post("/api/batch", allowed)).hasSizeGreaterThan(10_000);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void answersEndAtABound(boolean parallel) throws Exception {
        for (int i = 0; i < 20; i++) {
            String data = "x".repeat(500_000);
            server.post("/api/publish", "{\"channel\":\"chat:long\",\"data\":\"" + data + "\"}");
        }
        String history = "{\"history\":{\"channel\":\"chat:long\",\"limit\":-1}},";
        String answer =
                server.post(
                        "/api/batch",
                        "{\"parallel\":%s,\"commands\":[%s{\"publish\":{\"channel\":\"chat:x\",\"data\":1}}]}"
                                .formatted(parallel, history.repeat(100)));
        assertThat(answer.length()).isBetween(32 << 20, 48 << 20);
        assertThat(answer).contains("{\"error\":{\"code\":106,\"message\":\"limit exceeded\"}}");
    }

    private int status(String path, String body) throws Exception {
        HttpResponse<String> response =
                server.send(server.request(path, body).header("X-API-Key", ApiServer.KEY));
        if (response.statusCode() == 200) assertThat(response.body()).isEqualTo("{}");
        return response.statusCode();
    }
}
