package dev.cardea.server.hostile;

import static dev.cardea.server.hostile.AttackedServer.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cardea.testkit.websocket.Incoming;
import dev.cardea.testkit.websocket.RawWebSocket;
import dev.cardea.wire.ByteWriter;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.websocket.FrameWriter;
import dev.cardea.wire.websocket.Opcode;
import java.io.IOException;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a hostile PeerJS client does, while two others talk with each other. */
@Timeout(120)
@SuppressWarnings("NullAway.Init")
class PeerAttacksTest {
    private AttackedServer server;
    private RawWebSocket ann;
    private RawWebSocket bob;
    private int said;

    @BeforeEach
    void start() throws Exception {
        server =
                AttackedServer.start(
                        """
                        client: {insecure: true}
                        peerjs: {enabled: true, messages_per_second: 200, expire_timeout: 1s}
                        """);
        ann = opened("ann");
        bob = opened("bob");
    }

    @AfterEach
    void peersAndBystanderHaveNotNoticed() throws Exception {
        talk();
        ann.close();
        bob.close();
        server.close();
    }

    private RawWebSocket peer(String id) throws IOException {
        return server.dial().path("/peerjs/peerjs?key=peerjs&id=" + id + "&token=t").connect(SOON);
    }

    private RawWebSocket opened(String id) throws IOException {
        RawWebSocket socket = peer(id);
        assertThat(socket.next(SOON)).isEqualTo(new Incoming.Text("{\"type\":\"OPEN\"}"));
        return socket;
    }

    private void talk() throws IOException {
        said++;
        ann.text("{\"type\":\"OFFER\",\"payload\":" + said + ",\"dst\":\"bob\"}");
        assertThat(bob.next(SOON))
                .isEqualTo(
                        new Incoming.Text(
                                "{\"type\":\"OFFER\",\"src\":\"ann\",\"dst\":\"bob\",\"payload\":"
                                        + said
                                        + "}"));
    }

    @Test
    void textThatIsNoMessageEndsItsConnectionWithAReason() throws Exception {
        String[] texts = {
            "",
            "x",
            "{",
            "[]",
            "null",
            "{\"type\":1}",
            "{\"type\":\"OFFER\",\"dst\":{}}",
            "[".repeat(9999)
        };
        for (String each : texts) {
            try (RawWebSocket eve = opened("eve")) {
                eve.text(each);
                eve.text("{\"type\":\"OFFER\",\"payload\":\"too late\",\"dst\":\"bob\"}");
                assertThat(eve.next(SOON))
                        .as(each)
                        .isEqualTo(
                                new Incoming.Text(
                                        "{\"type\":\"ERROR\",\"payload\":{\"msg\":\"The message is"
                                                + " malformed\"}}"));
                assertThat(eve.next(SOON)).isInstanceOf(Incoming.Close.class);
            }
            talk();
        }
    }

    @Test
    void aMessageOverTheLimitIsRefusedAtItsHeader() throws Exception {
        try (RawWebSocket eve = opened("eve")) {
            eve.raw(new byte[] {(byte) 0x81, (byte) 0xFF, 0, 0, 0, 0, 0, 2, 0, 1, 0, 0, 0, 0});
            assertThat(eve.next(SOON)).isInstanceOf(Incoming.Close.class);
            talk();
        }
    }

    @Test
    void randomBytesEndNobodysConnectionButTheirOwn() throws Exception {
        SplittableRandom random = new SplittableRandom(11);
        for (int i = 0; i < 50; i++) {
            byte[] bytes = new byte[random.nextInt(2000) + 1];
            random.nextBytes(bytes);
            try (RawWebSocket eve = opened("eve" + i)) {
                eve.raw(bytes);
            } catch (SocketException _) {
                // refused while it was being written
            }
            if (i % 10 == 0) talk();
        }
    }

    @Test
    void aFloodIsReadAsFastAsAllowedAndHoldsUpNobody() throws Exception {
        try (RawWebSocket eve = opened("eve")) {
            ByteWriter flood = new ByteWriter();
            byte[] beat = "{\"type\":\"HEARTBEAT\"}".getBytes(StandardCharsets.US_ASCII);
            for (int i = 0; i < 5000; i++)
                FrameWriter.masked(Opcode.TEXT, ByteBuffer.wrap(beat), i, flood);
            eve.raw(flood.toArray());
            for (int i = 0; i < 20; i++) talk();
        }
    }

    @Test
    void aFloodOfLongMessagesStaysWhereItComesFrom() throws Exception {
        String beat = "{\"type\":\"HEARTBEAT\",\"payload\":\"" + "x".repeat(60_000) + "\"}";
        try (RawWebSocket eve = opened("eve")) {
            Memory memory = new Memory();
            Thread writer =
                    Thread.ofVirtual()
                            .start(() -> {
                                try {
                                    for (int i = 0; i < 500; i++) eve.text(beat);
                                } catch (IOException _) {
                                    // closed
                                }
                            });
            assertThat(writer.join(Duration.ofSeconds(1))).as("all of it was read").isFalse();
            talk();
            assertThat(memory.grownBytes()).isLessThan(8 << 20);
        }
    }

    @Test
    void whoFillsTheRoomOfAbsentPeersIsToldAndOthersHaveTheirs() throws Exception {
        List<RawWebSocket> greedy = new ArrayList<>();
        try {
            String payload = "\"" + "x".repeat(60_000) + "\"";
            for (int i = 0; i < 4; i++) {
                RawWebSocket eve = opened("eve" + i);
                greedy.add(eve);
                for (int n = 0; n < 40; n++)
                    eve.text(
                            "{\"type\":\"OFFER\",\"dst\":\"no"
                                    + n
                                    + "\",\"payload\":"
                                    + payload
                                    + "}");
                Incoming told = eve.next(SOON);
                assertThat(told).isInstanceOf(Incoming.Text.class);
                assertThat(told.toString()).contains("EXPIRE");
            }
            bob.text("{\"type\":\"OFFER\",\"payload\":7,\"dst\":\"carl\"}");
            try (RawWebSocket carl = opened("carl")) {
                assertThat(carl.next(SOON).toString()).contains("\"src\":\"bob\"");
            }
        } finally {
            for (RawWebSocket each : greedy) each.close();
        }
    }

    @Test
    void aPeerThatReadsNothingIsCutOffAndItsSendersAreTold() throws Exception {
        try (RawWebSocket deaf =
                server.dial()
                        .path("/peerjs/peerjs?key=peerjs&id=deaf&token=t")
                        .receiveBufferBytes(4096)
                        .connect(SOON)) {
            String payload = "\"" + "x".repeat(100_000) + "\"";
            try (RawWebSocket eve = opened("eve")) {
                for (int n = 0; n < 30; n++)
                    eve.text("{\"type\":\"OFFER\",\"dst\":\"deaf\",\"payload\":" + payload + "}");
                // told that it isn't there
                assertThat(eve.next(SOON).toString()).contains("EXPIRE").contains("deaf");
            }
            assertThat(deaf.localPort()).isPositive();
        }
        talk();
    }

    @Test
    void aPeerThatAnswersNothingKeepsNoId() throws Exception {
        for (int i = 0; i < 200; i++) {
            RawWebSocket each = peer("same");
            if (i % 2 == 0) each.reset();
            else each.close();
        }
        opened("same").close();
    }

    @Test
    void aFloodOfPingsIsAnsweredNoFasterThanItIsRead() throws Exception {
        try (RawWebSocket eve = opened("eve")) {
            for (int i = 0; i < 3000; i++) eve.ping(Bytes.utf8("p" + i).toArray());
            assertThat(eve.next(SOON)).isInstanceOf(Incoming.Pong.class);
            talk();
        }
    }

    @Test
    void answersToPingsDoNotQueueForAPeerThatReadsNothing() throws Exception {
        try (RawWebSocket deaf =
                server.dial()
                        .path("/peerjs/peerjs?key=peerjs&id=deaf&token=t")
                        .receiveBufferBytes(4096)
                        .connect(SOON)) {
            Memory memory = new Memory();
            ByteWriter pings = new ByteWriter();
            for (int i = 0; i < 1000; i++)
                FrameWriter.masked(Opcode.PING, ByteBuffer.allocate(125), i, pings);
            for (int i = 0; i < 400; i++) deaf.raw(pings.toArray());
            talk();
            assertThat(memory.grownBytes()).isLessThan(8 << 20);
        }
    }
}
