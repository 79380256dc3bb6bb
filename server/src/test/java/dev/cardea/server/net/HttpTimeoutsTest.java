package dev.cardea.server.net;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.concurrent.MockTicker;
import io.netty.util.concurrent.Ticker;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What slow and idle clients see, on a clock that the test moves. */
class HttpTimeoutsTest {
    private final MockTicker clock = Ticker.newMockTicker();
    private final List<Responder> waiting = new ArrayList<>();
    private final EmbeddedChannel channel =
            EmbeddedChannel.builder()
                    .ticker(clock)
                    .handlers(
                            new HttpPipeline(
                                    HttpRoutes.builder()
                                            .get("/later", (request, to) -> waiting.add(to))
                                            .post("/body", HttpTimeoutsTest::fine, 100)
                                            .build(),
                                    HttpLimits.DEFAULT))
                    .build();

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    @Test
    void aConnectionThatSaysNothingIsClosedAfterTheHeadTimeout() {
        pass(9_999);
        assertThat(channel.isOpen()).isTrue();
        pass(2);
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void aHeadThatComesByteByByteIsNoExcuse() {
        String head = "GET /later HTTP/1.1\r\nHost: x\r\nX-Padding: ";
        for (int i = 0; i < 10; i++) {
            send(head.substring(i, i + 1));
            pass(990);
        }
        assertThat(channel.isOpen()).isTrue();
        pass(101);
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void aSlowBodyIs408() {
        send("POST /body HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n");
        for (int i = 0; i < 9; i++) {
            pass(3_300);
            send("a");
        }
        assertThat(sent()).isEmpty();
        pass(301);
        assertThat(sent()).startsWith("HTTP/1.1 408");
        pass(2_001);
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void anEndpointMayTakeItsTime() {
        send("GET /later HTTP/1.1\r\nHost: x\r\n\r\n");
        pass(59_999);
        waiting.removeFirst().respond(Response.text(200, "at last"));
        assertThat(sent()).endsWith("at last");
        pass(59_999);
        assertThat(channel.isOpen()).isTrue();
    }

    @Test
    void anEndpointThatNeverAnswersIs503AndTheEndOfTheConnection() {
        send("GET /later HTTP/1.1\r\nHost: x\r\n\r\nGET /later HTTP/1.1\r\nHost: x\r\n\r\n");
        pass(60_001);
        assertThat(sent()).startsWith("HTTP/1.1 503").contains("connection: close");
        assertThat(waiting).hasSize(1); // the second request was not begun
        waiting.removeFirst().respond(Response.text(200, "too late"));
        assertThat(sent()).isEmpty();
        pass(2_001);
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void betweenRequestsAConnectionMayIdleForAMinute() {
        for (int i = 0; i < 3; i++) {
            send("POST /body HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n");
            assertThat(sent()).startsWith("HTTP/1.1 200");
            pass(59_999);
            assertThat(channel.isOpen()).isTrue();
        }
        pass(2);
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void aFurtherHeadHasTheHeadTimeoutFromItsFirstByte() {
        send("POST /body HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n");
        pass(30_000);
        send("POST");
        pass(9_999);
        send(" /body HT");
        assertThat(channel.isOpen()).isTrue();
        pass(2);
        assertThat(channel.isOpen()).isFalse();
    }

    private void send(String text) {
        channel.writeInbound(Unpooled.copiedBuffer(text, ISO_8859_1));
    }

    private String sent() {
        StringBuilder text = new StringBuilder();
        for (ByteBuf out = channel.readOutbound(); out != null; out = channel.readOutbound()) {
            text.append(out.toString(ISO_8859_1));
            out.release();
        }
        return text.toString();
    }

    private void pass(long millis) {
        clock.advance(millis, MILLISECONDS);
        channel.runScheduledPendingTasks();
        channel.runPendingTasks();
    }

    private static void fine(Request request, Responder to) {
        to.respond(Response.empty(200));
    }
}
