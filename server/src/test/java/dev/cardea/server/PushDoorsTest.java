package dev.cardea.server;

import static dev.cardea.server.HttpDoors.encoded;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cardea.server.HttpDoors.Event;
import dev.cardea.server.HttpDoors.Listening;
import dev.cardea.testkit.websocket.HandshakeRefused;
import dev.cardea.testkit.websocket.Incoming;
import dev.cardea.testkit.websocket.RawWebSocket;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Clients that only listen. */
@Timeout(60)
class PushDoorsTest {
    private static final String NEWS =
            "/connection/uni_sse?cf_connect=" + encoded("{\"subs\":{\"news\":{}}}");

    @Test
    void anEventSourceIsToldThatItIsConnectedAndThenWhatIsPublished() throws Exception {
        try (HttpDoors doors = new HttpDoors();
                Listening stream = doors.listen(doors.to(NEWS))) {
            Event first = stream.event();
            JsonNode connect = first.data().get("connect");
            assertThat(connect.get("ping").asInt()).isEqualTo(25);
            assertThat(connect.has("pong")).isFalse();
            assertThat(connect.get("session").asText()).isNotEmpty();
            assertThat(connect.at("/subs/news/recoverable").asBoolean()).isTrue();
            assertThat(first.id()).matches("[0-9a-f]{8}:[A-Za-z0-9]{8}:0");
            doors.publish("news", 5);
            Event second = stream.event();
            assertThat(second.data().get("channel").asText()).isEqualTo("news");
            assertThat(second.data().at("/pub/data").asInt()).isEqualTo(5);
            assertThat(second.id()).isEqualTo(first.id().replaceAll("0$", "1"));
            assertThat(doors.api("connections", "{}").at("/connections/0/transport").asText())
                    .isEqualTo("uni_sse");
        }
    }

    @Test
    void anEventSourceThatComesBackWithItsLastIdGetsWhatItMissed() throws Exception {
        try (HttpDoors doors = new HttpDoors()) {
            String id;
            try (Listening stream = doors.listen(doors.to(NEWS))) {
                for (int i = 0; i < 3; i++) doors.publish("news", i);
                stream.event();
                for (int i = 0; i < 2; i++) stream.event();
                id = stream.event().id();
            }
            for (int i = 3; i < 50; i++) doors.publish("news", i);
            List<Integer> missed = IntStream.range(3, 51).boxed().toList();
            try (Listening stream = doors.listen(doors.to(NEWS).header("Last-Event-ID", id))) {
                Event first = stream.event();
                assertThat(first.id()).isEqualTo(id);
                assertThat(first.data().at("/connect/subs/news/recovered").asBoolean()).isTrue();
                doors.publish("news", 50);
                assertThat(stream.numbers(48)).isEqualTo(missed);
            }
            for (String name : new String[] {"lastEventId", "last_event_id"}) {
                try (Listening stream =
                        doors.listen(doors.to(NEWS + "&" + name + "=" + encoded(id)))) {
                    assertThat(stream.numbers(48)).isEqualTo(missed);
                }
            }
        }
    }

    @Test
    void aPositionInSeveralChannelsRecoversAllOfThem() throws Exception {
        try (HttpDoors doors = new HttpDoors()) {
            String path =
                    "/connection/uni_sse?cf_connect="
                            + encoded("{\"subs\":{\"a\":{},\"b\":{},\"c\":{},\"live:d\":{}}}");
            String id;
            try (Listening stream = doors.listen(doors.to(path))) {
                assertThat(stream.event().id().split(",")).hasSize(3);
                doors.publish("a", 1);
                doors.publish("b", 1);
                doors.publish("a", 2);
                doors.publish("live:d", 1);
                stream.numbers(3);
                id = stream.event().id();
            }
            assertThat(id.replaceAll("[0-9a-f]{8}:[A-Za-z0-9]{8}:", "").chars().sorted().toArray())
                    .isEqualTo(",,012".chars().toArray());
            doors.publish("a", 3);
            doors.publish("b", 4);
            doors.publish("c", 5);
            try (Listening stream = doors.listen(doors.to(path).header("Last-Event-ID", id))) {
                assertThat(stream.event().data().at("/connect/subs").findValues("recovered"))
                        .hasSize(3);
                assertThat(stream.numbers(3)).containsExactlyInAnyOrder(3, 4, 5);
            }
        }
    }

    @Test
    void whoWasAwayForTooLongIsToldThatThereIsAGap() throws Exception {
        try (HttpDoors doors = new HttpDoors()) {
            String id;
            try (Listening stream = doors.listen(doors.to(NEWS))) {
                id = stream.event().id();
            }
            for (int i = 0; i < 120; i++) doors.publish("news", i);
            String other = id.replaceFirst(":[A-Za-z0-9]{8}:", ":unknown-:");
            for (String gone : new String[] {id, other}) {
                try (Listening stream =
                        doors.listen(doors.to(NEWS).header("Last-Event-ID", gone))) {
                    JsonNode news = stream.event().data().at("/connect/subs/news");
                    assertThat(news.get("was_recovering").asBoolean()).isTrue();
                    assertThat(news.has("recovered")).isFalse();
                }
            }
        }
    }

    @Test
    void anIdThatIsNotOursStandsForNone() throws Exception {
        try (HttpDoors doors = new HttpDoors()) {
            for (String id : new String[] {"urn:uuid:1", ":::", "x".repeat(5000), "a,b", "%00"}) {
                try (Listening stream = doors.listen(doors.to(NEWS).header("Last-Event-ID", id))) {
                    JsonNode news = stream.event().data().at("/connect/subs/news");
                    assertThat(news.has("was_recovering")).isFalse();
                }
            }
        }
    }

    @Test
    void seventeenRecoverableChannelsHaveNoIdAndTheConnectEventSaysSo() throws Exception {
        try (HttpDoors doors = new HttpDoors()) {
            for (int channels : new int[] {16, 17}) {
                String subs =
                        IntStream.range(0, channels)
                                .mapToObj("\"c%d\":{}"::formatted)
                                .collect(Collectors.joining(",", "{\"subs\":{", "}}"));
                try (Listening stream =
                        doors.listen(doors.to("/connection/uni_sse?cf_connect=" + encoded(subs)))) {
                    Event first = stream.event();
                    assertThat(first.id().isEmpty()).isEqualTo(channels == 17);
                    assertThat(first.data().at("/connect/warning").asText())
                            .isEqualTo(
                                    channels == 17
                                            ? "no event ids: more than 16 recoverable channels"
                                            : "");
                    doors.publish("c3", 1);
                    assertThat(stream.event().id().isEmpty()).isEqualTo(channels == 17);
                }
            }
        }
    }

    @Test
    void anEventSourceNeedsNoConnectRequest() throws Exception {
        try (HttpDoors doors = new HttpDoors();
                Listening stream = doors.listen(doors.to("/connection/uni_sse"))) {
            Event first = stream.event();
            assertThat(first.data().at("/connect/client").asText()).isNotEmpty();
            assertThat(first.id()).isEmpty();
        }
    }

    @Test
    void linesOfJsonAreTheSamePushes() throws Exception {
        try (HttpDoors doors = new HttpDoors()) {
            String connect = "{\"subs\":{\"news\":{}}}";
            String epoch;
            try (Listening stream =
                    doors.listen(doors.post("/connection/uni_http_stream", connect))) {
                JsonNode news = stream.json().at("/connect/subs/news");
                epoch = news.get("epoch").asText();
                doors.publish("news", 1);
                assertThat(stream.json().at("/pub/data").asInt()).isEqualTo(1);
                assertThat(doors.api("connections", "{}").at("/connections/0/transport").asText())
                        .isEqualTo("uni_http_stream");
            }
            doors.publish("news", 2);
            String again =
                    "{\"subs\":{\"news\":{\"recover\":true,\"offset\":1,\"epoch\":\"%s\"}}}"
                            .formatted(epoch);
            try (Listening stream =
                    doors.listen(doors.post("/connection/uni_http_stream", again))) {
                JsonNode news = stream.json().at("/connect/subs/news");
                assertThat(news.get("recovered").asBoolean()).isTrue();
                assertThat(news.at("/publications/0/data").asInt()).isEqualTo(2);
            }
        }
    }

    @Test
    void aWebSocketSaysWhoItIsInTheQueryOrInItsFirstMessage() throws Exception {
        try (HttpDoors doors = new HttpDoors()) {
            String connect = "{\"subs\":{\"news\":{}}}";
            try (RawWebSocket asked = doors.webSocket("?cf_connect=" + encoded(connect));
                    RawWebSocket said = doors.webSocket("")) {
                said.text(connect);
                said.text("what else is said is dropped");
                for (RawWebSocket socket : List.of(asked, said)) {
                    JsonNode connected = push(socket).get("connect");
                    assertThat(connected.get("session").asText()).isNotEmpty();
                    assertThat(connected.at("/subs/news/recoverable").asBoolean()).isTrue();
                }
                for (int i = 0; i < 3; i++) doors.publish("news", i);
                for (RawWebSocket socket : List.of(asked, said)) {
                    for (int i = 0; i < 3; i++)
                        assertThat(push(socket).at("/pub/data").asInt()).isEqualTo(i);
                }
                assertThat(doors.api("connections", "{}").findValuesAsText("transport"))
                        .containsExactly("uni_websocket", "uni_websocket");
            }
        }
    }

    @Test
    void aWebSocketHearsOfItsEndInAPushAndInTheCloseFrame() throws Exception {
        try (HttpDoors doors = new HttpDoors();
                RawWebSocket socket = doors.webSocket("?cf_connect=%7B%7D");
                RawWebSocket malformed = doors.webSocket("")) {
            String client = push(socket).at("/connect/client").asText();
            doors.api("disconnect", "{\"user\":\"\",\"client\":\"" + client + "\"}");
            assertThat(push(socket).at("/disconnect/code").asInt()).isEqualTo(3503);
            assertThat(socket.next(HttpDoors.SOON))
                    .isEqualTo(new Incoming.Close(3503, "force disconnect"));
            malformed.text("{");
            assertThat(push(malformed).at("/disconnect/code").asInt()).isEqualTo(3501);
            assertThatThrownBy(() -> doors.webSocket("?cf_connect=%7B"))
                    .isInstanceOfSatisfying(
                            HandshakeRefused.class,
                            refused -> assertThat(refused.status()).isEqualTo(400));
        }
    }

    @Test
    void aWebSocketIsWhereAndAsWideAsTheConfigurationSaysAndMayEndWithoutAPush() throws Exception {
        try (HttpDoors doors =
                        new HttpDoors(
                                "uni_websocket.handler_prefix",
                                "/w",
                                "uni_websocket.message_size_limit",
                                "100",
                                "uni_websocket.disable_disconnect_push",
                                "true");
                RawWebSocket small = doors.webSocketAt("/w");
                RawWebSocket large = doors.webSocketAt("/w")) {
            small.text("{\"name\":\"" + "x".repeat(100 - 11) + "\"}");
            String client = push(small).at("/connect/client").asText();
            doors.api("disconnect", "{\"user\":\"\",\"client\":\"" + client + "\"}");
            assertThat(small.next(HttpDoors.SOON))
                    .isEqualTo(new Incoming.Close(3503, "force disconnect"));
            large.text("x".repeat(101));
            assertThat(large.next(HttpDoors.SOON))
                    .isInstanceOfSatisfying(
                            Incoming.Close.class,
                            close -> assertThat(close.code()).isEqualTo(1009));
        }
    }

    private static JsonNode push(RawWebSocket socket) throws Exception {
        return HttpDoors.JSON.readTree(((Incoming.Text) socket.next(HttpDoors.SOON)).text());
    }

    @Test
    void theEndIsSaidInAPush() throws Exception {
        try (HttpDoors doors = new HttpDoors();
                Listening stream = doors.listen(doors.to(NEWS))) {
            String client = stream.event().data().at("/connect/client").asText();
            doors.api("disconnect", "{\"user\":\"\",\"client\":\"" + client + "\"}");
            JsonNode end = stream.event().data().get("disconnect");
            assertThat(end.get("code").asInt()).isEqualTo(3503);
            assertThat(stream.hasEnded()).isTrue();
        }
    }

    @Test
    void whoMayNotConnectIsDisconnectedRatherThanAnswered() throws Exception {
        try (HttpDoors doors = new HttpDoors("client.token.hmac_secret_key", "secret");
                Listening stream =
                        doors.listen(
                                doors.to(
                                        "/connection/uni_sse?cf_connect="
                                                + encoded("{\"token\":\"no\"}")))) {
            assertThat(stream.event().data().at("/disconnect/code").asInt()).isEqualTo(3500);
            assertThat(stream.hasEnded()).isTrue();
        }
    }

    @Test
    void whoseTokenExpiresIsDisconnected() throws Exception {
        try (HttpDoors doors =
                new HttpDoors(
                        "client.token.hmac_secret_key",
                        "secret",
                        "client.expired_close_delay",
                        "100ms",
                        "client.insecure",
                        "false")) {
            long now = System.currentTimeMillis() / 1000;
            try (Listening stream = doors.listen(doors.to(withToken(now + 2)))) {
                assertThat(stream.event().data().toString()).contains("\"expires\":true");
                assertThat(stream.event().data().at("/disconnect/code").asInt()).isEqualTo(3005);
                assertThat(stream.hasEnded()).isTrue();
            }
            try (Listening stream = doors.listen(doors.to(withToken(now - 2)))) {
                assertThat(stream.event().data().at("/disconnect/code").asInt()).isEqualTo(3005);
            }
        }
    }

    private static String withToken(long expires) throws Exception {
        Base64.Encoder base64 = Base64.getUrlEncoder().withoutPadding();
        String signed =
                base64.encodeToString("{\"alg\":\"HS256\"}".getBytes(UTF_8))
                        + "."
                        + base64.encodeToString(
                                "{\"sub\":\"ada\",\"exp\":%d}".formatted(expires).getBytes(UTF_8));
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec("secret".getBytes(UTF_8), "HmacSHA256"));
        String token = signed + "." + base64.encodeToString(mac.doFinal(signed.getBytes(UTF_8)));
        return "/connection/uni_sse?cf_connect=" + encoded("{\"token\":\"" + token + "\"}");
    }

    @Test
    void requestsThatAreNoneGetTheirStatus() throws Exception {
        try (HttpDoors doors = new HttpDoors()) {
            assertThat(doors.status(doors.to("/connection/uni_http_stream"))).isEqualTo(405);
            assertThat(doors.status(doors.to("/connection/uni_sse").DELETE())).isEqualTo(405);
            for (String body : new String[] {"", "{", "[]", "{}\n{}", "{\"token\":1}"}) {
                assertThat(doors.status(doors.post("/connection/uni_http_stream", body)))
                        .as(body)
                        .isEqualTo(400);
                assertThat(doors.status(doors.post("/connection/uni_sse", body))).isEqualTo(400);
            }
            String malformed = "/connection/uni_sse?cf_connect=" + encoded("{");
            assertThat(doors.status(doors.to(malformed))).isEqualTo(400);
            String tooLong = "x".repeat(65_537);
            assertThat(doors.status(doors.post("/connection/uni_http_stream", tooLong)))
                    .isEqualTo(413);
            assertThat(
                            doors.status(
                                    doors.to("/connection/uni_sse")
                                            .header("Origin", "https://bad.example")))
                    .isEqualTo(403);
        }
    }
}
