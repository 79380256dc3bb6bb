package dev.cardea.testkit.websocket;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cardea.wire.Bytes;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
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
    private static final String SWITCHING =
            String.join(
                    "\r\n",
                    "HTTP/1.1 101 Switching Protocols",
                    "Upgrade: websocket",
                    "Connection: Upgrade",
                    "sec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=",
                    "",
                    "");

    private final ServerSocket listening;
    private Socket served = new Socket();
    private String requested = "";

    RawWebSocketTest() throws IOException {
        listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    }

    @AfterEach
    void stopListening() throws IOException {
        listening.close();
    }

    @Test
    void framesBehindTheHandshakeAreReadInOrder() throws Exception {
        serve(
                SWITCHING,
                "81 02 68 69 | 82 01 ff | 89 01 70 | 8a 00 | 01 01 61 | 80 01 62 | 88 04 0d ad 6e 6f");
        try (RawWebSocket socket = dial().connect(SOON)) {
            assertThat(socket.responseHeader("Sec-WebSocket-Accept")).startsWith("s3pPLMB");
            assertThat(socket.next(SOON)).isEqualTo(new Incoming.Text("hi"));
            assertThat(socket.next(SOON))
                    .isEqualTo(new Incoming.Binary(Bytes.wrap(new byte[] {(byte) 0xFF})));
            assertThat(socket.next(SOON)).isEqualTo(new Incoming.Ping(Bytes.utf8("p")));
            assertThat(socket.next(SOON)).isEqualTo(new Incoming.Pong(Bytes.EMPTY));
            assertThat(socket.next(SOON)).isEqualTo(new Incoming.Text("ab"));
            assertThat(socket.next(SOON)).isEqualTo(new Incoming.Close(3501, "no"));
            socket.shutdownOutput();
            assertThat(socket.next(SOON)).isEqualTo(new Incoming.End());
            assertThat(socket.next(SOON)).isEqualTo(new Incoming.End());
        }
    }

    @Test
    void aRefusalHasItsStatusAndBody() {
        serve("HTTP/1.1 403 Forbidden\r\nContent-Length: 6\r\n\r\norigin", "");
        assertThatThrownBy(() -> dial().connect(SOON))
                .isInstanceOfSatisfying(
                        HandshakeRefused.class,
                        refused -> {
                            assertThat(refused.status()).isEqualTo(403);
                            assertThat(refused.body()).isEqualTo("origin");
                        });
    }

    @Test
    void aWrongAcceptIsNotedAsAnError() {
        serve(SWITCHING.replace("s3p", "x3p"), "");
        assertThatThrownBy(() -> dial().connect(SOON)).hasMessageContaining("Accept");
    }

    @Test
    void theRequestCarriesPathHeadersAndSubprotocolsAndFramesAreMasked() throws Exception {
        try (RawWebSocket socket = connectTo(dial().path("/a?b=c").header("Origin", "http://x"));
                Socket server = served) {
            socket.text("Hello");
            byte[] frame = server.getInputStream().readNBytes(11);
            assertThat(frame).startsWith(0x81, 0x85);
            for (int i = 0; i < 5; i++) frame[6 + i] ^= frame[2 + i % 4];
            assertThat(new String(frame, 6, 5, ISO_8859_1)).isEqualTo("Hello");
            socket.raw(new byte[] {1, 2, 3});
            assertThat(server.getInputStream().readNBytes(3)).containsExactly(1, 2, 3);
        }
        assertThat(requested)
                .startsWith("GET /a?b=c HTTP/1.1\r\n")
                .contains("\r\nOrigin: http://x\r\n")
                .contains("\r\nSec-WebSocket-Version: 13\r\n");
    }

    @Test
    void waitingEndsAtTheDeadline() throws Exception {
        try (RawWebSocket socket = connectTo(dial());
                Socket server = served) {
            server.getOutputStream().write(new byte[] {(byte) 0x81, 2, 'a'});
            assertThatThrownBy(() -> socket.next(Duration.ofMillis(50)))
                    .isInstanceOf(SocketTimeoutException.class);
            server.getOutputStream().write('b');
            assertThat(socket.next(SOON)).isEqualTo(new Incoming.Text("ab"));
        }
    }

    @Test
    void aResetIsSeenOnBothSides() throws Exception {
        try (RawWebSocket socket = connectTo(dial());
                Socket server = served) {
            socket.reset();
            assertThatThrownBy(() -> server.getInputStream().read())
                    .isInstanceOf(IOException.class);
        }
        try (RawWebSocket socket = connectTo(dial())) {
            served.setSoLinger(true, 0);
            served.close();
            assertThat(socket.next(SOON)).isEqualTo(new Incoming.Reset());
        }
    }

    private RawWebSocket.Dial dial() {
        return RawWebSocket.to("127.0.0.1", listening.getLocalPort());
    }

    /** Answers one handshake with bytes, then reads until the client has finished. */
    private void serve(String head, String hex) {
        Thread.ofVirtual()
                .start(() -> {
                    try (Socket server = listening.accept()) {
                        readHead(server.getInputStream());
                        OutputStream out = server.getOutputStream();
                        out.write(head.getBytes(ISO_8859_1));
                        out.write(HexFormat.of().parseHex(hex.replaceAll("[ |]", "")));
                        server.getInputStream().readAllBytes();
                    } catch (IOException e) {
                        // the client left, which its test looks at
                    }
                });
    }

    /** Connects, and leaves the server's end of the connection in {@link #served}. */
    private RawWebSocket connectTo(RawWebSocket.Dial dial) throws Exception {
        Thread accepting =
                Thread.ofVirtual()
                        .start(() -> {
                            try {
                                served = listening.accept();
                                requested = readHead(served.getInputStream());
                                served.getOutputStream().write(SWITCHING.getBytes(ISO_8859_1));
                            } catch (IOException e) {
                                throw new AssertionError(e);
                            }
                        });
        RawWebSocket socket = dial.connect(SOON);
        accepting.join();
        return socket;
    }

    private static String readHead(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) head.append((char) in.read());
        return head.toString();
    }
}
