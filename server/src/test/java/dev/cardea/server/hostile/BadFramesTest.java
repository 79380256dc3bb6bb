package dev.cardea.server.hostile;

import static dev.cardea.server.hostile.AttackedServer.SOON;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cardea.testkit.websocket.Incoming;
import dev.cardea.testkit.websocket.RawWebSocket;
import dev.cardea.wire.ByteWriter;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.websocket.Opcode;
import java.io.IOException;
import java.net.Socket;
import java.util.HexFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What breaks RFC 6455, before any command is read. */
@Timeout(120)
@SuppressWarnings({"NullAway.Init", "AddressSelection", "StringConcatToTextBlock"})
class BadFramesTest {
    private AttackedServer server;

    @BeforeEach
    void start() throws Exception {
        server = AttackedServer.start();
    }

    @AfterEach
    void theBystanderHasNotNoticed() throws Exception {
        server.close();
    }

    @Test
    void aFrameOverTheLimitIsRefusedAtItsHeader() throws Exception {
        // 65,537 bytes of text are announced, none is sent.
        isClosedWith(1009, "81 ff 0000000000010001 00000000");
    }

    @Test
    void aFrameOfSixteenGigabytesIsRefusedAtItsHeader() throws Exception {
        isClosedWith(1009, "82 ff 0000000400000000 00000000");
    }

    @Test
    void fragmentsOverTheLimitAreRefused() throws Exception {
        try (RawWebSocket socket = server.open()) {
            ByteWriter fragments = new ByteWriter();
            for (int i = 0; i < 3; i++) {
                fragments.put(bytes(i == 0 ? "01 fe 6000 00000000" : "00 fe 6000 00000000"));
                fragments.put(new byte[0x6000]);
            }
            socket.raw(fragments.toArray());
            isClosedWith(1009, socket);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "81 82 00000000 c328", // no continuation byte
                "81 83 00000000 eda080", // a surrogate
                "81 82 00000000 c0af", // overlong
                "81 84 00000000 f4908080", // above U+10FFFF
                "81 81 00000000 e2", // ends inside a character
                "01 81 00000000 ff", // already in the first fragment
                "88 84 00000000 03e8 c328" // a close reason
            })
    void textThatIsNoUtf8Is1007(String frame) throws Exception {
        isClosedWith(1007, frame);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "81 01 61", // not masked
                "c1 81 00000000 61", // RSV1, without an extension
                "83 81 00000000 61", // a reserved opcode
                "8b 80 00000000", // a reserved control opcode
                "80 81 00000000 61", // continues nothing
                "01 81 00000000 61 81 81 00000000 61", // a message inside another
                "09 80 00000000", // a fragmented ping
                "89 fe 007e 00000000", // a ping of 126 bytes
                "81 fe 0001 00000000 61", // a length that should have been shorter
                "81 ff 8000000000000000 00000000" // a length with its top bit set
            })
    void aFrameThatBreaksTheRulesIs1002(String frame) throws Exception {
        isClosedWith(1002, frame);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65535})
    void aCloseCodeThatNobodyMaySendIs1002(int code) throws Exception {
        isClosedWith(1002, "88 82 00000000 %04x".formatted(code));
    }

    @Test
    void aCloseFrameOfOneByteIs1002() throws Exception {
        isClosedWith(1002, "88 81 00000000 03");
    }

    @ParameterizedTest
    @ValueSource(ints = {1000, 1001, 1011, 1014, 3000, 4999})
    void anyOtherCloseIsEchoed(int code) throws Exception {
        isClosedWith(code, "88 82 00000000 %04x".formatted(code));
    }

    @Test
    void aCloseWithoutACodeIsEchoedAsNormal() throws Exception {
        isClosedWith(1000, "88 80 00000000");
    }

    @Test
    void whatFollowsABrokenFrameIsDropped() throws Exception {
        try (RawWebSocket socket = server.open()) {
            socket.raw(bytes("83 80 00000000"));
            byte[] more = new byte[1 << 20];
            try {
                for (int i = 0; i < 64; i++) socket.raw(more);
            } catch (IOException _) {
                // the server may have given up before we did
            }
            assertThat(socket.end(SOON)).isIn(new Incoming.End(), new Incoming.Reset());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "81",
                "81 fe",
                "81 fe ff00",
                "81 fe ff00 00000000",
                "81 fe ff00 00000000 7b"
            })
    void aResetInTheMiddleOfAFrameHarmsNobody(String part) throws Exception {
        for (int i = 0; i < 20; i++) {
            RawWebSocket socket = server.open();
            socket.raw(bytes(part));
            socket.reset();
        }
        server.bystander().await(10);
    }

    @Test
    void aPingInOnePacketWithTheHandshakeIsAnsweredBehindIt() throws Exception {
        String handshake =
                """
                GET /connection/websocket HTTP/1.1
                Host: x
                Upgrade: websocket
                Connection: Upgrade
                Sec-WebSocket-Version: 13
                Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==

                """;
        try (Socket socket = server.tcp()) {
            ByteWriter out = new ByteWriter();
            out.putAscii(handshake.replace("\n", "\r\n"));
            out.put(bytes("89 81 00000000 61"));
            socket.getOutputStream().write(out.toArray());
            byte[] first = socket.getInputStream().readNBytes(12);
            assertThat(new String(first, US_ASCII)).isEqualTo("HTTP/1.1 101");
        }
    }

    @Test
    void aPingBetweenFragmentsIsAnsweredAtOnce() throws Exception {
        try (RawWebSocket socket = server.open()) {
            socket.raw(bytes("01 81 00000000 7b"));
            socket.frame(Opcode.PING, new byte[] {1, 2, 3});
            assertThat(socket.next(SOON))
                    .isEqualTo(new Incoming.Pong(Bytes.wrap(new byte[] {1, 2, 3})));
        }
    }

    private void isClosedWith(int code, String frames) throws IOException {
        try (RawWebSocket socket = server.open()) {
            socket.raw(bytes(frames));
            isClosedWith(code, socket);
        }
    }

    private static void isClosedWith(int code, RawWebSocket socket) throws IOException {
        assertThat(socket.next(SOON))
                .isInstanceOfSatisfying(
                        Incoming.Close.class, close -> assertThat(close.code()).isEqualTo(code));
        assertThat(socket.next(SOON)).isEqualTo(new Incoming.End());
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }
}
