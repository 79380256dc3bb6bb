package dev.cardea.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cardea.server.HttpDoors.Listening;
import dev.cardea.server.redis.RedisServer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a backend asks of one server concerns the clients of the other, too. */
@Timeout(60)
class TwoNodesTest {
    private static final String CONNECT = "{\"id\":1,\"connect\":{}}";

    private RedisServer redis;
    private HttpDoors here;
    private HttpDoors there;

    @BeforeEach
    void start() throws Exception {
        redis = RedisServer.start();
        here = node();
        there = node();
        await(here, "info", "{}", "/nodes/1/uid");
        await(there, "info", "{}", "/nodes/1/uid");
    }

    private HttpDoors node() throws Exception {
        return new HttpDoors(
                "engine.type", "redis",
                "engine.redis.address", redis.url(),
                "health.enabled", "true",
                "channel.without_namespace.presence", "true");
    }

    @AfterEach
    void stop() {
        if (here != null) here.close();
        if (there != null) there.close();
        if (redis != null) redis.close();
    }

    /** Asks again until the answer has something there. */
    private static JsonNode await(HttpDoors node, String method, String body, String pointer)
            throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(15);
        while (System.nanoTime() < deadline) {
            JsonNode answer = node.api(method, body);
            if (!answer.at(pointer).isMissingNode()) return answer;
            Thread.onSpinWait();
        }
        throw new AssertionError("never had " + pointer + ": " + node.api(method, body));
    }

    private Listening connected(HttpDoors node) throws Exception {
        return node.listen(node.post("/connection/http_stream", CONNECT));
    }

    private static String client(JsonNode connect) {
        return "{\"user\":\"\",\"client\":\"%s\"}".formatted(connect.at("/client").asText());
    }

    private static JsonNode next(Listening stream, String pointer) throws Exception {
        while (true) {
            JsonNode json = stream.json();
            if (!json.at(pointer).isMissingNode()) return json.at(pointer);
        }
    }

    @Test
    void whatAClientOfTheOtherServerSaysIsPassedOn() throws Exception {
        try (Listening stream = connected(there)) {
            JsonNode connect = stream.json().get("connect");
            String commands = "{\\\"id\\\":2,\\\"subscribe\\\":{\\\"channel\\\":\\\"news\\\"}}";
            String request =
                    "{\"node\":\"%s\",\"session\":\"%s\",\"data\":\"%s\"}"
                            .formatted(
                                    connect.get("node").asText(),
                                    connect.get("session").asText(),
                                    commands);
            assertThat(here.status(here.post("/emulation", request))).isEqualTo(204);
            assertThat(next(stream, "/subscribe").get("recoverable").asBoolean()).isTrue();
            here.publish("news", 7);
            assertThat(next(stream, "/push/pub/data").asInt()).isEqualTo(7);
            assertThat(here.api("channels", "{}").at("/channels/news/num_clients").asInt())
                    .isEqualTo(1);
            assertThat(here.api("presence_stats", "{\"channel\":\"news\"}").get("num_clients"))
                    .hasToString("1");
            String nobody = request.replace(connect.get("node").asText(), "nobody");
            assertThat(here.status(here.post("/emulation", nobody))).isEqualTo(404);
        }
    }

    @Test
    void connectionsOfTheOtherServerAreSubscribedUnsubscribedRefreshedAndEnded() throws Exception {
        try (Listening stream = connected(there)) {
            String client = client(stream.json().get("connect"));
            String in = client.replace("}", ",\"channel\":\"news\"}");
            here.api("subscribe", in);
            assertThat(next(stream, "/push/subscribe").has("epoch")).isTrue();
            here.publish("news", 8);
            assertThat(next(stream, "/push/pub/data").asInt()).isEqualTo(8);
            here.api("unsubscribe", in);
            assertThat(next(stream, "/push/unsubscribe/code").asInt()).isEqualTo(2000);
            here.api("refresh", client.replace("}", ",\"expire_at\":4000000000}"));
            assertThat(next(stream, "/push/refresh/expires").asBoolean()).isTrue();
            here.api("disconnect", client);
            assertThat(next(stream, "/push/disconnect/code").asInt()).isEqualTo(3503);
        }
    }

    @Test
    void allServersAreListedUntilTheyEnd() throws Exception {
        try (HttpDoors _ = node()) {
            JsonNode nodes = await(here, "info", "{}", "/nodes/2/uid").get("nodes");
            List<String> ids = new ArrayList<>();
            nodes.forEach(each -> ids.add(each.get("uid").asText()));
            assertThat(ids).hasSize(3).doesNotHaveDuplicates();
        }
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(15);
        while (here.api("info", "{}").get("nodes").size() > 2)
            assertThat(System.nanoTime()).isLessThan(deadline);
    }

    @Test
    void withoutItsBrokerAServerSaysSo() throws Exception {
        assertThat(here.send(here.to("/health")).body()).isEqualTo("{}");
        redis.kill();
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(15);
        while (!here.send(here.to("/health")).body().contains("degraded"))
            assertThat(System.nanoTime()).isLessThan(deadline);
        assertThat(here.status(here.to("/health"))).isEqualTo(200);
        assertThat(here.status(here.to("/health/ready"))).isEqualTo(200);
        String body = "{\"user\":\"ann\"}";
        assertThat(here.send(here.post("/api/disconnect", body).header("X-API-Key", "k")).body())
                .contains("\"code\":100");
    }
}
