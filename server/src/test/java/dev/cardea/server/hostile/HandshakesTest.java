package dev.cardea.server.hostile;

import static dev.cardea.server.hostile.AttackedServer.SOON;
import static dev.cardea.server.hostile.AttackedServer.connect;
import static dev.cardea.server.hostile.BadCommandsTest.isClosedWith;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cardea.testkit.websocket.CentrifugeSocket;
import dev.cardea.testkit.websocket.HandshakeRefused;
import dev.cardea.testkit.websocket.Incoming;
import dev.cardea.testkit.websocket.RawWebSocket;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Before there is a client. */
@Timeout(120)
final class HandshakesTest {
    @Test
    void aHeadThatComesByteByByteIsCutOffAfterTenSeconds() throws Exception {
        try (AttackedServer server = AttackedServer.start();
                Socket slow = server.tcp();
                Socket mute = server.tcp()) {
            long begun = System.nanoTime();
            Thread writer = Thread.ofVirtual().start(() -> drip(server, slow));
            assertThat(endsWithoutAnAnswer(slow)).isTrue();
            assertThat(endsWithoutAnAnswer(mute)).isTrue();
            assertThat(System.nanoTime() - begun).isGreaterThan(9_000_000_000L);
            writer.join();
        }
    }

    private static boolean endsWithoutAnAnswer(Socket socket) throws IOException {
        try {
            return socket.getInputStream().read() < 0;
        } catch (SocketException _) {
            return true; // a reset
        }
    }

    /** One byte whenever a bystander was served, until the server has had enough. */
    private static void drip(AttackedServer server, Socket socket) {
        String head = "GET /connection/websocket HTTP/1.1\r\nHost: x\r\nX-Padding: ";
        try {
            OutputStream out = socket.getOutputStream();
            for (int i = 0; ; i++) {
                out.write(i < head.length() ? head.charAt(i) : 'x');
                server.bystander().await(10);
            }
        } catch (IOException | InterruptedException _) {
            // as it should
        }
    }

    @Test
    void aHeadThatIsTooLongIsRefused() throws Exception {
        try (AttackedServer server = AttackedServer.start()) {
            refused(server.dial().path("/connection/websocket?" + "x".repeat(10_000)), 414);
            refused(server.dial().header("X-Padding", "x".repeat(20_000)), 431);
        }
    }

    @Test
    void nothingThatIsNoHttpIsAnsweredWithMoreThanOneLine() throws Exception {
        try (AttackedServer server = AttackedServer.start();
                Socket socket = server.tcp()) {
            socket.getOutputStream()
                    .write(new byte[] {0x16, 3, 1, 2, 0, 1, '\r', '\n', '\r', '\n'});
            String answer = new String(socket.getInputStream().readAllBytes(), US_ASCII);
            assertThat(answer).startsWith("HTTP/1.1 400");
        }
    }

    @Test
    void oneConnectionTooManyIsRefusedUntilAnotherLeaves() throws Exception {
        // Two of the bystander, and one more.
        try (AttackedServer server =
                AttackedServer.start("client: {insecure: true, connection_limit: 3}")) {
            CentrifugeSocket last = server.connected();
            refused(server.dial(), 503);
            last.socket().closeFrame(1000, "");
            isClosedWith(1000, last);
            last.close();
            server.connected().close();
        }
    }

    @Test
    void whoHasNotConnectedYetTakesAPlaceToo() throws Exception {
        try (AttackedServer server =
                AttackedServer.start("client: {insecure: true, connection_limit: 3}")) {
            RawWebSocket silent = server.open();
            refused(server.dial(), 503);
            silent.closeFrame(1000, "");
            assertThat(silent.next(SOON)).isInstanceOf(Incoming.Close.class);
            silent.close();
            server.connected().close();
        }
    }

    @Test
    void anotherOriginIsRefused() throws Exception {
        try (AttackedServer server =
                AttackedServer.start(
                        "client: {insecure: true, allowed_origins: [\"https://*.good.example\"]}")) {
            refused(server.dial().header("Origin", "https://bad.example"), 403);
            refused(server.dial().header("Origin", "https://x.good.example.bad.example"), 403);
            refused(server.dial().header("Origin", "null"), 403);
            refused(server.dial().header("Origin", "https://" + "a.good.".repeat(1_000)), 403);
            server.dial().header("Origin", "https://Chat.Good.Example").connect(SOON).close();
        }
    }

    @Test
    void anUnknownSubprotocolIsNotChosenAndJsonIsSpoken() throws Exception {
        try (AttackedServer server = AttackedServer.start();
                RawWebSocket socket =
                        server.dial()
                                .subprotocols(List.of("mqtt", "x".repeat(1_000)))
                                .connect(SOON)) {
            assertThat(socket.responseHeader("Sec-WebSocket-Protocol")).isEmpty();
            AttackedServer.connected(CentrifugeSocket.json(socket));
        }
    }

    @Test
    void aTokenWithinTheLimitThatIsNoneIsRefused() throws Exception {
        try (AttackedServer server = AttackedServer.start(WITH_SECRET);
                CentrifugeSocket client = CentrifugeSocket.json(server.open())) {
            client.send(connect("e30." + "a".repeat(60_000) + ".c2ln"));
            isClosedWith(3500, client);
        }
    }

    @Test
    void aTokenOfAMegabyteIsRefused() throws Exception {
        try (AttackedServer server =
                        AttackedServer.start(
                                WITH_SECRET + "\nwebsocket: {message_size_limit: 2097152}");
                CentrifugeSocket client = CentrifugeSocket.json(server.open())) {
            client.send(connect("e30." + "a".repeat(1 << 20) + ".c2ln"));
            isClosedWith(3500, client);
        }
    }

    private static final String WITH_SECRET =
            "client: {insecure: true, token: {hmac_secret_key: a-secret-of-the-right-length-for-hmac}}";

    private static void refused(RawWebSocket.Dial dial, int status) {
        assertThatThrownBy(() -> dial.connect(SOON))
                .isInstanceOfSatisfying(
                        HandshakeRefused.class,
                        refused -> assertThat(refused.status()).isEqualTo(status));
    }
}
