package dev.cardea.server.api;

import static dev.cardea.server.api.ApiServer.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cardea.testkit.websocket.CentrifugeSocket;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.centrifuge.Command;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class ConnectionsTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void aConnectionTellsHowItCameAndWhatItReads() throws Exception {
        try (ApiServer server = ApiServer.withKey();
                CentrifugeSocket socket =
                        CentrifugeSocket.connectProtobuf("127.0.0.1", server.port(), SOON)) {
            socket.send(
                    new Command.Connect(
                            1, "alice", Bytes.EMPTY, Map.of(), "app", "2.1", Map.of(), 0));
            socket.answer(1, SOON);
            socket.send(
                    new Command.Subscribe(
                            2, dev.cardea.wire.centrifuge.SubscribeRequest.to("chat:1")));
            socket.answer(2, SOON);
            JsonNode connection = page(server, "{\"user\":\"alice\"}").get("connections").get(0);
            assertThat(connection.get("age_ms").asLong()).isBetween(0L, SOON.toMillis());
            assertThat(
                            connection
                                    .toString()
                                    .replaceAll("\"(client|age_ms)\":(\"[^\"]*\"|[0-9]+),", ""))
                    .isEqualTo(
                            "{\"user\":\"alice\",\"transport\":\"websocket\",\"protocol\":\"protobuf\","
                                    + "\"name\":\"app\",\"version\":\"2.1\",\"lag\":0,\"pending_bytes\":0,"
                                    + "\"oldest_pending_ms\":0,\"channels\":{\"chat:1\":{\"lag\":0,"
                                    + "\"oldest_pending_ms\":0}}}");
        }
    }

    @Test
    void connectionsAreFoundByUserChannelAndClient() throws Exception {
        try (ApiServer server = ApiServer.withKey();
                CentrifugeSocket one = server.connect("alice", "chat:1");
                CentrifugeSocket two = server.connect("alice", "chat:2");
                CentrifugeSocket three = server.connect("bob", "chat:1")) {
            assertThat(List.of(one, two, three)).hasSize(3);
            assertThat(users(server, "{}")).containsExactly("alice", "alice", "bob");
            assertThat(users(server, "{\"user\":\"alice\"}")).containsExactly("alice", "alice");
            assertThat(users(server, "{\"channel\":\"chat:1\"}")).containsExactly("alice", "bob");
            assertThat(users(server, "{\"channel\":\"chat:1\",\"user\":\"bob\"}"))
                    .containsExactly("bob");
            assertThat(users(server, "{\"channel\":\"chat:1\",\"user\":\"alice\"}"))
                    .containsExactly("alice");
            assertThat(users(server, "{\"channel\":\"chat:2\",\"user\":\"bob\"}")).isEmpty();
            assertThat(users(server, "{\"channel\":\"chat:9\"}")).isEmpty();
            String id = page(server, "{\"user\":\"bob\"}").at("/connections/0/client").asText();
            assertThat(users(server, "{\"client\":\"" + id + "\"}")).containsExactly("bob");
            assertThat(users(server, "{\"client\":\"" + id + "\",\"user\":\"alice\"}")).isEmpty();
            assertThat(users(server, "{\"stalled\":true}")).isEmpty();
        }
    }

    @Test
    void pagesFollowEachOtherWithoutGapsOrRepetition() throws Exception {
        try (ApiServer server = ApiServer.withKey()) {
            List<CentrifugeSocket> sockets = new ArrayList<>();
            for (int i = 0; i < 25; i++) sockets.add(server.connect("user" + i, "chat:1"));
            for (String filter : List.of("", "\"channel\":\"chat:1\",")) {
                TreeSet<String> clients = new TreeSet<>();
                int pages = 0;
                String after = "";
                do {
                    JsonNode page =
                            page(
                                    server,
                                    "{%s\"limit\":10,\"after\":\"%s\"}".formatted(filter, after));
                    page.get("connections")
                            .forEach(each ->
                                    assertThat(clients.add(each.get("client").asText())).isTrue());
                    after = page.path("next").asText();
                    pages++;
                } while (!after.isEmpty());
                assertThat(clients).hasSize(25);
                assertThat(pages).isEqualTo(3);
            }
            for (CentrifugeSocket socket : sockets) socket.close();
        }
    }

    @Test
    void whoDoesNotReadIsSeenWithWhatWaits() throws Exception {
        try (ApiServer server = ApiServer.withKey();
                CentrifugeSocket idle = server.connect("idle", "chat:1");
                CentrifugeSocket other = server.connect("other", "stats:1")) {
            assertThat(List.of(idle, other)).hasSize(2);
            String large = "{\"channel\":\"chat:1\",\"data\":\"" + "x".repeat(500_000) + "\"}";
            JsonNode stalled = JSON.createArrayNode();
            for (int i = 0; i < 100 && stalled.isEmpty(); i++) {
                server.post("/api/publish", large);
                stalled = page(server, "{\"stalled\":true}").get("connections");
            }
            assertThat(stalled).hasSize(1);
            assertThat(stalled.get(0).get("user").asText()).isEqualTo("idle");
            assertThat(stalled.get(0).get("pending_bytes").asInt()).isPositive();
            server.post("/api/publish", large);
            server.post("/api/publish", large);
            long deadlineNanos = System.nanoTime() + SOON.toNanos();
            JsonNode connection;
            do { // the clock of what waits ticks in milliseconds
                connection = page(server, "{\"user\":\"idle\"}").at("/connections/0");
            } while (connection.get("oldest_pending_ms").asLong() == 0
                    && System.nanoTime() - deadlineNanos < 0);
            assertThat(connection.get("lag").asLong()).isGreaterThanOrEqualTo(2);
            assertThat(connection.get("oldest_pending_ms").asLong()).isPositive();
            assertThat(connection.at("/channels").properties())
                    .allSatisfy(
                            each -> assertThat(each.getValue().get("lag").asLong()).isPositive());
        }
    }

    private static JsonNode page(ApiServer server, String request)
            throws IOException, InterruptedException {
        return JSON.readTree(server.post("/api/connections", request)).get("result");
    }

    private static List<String> users(ApiServer server, String request)
            throws IOException, InterruptedException {
        List<String> users = new ArrayList<>();
        page(server, request)
                .get("connections")
                .forEach(each -> users.add(each.get("user").asText()));
        users.sort(null);
        return users;
    }
}
