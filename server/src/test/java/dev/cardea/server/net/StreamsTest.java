package dev.cardea.server.net;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cardea.server.net.RunningServer.Raw;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Responses that go on, on real sockets. */
@Timeout(60)
class StreamsTest {
    private static final String GET = "GET /stream HTTP/1.1\r\nHost: x\r\n\r\n";

    private final BlockingQueue<Recorded> begun = new LinkedBlockingQueue<>();
    private final NettyLoops loops = NettyLoops.start(1, 1 << 30);
    private Listener listener;

    @BeforeEach
    void start() throws IOException {
        HttpRoutes routes =
                HttpRoutes.builder().stream(
                                "GET", "/stream", (_, to) -> to.stream(head(), recorded()), 0)
                        .stream("POST", "/stream", (request, to) -> answer(request, to), 10)
                        .origins((origin, _) -> origin.equals("https://good.example"))
                        .build();
        listener =
                Listener.bind(loops, "127.0.0.1", 0, new HttpPipeline(routes, HttpLimits.DEFAULT));
    }

    private static void answer(Request request, StreamResponder to) {
        to.respond(Response.text(400, "not " + request.body().toUtf8()));
    }

    private static Response head() {
        return Response.empty(200).with("Content-Type", "text/event-stream");
    }

    private Recorded recorded() {
        return new Recorded(loops.current(), begun);
    }

    @AfterEach
    void close() {
        listener.close();
        loops.close();
    }

    @Test
    void whatIsWrittenBetweenTwoFlushesIsOneChunk() throws Exception {
        try (Raw client = open().send(GET)) {
            assertThat(client.head())
                    .startsWith("HTTP/1.1 200 OK\r\n")
                    .contains("Content-Type: text/event-stream\r\n")
                    .contains("Transfer-Encoding: chunked\r\n");
            Recorded source = begun();
            source.on(stream -> {
                write(stream, "a".repeat(10));
                write(stream, "b".repeat(10));
                stream.flush();
                write(stream, "c");
                stream.flush();
                stream.end();
            });
            assertThat(client.rest())
                    .isEqualTo(
                            "14\r\n" + "a".repeat(10) + "b".repeat(10) + "\r\n1\r\nc\r\n0\r\n\r\n");
            assertThat(source.events.poll(10, SECONDS)).isEqualTo("closed");
        }
    }

    @Test
    void nothingWrittenIsNoChunkSinceThatWouldBeTheLast() throws Exception {
        try (Raw client = open().send(GET)) {
            client.head();
            begun().on(stream -> {
                stream.write(ByteBuffer.allocate(0));
                stream.flush();
                write(stream, "x");
                stream.flush();
                stream.end();
            });
            assertThat(client.rest()).isEqualTo("1\r\nx\r\n0\r\n\r\n");
        }
    }

    @Test
    void aClientOfHttp10ReadsUntilTheConnectionCloses() throws Exception {
        try (Raw client = open().send("GET /stream HTTP/1.0\r\n\r\n")) {
            assertThat(client.head()).doesNotContain("Transfer-Encoding");
            begun().on(stream -> {
                write(stream, "hello");
                stream.flush();
                stream.end();
            });
            assertThat(client.rest()).isEqualTo("hello");
        }
    }

    @Test
    void aClientThatHasClosedItsHalfReadsOn() throws Exception {
        try (Raw client = open().send(GET)) {
            client.socket().shutdownOutput();
            client.head();
            Recorded source = begun();
            assertThat(source.events.poll(10, SECONDS)).isEqualTo("half-closed");
            source.on(stream -> {
                write(stream, "x");
                stream.flush();
                stream.end();
            });
            assertThat(client.rest()).isEqualTo("1\r\nx\r\n0\r\n\r\n");
        }
    }

    @Test
    void aClientThatHasGoneIsNoticedWithWhatIsWrittenNext() throws Exception {
        Recorded source;
        try (Raw client = open().send(GET)) {
            client.head();
            source = begun();
        }
        assertThat(source.events.poll(10, SECONDS)).isEqualTo("half-closed");
        source.on(stream -> {
            write(stream, "are you there");
            stream.flush();
        });
        assertThat(source.events.poll(10, SECONDS)).isEqualTo("closed");
    }

    @Test
    void aClientThatResetsIsGoneAtOnce() throws Exception {
        Recorded source;
        try (Raw client = open().send(GET)) {
            client.head();
            source = begun();
            client.socket().setSoLinger(true, 0);
        }
        assertThat(source.events.poll(10, SECONDS)).isEqualTo("closed");
    }

    @Test
    void whatAClientDoesNotTakeAtOnceArrivesWholeAndInOrderWhenItReads() throws Exception {
        try (Raw client = open().send(GET)) {
            client.head();
            Recorded source = begun();
            int[] flushes = new int[1];
            source.on(stream -> {
                for (; stream.isWritable(); flushes[0]++) {
                    write(stream, (char) ('a' + flushes[0] % 26) + "x".repeat(0xFFFE) + "\n");
                    stream.flush();
                }
                assertThat(stream.pendingBytes()).isPositive();
            });
            for (int i = 0; i < flushes[0]; i++) {
                byte[] chunk = client.socket().getInputStream().readNBytes(5 + 2 + 0x10000 + 2);
                String text = new String(chunk, ISO_8859_1);
                assertThat(text.substring(0, 8)).isEqualTo("10000\r\n" + (char) ('a' + i % 26));
                assertThat(text).endsWith("x\n\r\n");
            }
            assertThat(source.events.poll(10, SECONDS)).isEqualTo("writable");
        }
    }

    @Test
    void aClientThatNeverReadsIsGoneFiveSecondsAfterTheEnd() throws Exception {
        try (Raw client = open().send(GET)) {
            client.head();
            Recorded source = begun();
            source.on(stream -> {
                while (stream.isWritable()) {
                    write(stream, "x".repeat(0x10000));
                    stream.flush();
                }
                stream.end();
            });
            long beginNanos = System.nanoTime();
            assertThat(source.events.poll(20, SECONDS)).isEqualTo("closed");
            assertThat(System.nanoTime() - beginNanos).isBetween(4_000_000_000L, 15_000_000_000L);
        }
    }

    @Test
    void whoHasClosedItsHalfGetsAWholeAnswerAndThenTheEnd() throws Exception {
        String post = "POST /stream HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nme";
        try (Raw client = open().send(post)) {
            client.socket().shutdownOutput();
            assertThat(client.response()).startsWith("HTTP/1.1 400 ").endsWith("not me");
            assertThat(client.rest()).isEmpty();
        }
    }

    @Test
    void whatAClientSendsBehindItsRequestIsDropped() throws Exception {
        try (Raw client = open().send(GET + GET)) {
            client.head();
            Recorded source = begun();
            client.send(GET.repeat(100));
            source.on(stream -> {
                write(stream, "x");
                stream.flush();
            });
            assertThat(new String(client.socket().getInputStream().readNBytes(6), ISO_8859_1))
                    .isEqualTo("1\r\nx\r\n");
            assertThat(begun.poll(100, TimeUnit.MILLISECONDS)).isNull();
        }
    }

    @Test
    void aWholeResponseLeavesTheConnectionForTheNextRequest() throws Exception {
        String post = "POST /stream HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nme";
        try (Raw client = open().send(post + post)) {
            for (int i = 0; i < 2; i++) {
                assertThat(client.response()).startsWith("HTTP/1.1 400 ").endsWith("not me");
            }
            client.send("POST /stream HTTP/1.1\r\nHost: x\r\nContent-Length: 11\r\n\r\n");
            assertThat(client.response()).startsWith("HTTP/1.1 413 ");
        }
    }

    @Test
    void pagesOfAllowedOriginsMayReadAndOthersAreRefused() throws Exception {
        try (Raw client = open().send(from("https://good.example"))) {
            assertThat(client.head())
                    .startsWith("HTTP/1.1 200 ")
                    .contains("Access-Control-Allow-Origin: https://good.example\r\n")
                    .contains("Access-Control-Allow-Credentials: true\r\n");
        }
        begun();
        try (Raw client = open().send(from("https://bad.example"))) {
            assertThat(client.response()).startsWith("HTTP/1.1 403 ");
        }
        assertThat(begun).isEmpty();
    }

    private static String from(String origin) {
        return "GET /stream HTTP/1.1\r\nHost: x\r\nOrigin: " + origin + "\r\n\r\n";
    }

    @Test
    void othersMethodsAreRefused() throws Exception {
        try (Raw client = open().send("PUT /stream HTTP/1.1\r\nHost: x\r\n\r\n")) {
            assertThat(client.response())
                    .startsWith("HTTP/1.1 405 ")
                    .contains("Allow: GET, HEAD, POST, OPTIONS");
        }
    }

    private Raw open() throws IOException {
        return new Raw(new Socket(InetAddress.getLoopbackAddress(), listener.port()));
    }

    private Recorded begun() throws InterruptedException {
        Recorded source = begun.poll(10, SECONDS);
        assertThat(source).isNotNull();
        return source;
    }

    private static void write(ResponseStream stream, String text) {
        stream.write(text.getBytes(ISO_8859_1), 0, text.length());
    }

    /** Writes what the test says. */
    private static final class Recorded implements StreamSource {
        private final NettyLoop loop;
        private final BlockingQueue<Recorded> begun;
        final BlockingQueue<String> events = new LinkedBlockingQueue<>();
        private @Nullable ResponseStream stream;

        Recorded(NettyLoop loop, BlockingQueue<Recorded> begun) {
            this.loop = loop;
            this.begun = begun;
        }

        void on(Consumer<ResponseStream> action) throws Exception {
            loop.eventLoop()
                    .submit(() -> action.accept(Objects.requireNonNull(stream)))
                    .get(20, SECONDS);
        }

        @Override
        public NettyLoop loop() {
            return loop;
        }

        @Override
        public void begin(ResponseStream newStream) {
            stream = newStream;
            begun.add(this);
        }

        @Override
        public void writable() {
            events.add("writable");
        }

        @Override
        public void halfClosed() {
            events.add("half-closed");
        }

        @Override
        public void closed() {
            events.add("closed");
        }
    }
}
