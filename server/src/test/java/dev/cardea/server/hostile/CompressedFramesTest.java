package dev.cardea.server.hostile;

import static dev.cardea.server.hostile.AttackedServer.SOON;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cardea.testkit.websocket.Incoming;
import dev.cardea.testkit.websocket.RawWebSocket;
import dev.cardea.wire.ByteWriter;
import dev.cardea.wire.websocket.MessageDeflater;
import dev.cardea.wire.websocket.Opcode;
import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Compressed messages, raw: what is agreed to, understood, and refused. */
@Timeout(120)
@SuppressWarnings("NullAway.Init")
class CompressedFramesTest {
    private static final String AGREED =
            "permessage-deflate; server_no_context_takeover; client_no_context_takeover";

    private AttackedServer server;

    @BeforeEach
    void start() throws Exception {
        server =
                AttackedServer.start(
                        "{client: {insecure: true}, websocket: {compression: true,"
                                + " compression_min_size: 200}}");
    }

    @AfterEach
    void theBystanderHasNotNoticed() throws Exception {
        server.close();
    }

    private RawWebSocket open(String offer) throws IOException {
        return server.dial().header("Sec-WebSocket-Extensions", offer).connect(SOON);
    }

    private static byte[] deflated(byte[] message) {
        try (MessageDeflater deflater = new MessageDeflater(9)) {
            ByteWriter out = new ByteWriter();
            deflater.deflate(message, 0, message.length, out);
            return out.toArray();
        }
    }

    @Test
    void theAnswerSaysWhatWasAgreed() throws Exception {
        try (RawWebSocket socket = open("permessage-deflate; client_max_window_bits")) {
            assertThat(socket.responseHeader("Sec-WebSocket-Extensions")).isEqualTo(AGREED);
        }
        try (RawWebSocket socket = open("permessage-deflate; server_max_window_bits=10")) {
            assertThat(socket.responseHeader("Sec-WebSocket-Extensions")).isEmpty();
            isClosedWith(1002, socket, Opcode.TEXT | Opcode.COMPRESSED, deflated(new byte[0]));
        }
    }

    @Test
    void commandsAreInflatedAlsoInFragmentsWithAPingBetween() throws Exception {
        try (RawWebSocket socket = open("permessage-deflate")) {
            byte[] message = deflated("{\"id\":1,\"connect\":{}}\n".getBytes(UTF_8));
            socket.raw(masked(0x41, Arrays.copyOf(message, 5)));
            socket.ping(new byte[] {'?'});
            socket.raw(masked(0x80, Arrays.copyOfRange(message, 5, message.length)));
            assertThat(socket.next(SOON)).isInstanceOf(Incoming.Pong.class);
            assertThat(((Incoming.Text) socket.next(SOON)).text()).contains("\"id\":1,\"connect\"");
        }
    }

    private static byte[] masked(int first, byte[] payload) {
        return new ByteWriter()
                .put(first)
                .put(0x80 | payload.length)
                .put(new byte[4])
                .put(payload)
                .toArray();
    }

    @Test
    void aBombIsNotInflatedBeyondTheLimit() throws Exception {
        try (RawWebSocket socket = open("permessage-deflate")) {
            byte[] bomb = deflated(new byte[60 << 20]);
            assertThat(bomb.length).isLessThan(65_536);
            isClosedWith(1009, socket, Opcode.BINARY | Opcode.COMPRESSED, bomb);
        }
        try (RawWebSocket socket = open("permessage-deflate")) {
            isClosedWith(
                    1009, socket, Opcode.BINARY | Opcode.COMPRESSED, deflated(new byte[65_537]));
        }
    }

    @Test
    void whatDoesNotInflateIs1007() throws Exception {
        try (RawWebSocket socket = open("permessage-deflate")) {
            isClosedWith(1007, socket, Opcode.TEXT | Opcode.COMPRESSED, new byte[] {7, 7, 7});
        }
        try (RawWebSocket socket = open("permessage-deflate")) {
            byte[] latin1 = deflated(new byte[] {'{', (byte) 0xE9, '}'});
            isClosedWith(1007, socket, Opcode.TEXT | Opcode.COMPRESSED, latin1);
        }
    }

    @Test
    void theBitWhereItMeansNothingIs1002() throws Exception {
        try (RawWebSocket socket = open("permessage-deflate")) {
            isClosedWith(1002, socket, Opcode.PING | Opcode.COMPRESSED, new byte[0]);
        }
        try (RawWebSocket socket = open("permessage-deflate")) {
            socket.raw(masked(0x01, new byte[] {'{'}));
            isClosedWith(1002, socket, Opcode.COMPRESSED, new byte[] {'}'});
        }
    }

    private static void isClosedWith(int code, RawWebSocket socket, int opcode, byte[] payload)
            throws IOException {
        socket.frame(opcode, payload);
        Incoming incoming = socket.next(SOON);
        assertThat(incoming).isInstanceOf(Incoming.Close.class);
        assertThat(((Incoming.Close) incoming).code()).isEqualTo(code);
    }
}
