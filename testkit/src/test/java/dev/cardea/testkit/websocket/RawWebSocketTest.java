package dev.cardea.testkit.websocket;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cardea.wire.Bytes;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.HexFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Against a server of a few lines, so that the client is judged by bytes written by hand. */
@Timeout(20)
class RawWebSocketTest {
    private static final Duration SOON = Duration.ofSeconds(5);

    private final ScriptedServer server;

    RawWebSocketTest() throws IOException {
        server = new ScriptedServer();
    }

    @AfterEach
    void stopListening() throws IOException {
        server.close();
    }

    @Test
    void framesAreReadInOrder() throws Exception {
        try (RawWebSocket socket = server.accept(dial())) {
            assertThat(socket.responseHeader("Sec-WebSocket-Accept")).startsWith("s3pPLMB");
            server.raw(hex("81 02 68 69 | 82 01 ff | 89 01 70 | 8a 00 | 01 01 61 | 80 01 62"));
            server.raw(hex("88 04 0d ad 6e 6f"));
            assertThat(socket.next(SOON)).isEqualTo(new Incoming.Text("hi"));
            assertThat(socket.next(SOON))
                    .isEqualTo(new Incoming.Binary(Bytes.wrap(new byte[] {(byte) 0xFF})));
            assertThat(socket.next(SOON)).isEqualTo(new Incoming.Ping(Bytes.utf8("p")));
            assertThat(socket.next(SOON)).isEqualTo(new Incoming.Pong(Bytes.EMPTY));
            assertThat(socket.next(SOON)).isEqualTo(new Incoming.Text("ab"));
            assertThat(socket.next(SOON)).isEqualTo(new Incoming.Close(3501, "no"));
            server.socket().shutdownOutput();
            assertThat(socket.next(SOON)).isEqualTo(new Incoming.End());
            assertThat(socket.next(SOON)).isEqualTo(new Incoming.End());
        }
    }

    @Test
    void framesThatCameWithTheHandshakeAreNotLost() throws Exception {
        String frame = new String(hex("81 02 68 69"), ISO_8859_1);
        try (RawWebSocket socket = server.accept(dial(), ScriptedServer.SWITCHING + frame)) {
            assertThat(socket.next(SOON)).isEqualTo(new Incoming.Text("hi"));
        }
    }

    @Test
    void aRefusalHasItsStatusAndBody() {
        String answer = "HTTP/1.1 403 Forbidden\r\nContent-Length: 6\r\n\r\norigin";
        assertThatThrownBy(() -> server.accept(dial(), answer))
                .isInstanceOfSatisfying(
                        HandshakeRefused.class,
                        refused -> {
                            assertThat(refused.status()).isEqualTo(403);
                            assertThat(refused.body()).isEqualTo("origin");
                        });
    }

    @Test
    void aWrongAcceptIsAnError() {
        String answer = ScriptedServer.SWITCHING.replace("s3p", "x3p");
        assertThatThrownBy(() -> server.accept(dial(), answer)).hasMessageContaining("Accept");
    }

    @Test
    void theRequestCarriesPathAndHeaders() throws Exception {
        RawWebSocket.Dial dial = dial().path("/a?b=c").header("Origin", "http://x");
        server.accept(dial).close();
        assertThat(server.requestHead())
                .startsWith("GET /a?b=c HTTP/1.1\r\n")
                .contains("\r\nOrigin: http://x\r\n")
                .contains("\r\nSec-WebSocket-Version: 13\r\n");
    }

    @Test
    void framesAreMaskedAndRawBytesAreNot() throws Exception {
        try (RawWebSocket socket = server.accept(dial())) {
            socket.text("Hello");
            assertThat(server.readText()).isEqualTo("Hello");
            socket.raw(new byte[] {1, 2, 3});
            assertThat(server.socket().getInputStream().readNBytes(3)).containsExactly(1, 2, 3);
        }
    }

    @Test
    void waitingEndsAtTheDeadlineAndLosesNothing() throws Exception {
        try (RawWebSocket socket = server.accept(dial())) {
            server.raw(hex("81 02 61"));
            assertThatThrownBy(() -> socket.next(Duration.ofMillis(50)))
                    .isInstanceOf(SocketTimeoutException.class);
            server.raw(hex("62"));
            assertThat(socket.next(SOON)).isEqualTo(new Incoming.Text("ab"));
        }
    }

    @Test
    void aResetReachesTheServer() throws Exception {
        RawWebSocket socket = server.accept(dial());
        socket.reset();
        assertThatThrownBy(() -> server.socket().getInputStream().read())
                .isInstanceOf(IOException.class);
    }

    @Test
    void aResetByTheServerIsSeen() throws Exception {
        try (RawWebSocket socket = server.accept(dial())) {
            server.socket().setSoLinger(true, 0);
            server.socket().close();
            assertThat(socket.next(SOON)).isEqualTo(new Incoming.Reset());
        }
    }

    private RawWebSocket.Dial dial() {
        return RawWebSocket.to("127.0.0.1", server.port());
    }

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text.replaceAll("[ |]", ""));
    }
}
