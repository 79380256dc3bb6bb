package dev.cardea.server.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cardea.testkit.websocket.HandshakeRefused;
import dev.cardea.testkit.websocket.Incoming;
import dev.cardea.testkit.websocket.RawWebSocket;
import dev.cardea.wire.ByteWriter;
import dev.cardea.wire.websocket.FrameListener;
import dev.cardea.wire.websocket.FrameReader;
import dev.cardea.wire.websocket.FrameWriter;
import dev.cardea.wire.websocket.Handshake;
import dev.cardea.wire.websocket.Opcode;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class UpgradeTest {
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final String HANDSHAKE =
            "GET /socket HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                    .concat("Sec-WebSocket-Version: 13\r\n")
                    .concat("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n");

    private final BlockingQueue<Responder> waiting = new LinkedBlockingQueue<>();
    private final RunningServer server =
            new RunningServer(
                    HttpRoutes.builder()
                            .upgrade("/socket", UpgradeTest::accept)
                            .get("/later", (request, to) -> waiting.add(to))
                            .get("/hello", (request, to) -> to.respond(Response.text(200, "hi")))
                            .origins((origin, head) -> origin.equals("https://good.example"))
                            .build(),
                    HttpLimits.DEFAULT);

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void theHandlerIsAllThatIsLeftInThePipeline() throws Exception {
        try (RawWebSocket socket = dial().connect(SOON)) {
            assertThat(socket.next(SOON)).isEqualTo(new Incoming.Text("[websocket]"));
            socket.text("echo");
            assertThat(socket.next(SOON)).isEqualTo(new Incoming.Text("echo"));
        }
    }

    @Test
    void theTargetChoosesTheSubprotocol() throws Exception {
        try (RawWebSocket socket = dial().subprotocols(List.of("mqtt", "echo")).connect(SOON)) {
            assertThat(socket.responseHeader("Sec-WebSocket-Protocol")).isEqualTo("echo");
        }
        try (RawWebSocket socket = dial().subprotocols(List.of("mqtt")).connect(SOON)) {
            assertThat(socket.responseHeader("Sec-WebSocket-Protocol")).isEmpty();
        }
    }

    @Test
    void framesSentWithTheHandshakeReachTheHandler() throws Exception {
        ByteWriter early = new ByteWriter();
        early.putAscii(HANDSHAKE + "\r\n");
        FrameWriter.masked(Opcode.TEXT, utf8("early"), 7, early);
        try (RunningServer.Raw raw = server.open()) {
            raw.socket().getOutputStream().write(early.toArray());
            assertThat(raw.head()).startsWith("HTTP/1.1 101");
            String frames = "\u0081\u000b[websocket]\u0081\u0005early";
            byte[] read = raw.socket().getInputStream().readNBytes(frames.length());
            assertThat(new String(read, StandardCharsets.ISO_8859_1)).isEqualTo(frames);
        }
    }

    @Test
    void aConnectionMayBeUpgradedAfterOtherRequests() throws Exception {
        try (RunningServer.Raw raw = server.open()) {
            raw.send("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n");
            assertThat(raw.response()).endsWith("hi");
            raw.send(HANDSHAKE + "\r\n");
            assertThat(raw.head()).startsWith("HTTP/1.1 101");
        }
    }

    @Test
    void aWebSocketOutlivesTheTimeoutsOfHttp() throws Exception {
        Duration moment = Duration.ofMillis(50);
        HttpLimits strict =
                new HttpLimits(1000, 1000, moment, moment, moment, moment, moment, moment);
        HttpRoutes routes = HttpRoutes.builder().upgrade("/socket", UpgradeTest::accept).build();
        try (RunningServer quick = new RunningServer(routes, strict);
                RunningServer.Raw idle = quick.open();
                RawWebSocket socket =
                        RawWebSocket.to("127.0.0.1", quick.port()).path("/socket").connect(SOON)) {
            // A connection opened before it has been closed, and another after it.
            assertThat(idle.rest()).isEmpty();
            try (RunningServer.Raw later = quick.open()) {
                assertThat(later.rest()).isEmpty();
            }
            socket.next(SOON);
            socket.text("still here");
            assertThat(socket.next(SOON)).isEqualTo(new Incoming.Text("still here"));
        }
    }

    @Test
    void otherOriginsAreRefused() throws Exception {
        refused(dial().header("Origin", "https://bad.example"), 403, "origin");
        refused(dial().header("Origin", "null"), 403, "origin");
        dial().header("Origin", "https://good.example").connect(SOON).close();
    }

    @Test
    void aBadHandshakeIsRefused() {
        refused(dial().header("Sec-WebSocket-Version", "8"), 426, "13");
        refused(dial().header("Sec-WebSocket-Key", "x"), 400, "Key");
        refused(dial().header("Connection", "keep-alive"), 400, "Connection");
        refused(dial().header("Upgrade", "h2c"), 426, "WebSocket");
        refused(dial().header("Upgrade", ""), 426, "WebSocket");
        refused(dial().header("Content-Length", "5"), 413, "body");
    }

    @Test
    void aTargetMayRefuse() {
        refused(dial().path("/socket?full=yes"), 503, "no room");
    }

    @Test
    void otherPathsKnowNoWebSocket() {
        refused(dial().path("/else"), 404, "not found");
    }

    @Test
    void anUpgradeBehindAnUnansweredRequestIsRefused() throws Exception {
        try (RunningServer.Raw raw = server.open()) {
            raw.send("GET /later HTTP/1.1\r\nHost: x\r\n\r\n" + HANDSHAKE + "\r\n");
            waiting.take().respond(Response.text(200, "hi"));
            assertThat(raw.response()).endsWith("hi");
            assertThat(raw.rest()).startsWith("HTTP/1.1 400");
        }
    }

    private RawWebSocket.Dial dial() {
        return RawWebSocket.to("127.0.0.1", server.port()).path("/socket");
    }

    private static void refused(RawWebSocket.Dial dial, int status, String body) {
        assertThatThrownBy(() -> dial.connect(SOON))
                .isInstanceOfSatisfying(
                        HandshakeRefused.class,
                        refused -> {
                            assertThat(refused.status()).isEqualTo(status);
                            assertThat(refused.body()).contains(body);
                        });
    }

    private static Upgrade accept(RequestHead head) {
        if (head.parameter("full") != null) return new Upgrade.Refused(503, "no room");
        return new Upgrade.To(
                new Echo(),
                Handshake.subprotocol(
                        head.headers("Sec-WebSocket-Protocol"), List.of("echo", "other")));
    }

    private static ByteBuffer utf8(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Says which handlers are in the pipeline, then echoes. */
    @SuppressWarnings("FutureReturnValueIgnored")
    private static final class Echo extends ChannelInboundHandlerAdapter implements FrameListener {
        private final FrameReader reader = new FrameReader(FrameReader.Side.SERVER, 1000);
        private final ByteWriter out = new ByteWriter();

        @Override
        public void handlerAdded(ChannelHandlerContext context) {
            context.executor().execute(() -> send(context, utf8(handlers(context))));
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ByteBuf in = (ByteBuf) message;
            context.executor()
                    .execute(() -> {
                        reader.read(in.nioBuffer(), this);
                        in.release();
                        context.writeAndFlush(Unpooled.copiedBuffer(out.written()));
                        out.clear();
                    });
        }

        private static String handlers(ChannelHandlerContext context) {
            List<String> names = context.pipeline().names();
            return names.subList(0, names.size() - 1).toString(); // without Netty's own tail
        }

        private void send(ChannelHandlerContext context, ByteBuffer text) {
            FrameWriter.frame(Opcode.TEXT, text, out);
            context.writeAndFlush(Unpooled.copiedBuffer(out.written()));
            out.clear();
        }

        @Override
        public boolean message(boolean text, ByteBuffer payload) {
            FrameWriter.frame(Opcode.TEXT, payload, out);
            return true;
        }

        @Override
        public boolean ping(ByteBuffer payload) {
            return true;
        }

        @Override
        public boolean pong(ByteBuffer payload) {
            return true;
        }

        @Override
        public void close(int code, String reason) {}
    }
}
