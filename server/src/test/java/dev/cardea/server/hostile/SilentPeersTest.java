package dev.cardea.server.hostile;

import static dev.cardea.server.hostile.AttackedServer.SOON;
import static dev.cardea.server.hostile.AttackedServer.publish;
import static dev.cardea.server.hostile.AttackedServer.subscribe;
import static dev.cardea.server.hostile.BadCommandsTest.isClosedWith;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cardea.testkit.websocket.CentrifugeSocket;
import dev.cardea.testkit.websocket.Incoming;
import dev.cardea.testkit.websocket.RawWebSocket;
import dev.cardea.wire.centrifuge.Push;
import dev.cardea.wire.centrifuge.Reply;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Peers that don't say what they should, or nothing at all any more. One that vanished without a
 * FIN, half-open (RFC 9293 section 3.5.1), looks to the server like one that neither reads nor
 * writes: which is what these do.
 */
@Timeout(120)
final class SilentPeersTest {
    private static final String WATCHED =
            """
            channel:
              namespaces:
                - {name: watched, join_leave: true, force_push_join_leave: true}
            """;

    @Test
    void whoNeverConnectsIsStale() throws Exception {
        try (AttackedServer server =
                        AttackedServer.start("client: {insecure: true, stale_close_delay: 2s}");
                CentrifugeSocket silent = CentrifugeSocket.json(server.open());
                CentrifugeSocket pinging = CentrifugeSocket.json(server.open())) {
            pinging.socket().ping(new byte[] {1}); // WebSocket's own pings are no sign of a client
            isClosedWith(3502, silent);
            isClosedWith(3502, pinging);
        }
    }

    @Test
    void anUnansweredPingEndsTheConnection() throws Exception {
        try (AttackedServer server = withPings();
                CentrifugeSocket client = server.connected()) {
            client.answersPings(false);
            client.await(Reply.Ping.class, SOON);
            isClosedWith(3012, client);
        }
    }

    @Test
    void aVanishedPeerWithNothingPendingIsFoundByItsMissingPong() throws Exception {
        try (AttackedServer server = withPings();
                CentrifugeSocket watcher = watcher(server);
                CentrifugeSocket vanished = server.connected()) {
            vanished.send(subscribe(2, "watched:door"));
            hasLeft(watcher);
            assertThat(vanished.awaitEnd(SOON))
                    .isInstanceOfSatisfying(
                            Incoming.Close.class,
                            close -> assertThat(close.code()).isEqualTo(3012));
            // It never sends its close frame: five seconds later the server stops waiting.
            assertThat(vanished.socket().end(SOON)).isEqualTo(new Incoming.End());
        }
    }

    @Test
    void aVanishedPeerWithBytesPendingIsFoundByTheWriteTimeout() throws Exception {
        try (AttackedServer server =
                        AttackedServer.start(
                                "client: {insecure: true, slow_consumer_timeout: 1s}\n" + WATCHED);
                CentrifugeSocket watcher = watcher(server);
                CentrifugeSocket publisher = server.connected();
                CentrifugeSocket vanished = stoppedReader(server)) {
            vanished.send(subscribe(2, "watched:door"), subscribe(3, "bulk"));
            watcher.await(
                    reply -> reply instanceof Reply.Pushed(Push push) && push instanceof Push.Join,
                    SOON);
            vanished.answer(3, SOON);
            Memory memory = new Memory();
            String payload = "\"" + "x".repeat(32_000) + "\"";
            for (int i = 0; i < 300; i++) {
                publisher.send(publish(10 + i, "bulk", payload));
                publisher.answer(10 + i, SOON);
            }
            hasLeft(watcher);
            // What it had not taken is dropped with the connection, behind what the kernel had.
            assertThat(vanished.socket().end(SOON)).isIn(new Incoming.End(), new Incoming.Reset());
            assertThat(memory.grownBytes()).isLessThan(12 << 20);
        }
    }

    private static AttackedServer withPings() throws Exception {
        return AttackedServer.start(
                "client: {insecure: true, ping_interval: 3s, pong_timeout: 2s}\n" + WATCHED);
    }

    private static CentrifugeSocket stoppedReader(AttackedServer server) throws IOException {
        RawWebSocket.Dial dial = server.dial().receiveBufferBytes(4096);
        return AttackedServer.connected(CentrifugeSocket.json(dial.connect(SOON)));
    }

    private static CentrifugeSocket watcher(AttackedServer server) throws IOException {
        CentrifugeSocket watcher = server.connected();
        watcher.send(subscribe(2, "watched:door"));
        watcher.answer(2, SOON);
        return watcher;
    }

    private static void hasLeft(CentrifugeSocket watcher) throws IOException {
        watcher.await(
                reply -> reply instanceof Reply.Pushed(Push push) && push instanceof Push.Leave,
                SOON);
    }
}
