package dev.cardea.server;

import static dev.cardea.server.HttpDoors.JSON;
import static dev.cardea.server.HttpDoors.encoded;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cardea.server.HttpDoors.Listening;
import dev.cardea.wire.ByteWriter;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.centrifuge.Command;
import dev.cardea.wire.centrifuge.ProtobufClientCodec;
import dev.cardea.wire.centrifuge.Push;
import dev.cardea.wire.centrifuge.Reply;
import dev.cardea.wire.centrifuge.SubscribeRequest;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Clients that listen to a response that goes on, and speak in requests of their own. */
@Timeout(60)
class EmulationTest {
    private static final String CONNECT = "{\"id\":1,\"connect\":{}}";
    private static final String SUBSCRIBE = "{\"id\":2,\"subscribe\":{\"channel\":\"news\"}}";

    @Test
    void overHttpStreamingAClientSubscribesAndHearsPublications() throws Exception {
        try (HttpDoors doors = new HttpDoors();
                Listening stream = doors.listen(doors.post("/connection/http_stream", CONNECT))) {
            assertThat(stream.header("X-Accel-Buffering")).isEqualTo("no");
            assertThat(stream.header("Cache-Control")).contains("no-cache");
            JsonNode connected = stream.json().get("connect");
            assertThat(connected.get("ping").asInt()).isEqualTo(25);
            assertThat(connected.get("pong").asBoolean()).isTrue();
            assertThat(connected.get("session").asText())
                    .isNotEqualTo(connected.get("client").asText());
            assertThat(say(doors, connected, SUBSCRIBE)).isEqualTo(204);
            assertThat(stream.json().at("/subscribe/recoverable").asBoolean()).isTrue();
            doors.publish("news", 7);
            assertThat(stream.json().at("/push/pub/data").asInt()).isEqualTo(7);
            assertThat(doors.api("connections", "{}").at("/connections/0/transport").asText())
                    .isEqualTo("http_stream");
        }
    }

    @Test
    void overServerSentEventsThereIsAnEventForEachReply() throws Exception {
        try (HttpDoors doors = new HttpDoors()) {
            String first = encoded(CONNECT + "\n" + SUBSCRIBE);
            try (Listening stream = doors.listen(doors.to("/connection/sse?cf_connect=" + first))) {
                assertThat(stream.header("Content-Type")).startsWith("text/event-stream");
                assertThat(stream.line()).isEmpty();
                JsonNode connected = stream.event().data().get("connect");
                assertThat(stream.event().data().has("subscribe")).isTrue();
                doors.publish("news", 8);
                assertThat(stream.event().data().at("/push/pub/data").asInt()).isEqualTo(8);
                say(
                        doors,
                        connected,
                        "{\"id\":3,\"presence\":{\"channel\":\"news\"}}\n"
                                + "{\"id\":4,\"history\":{\"channel\":\"news\"}}");
                assertThat(stream.event().data().get("id").asInt()).isEqualTo(3);
                assertThat(stream.event().data().get("id").asInt()).isEqualTo(4);
                assertThat(doors.api("connections", "{}").at("/connections/0/transport").asText())
                        .isEqualTo("sse");
            }
            try (Listening stream = doors.listen(doors.post("/connection/sse", CONNECT))) {
                assertThat(stream.event().data().has("connect")).isTrue();
            }
        }
    }

    @Test
    void protobufGoesThroughAsOctets() throws Exception {
        ProtobufClientCodec codec = new ProtobufClientCodec();
        try (HttpDoors doors = new HttpDoors()) {
            byte[] connect =
                    written(
                            codec,
                            new Command.Connect(1, "", Bytes.EMPTY, Map.of(), "", "", Map.of(), 0));
            try (Listening stream =
                    doors.listen(
                            doors.to("/connection/http_stream")
                                    .header("Content-Type", "application/octet-stream")
                                    .POST(BodyPublishers.ofByteArray(connect)))) {
                InputStream in = stream.response.body();
                Reply.Connect connected = (Reply.Connect) next(codec, in);
                ByteWriter request = new ByteWriter();
                field(request, 1, connected.result().node().getBytes(StandardCharsets.UTF_8));
                field(request, 2, connected.result().session().getBytes(StandardCharsets.UTF_8));
                field(
                        request,
                        3,
                        written(codec, new Command.Subscribe(2, SubscribeRequest.to("news"))));
                assertThat(
                                doors.status(
                                        doors.to("/emulation")
                                                .header("Content-Type", "application/octet-stream")
                                                .POST(
                                                        BodyPublishers.ofByteArray(
                                                                request.toArray()))))
                        .isEqualTo(204);
                assertThat(next(codec, in)).isInstanceOf(Reply.Subscribe.class);
                doors.publish("news", 9);
                assertThat(next(codec, in))
                        .isInstanceOfSatisfying(
                                Reply.Pushed.class,
                                pushed -> assertThat(pushed.push()).isInstanceOf(Push.Pub.class));
            }
        }
    }

    private static byte[] written(ProtobufClientCodec codec, Command command) {
        ByteWriter out = new ByteWriter();
        codec.write(command, out);
        return out.toArray();
    }

    private static void field(ByteWriter out, int number, byte[] value) {
        out.put(number << 3 | 2).putVarint(value.length).put(value);
    }

    private static Reply next(ProtobufClientCodec codec, InputStream in) throws Exception {
        ByteWriter message = new ByteWriter();
        int length = 0;
        int oneByte;
        int shift = 0;
        do {
            oneByte = in.read();
            message.put(oneByte);
            length |= (oneByte & 0x7F) << shift;
            shift += 7;
        } while (oneByte >= 0x80);
        message.put(in.readNBytes(length));
        return Objects.requireNonNull(codec.next(ByteBuffer.wrap(message.toArray())));
    }

    @Test
    void theEndIsSaidInAPush() throws Exception {
        try (HttpDoors doors = new HttpDoors();
                Listening stream = doors.listen(doors.post("/connection/http_stream", CONNECT))) {
            String client = stream.json().at("/connect/client").asText();
            doors.api("disconnect", "{\"user\":\"\",\"client\":\"" + client + "\"}");
            assertThat(stream.json().at("/push/disconnect/code").asInt()).isEqualTo(3503);
            assertThat(stream.hasEnded()).isTrue();
        }
    }

    @Test
    void commandsThatMakeNoSenseEndTheStream() throws Exception {
        try (HttpDoors doors = new HttpDoors()) {
            String[] senseless = {
                "",
                "{",
                SUBSCRIBE,
                CONNECT + "\n" + CONNECT,
                "\u0004\u0008\u0001\"\u0000" // Protobuf, not said
            };
            for (String first : senseless) {
                try (Listening stream =
                        doors.listen(doors.post("/connection/http_stream", first))) {
                    JsonNode last = stream.json();
                    if (last.has("connect")) last = stream.json();
                    assertThat(last.at("/push/disconnect/code").asInt()).isEqualTo(3501);
                    assertThat(stream.hasEnded()).isTrue();
                }
            }
        }
    }

    @Test
    void requestsThatAreNoneGetTheirStatus() throws Exception {
        try (HttpDoors doors = new HttpDoors()) {
            assertThat(doors.status(doors.to("/connection/http_stream"))).isEqualTo(405);
            assertThat(doors.status(doors.to("/emulation"))).isEqualTo(405);
            assertThat(doors.status(doors.to("/connection/sse").DELETE())).isEqualTo(405);
            assertThat(doors.status(doors.to("/connection/sse"))).isEqualTo(400);
            assertThat(doors.status(doors.to("/connection/sse?cf_connect="))).isEqualTo(400);
            String long_ = "x".repeat(65_537);
            for (String path :
                    new String[] {"/connection/http_stream", "/connection/sse", "/emulation"})
                assertThat(doors.status(doors.post(path, long_))).isEqualTo(413);
            for (String body :
                    new String[] {"", "{", "[]", "{\"data\":{}}", "{\"node\":1}", "{}{}"})
                assertThat(doors.status(doors.post("/emulation", body))).as(body).isEqualTo(400);
            assertThat(
                            doors.status(
                                    doors.post("/emulation", "\u000f")
                                            .header("Content-Type", "application/octet-stream")))
                    .isEqualTo(400);
            assertThat(
                            doors.status(
                                    doors.post(
                                            "/emulation",
                                            "{\"node\":\"x\",\"session\":\"y\",\"data\":\"\"}")))
                    .isEqualTo(404);
        }
    }

    @Test
    void anUnknownSessionIsNobodysAndNoError() throws Exception {
        try (HttpDoors doors = new HttpDoors();
                Listening stream = doors.listen(doors.post("/connection/http_stream", CONNECT))) {
            JsonNode connected = stream.json().get("connect");
            String node = connected.get("node").asText();
            // not even the client's id, which others may see, names it
            for (String session : new String[] {"nobody", "", connected.get("client").asText()}) {
                assertThat(say(doors, node, session, SUBSCRIBE)).isEqualTo(204);
            }
            assertThat(
                            say(
                                    doors,
                                    connected,
                                    "{\"id\":5,\"presence_stats\":{\"channel\":\"news\"}}"))
                    .isEqualTo(204);
            assertThat(stream.json().get("id").asInt()).isEqualTo(5);
        }
    }

    @Test
    void pagesOfAllowedOriginsMaySpeakAndOthersMayNot() throws Exception {
        try (HttpDoors doors = new HttpDoors()) {
            for (String path : new String[] {"/connection/http_stream", "/emulation"}) {
                var preflight =
                        doors.send(
                                doors.to(path)
                                        .method("OPTIONS", BodyPublishers.noBody())
                                        .header("Origin", "https://good.example")
                                        .header("Access-Control-Request-Method", "POST")
                                        .header("Access-Control-Request-Headers", "content-type"));
                assertThat(preflight.statusCode()).isEqualTo(204);
                assertThat(preflight.headers().firstValue("Access-Control-Allow-Origin"))
                        .contains("https://good.example");
                assertThat(preflight.headers().firstValue("Access-Control-Allow-Headers"))
                        .contains("content-type");
                assertThat(
                                doors.status(
                                        doors.post(path, "{")
                                                .header("Origin", "https://bad.example")))
                        .isEqualTo(403);
            }
        }
    }

    @Test
    @SuppressWarnings("try") // closed early, which is what it is about
    void whoHasGoneIsNoLongerConnected() throws Exception {
        try (HttpDoors doors = new HttpDoors();
                Socket client = doors.tcp()) {
            OutputStream out = client.getOutputStream();
            out.write(
                    ("POST /connection/http_stream HTTP/1.1\r\nHost: x\r\nContent-Length: "
                                    + CONNECT.length()
                                    + "\r\n\r\n"
                                    + CONNECT)
                            .getBytes(StandardCharsets.US_ASCII));
            assertThat(client.getInputStream().read()).isEqualTo('H');
            while (doors.api("info", "{}").at("/nodes/0/num_clients").asInt() == 0)
                Thread.onSpinWait();
            client.close();
            while (doors.api("info", "{}").at("/nodes/0/num_clients").asInt() != 0)
                Thread.onSpinWait();
        }
    }

    @Test
    void theConnectionLimitHoldsOverAllDoors() throws Exception {
        try (HttpDoors doors = new HttpDoors("client.connection_limit", "2");
                Listening one = doors.listen(doors.post("/connection/http_stream", CONNECT));
                Listening two = doors.listen(doors.post("/connection/sse", CONNECT))) {
            assertThat(one.json().has("connect")).isTrue();
            assertThat(two.event().data().has("connect")).isTrue();
            assertThat(doors.status(doors.post("/connection/http_stream", CONNECT))).isEqualTo(503);
            assertThat(doors.status(doors.to("/connection/uni_sse"))).isEqualTo(503);
        }
    }

    private static int say(HttpDoors doors, JsonNode connected, String commands) throws Exception {
        return say(
                doors, connected.get("node").asText(), connected.get("session").asText(), commands);
    }

    private static int say(HttpDoors doors, String node, String session, String commands)
            throws Exception {
        String body =
                JSON.createObjectNode()
                        .put("node", node)
                        .put("session", session)
                        .put("data", commands)
                        .toString();
        return doors.status(doors.post("/emulation", body));
    }
}
