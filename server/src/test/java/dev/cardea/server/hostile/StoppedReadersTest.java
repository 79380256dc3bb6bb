package dev.cardea.server.hostile;

import static dev.cardea.server.hostile.AttackedServer.SOON;
import static dev.cardea.server.hostile.AttackedServer.publish;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cardea.testkit.websocket.CentrifugeSocket;
import dev.cardea.testkit.websocket.Incoming;
import dev.cardea.wire.ByteWriter;
import dev.cardea.wire.centrifuge.JsonClientCodec;
import dev.cardea.wire.centrifuge.Reply;
import dev.cardea.wire.websocket.FrameWriter;
import dev.cardea.wire.websocket.Opcode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that send as fast as they can, and don't read what they asked for. */
@Timeout(180)
final class StoppedReadersTest {
    private static final int PER_FRAME = 20;

    @ParameterizedTest(name = "tls: {0}")
    @ValueSource(booleans = {false, true})
    void ofPingsThatArriveWhileNothingIsReadOnlyTheNewestIsAnswered(boolean tls) throws Exception {
        int pings = 200_000;
        try (AttackedServer server = AttackedServer.start("client: {insecure: true}", tls);
                CentrifugeSocket client = stoppedReader(server)) {
            Memory memory = new Memory();
            for (int from = 0; from < pings; from += 1_000) {
                ByteWriter frames = new ByteWriter(1_000 * 131);
                for (int i = from; i < from + 1_000; i++) {
                    FrameWriter.masked(Opcode.PING, payload(i), i, frames);
                }
                client.socket().raw(frames.toArray());
            }
            server.bystander().await(20);
            assertThat(memory.grownBytes()).isLessThan(8 << 20);

            int next = 0;
            int read = 0;
            for (int last = 0; last != pings - 1; read++) {
                last = number(client.socket().next(SOON));
                assertThat(last).isGreaterThanOrEqualTo(next);
                next = last + 1;
            }
            assertThat(read).isLessThan(pings / 4);
        }
    }

    private static ByteBuffer payload(int number) {
        return ByteBuffer.allocate(125).putInt(0, number);
    }

    private static int number(Incoming incoming) {
        return ((Incoming.Pong) incoming).payload().buffer().getInt();
    }

    @ParameterizedTest(name = "tls: {0}")
    @ValueSource(booleans = {false, true})
    void aPublisherThatDoesNotReadIsNotReadEitherUntilItDoes(boolean tls) throws Exception {
        int publishes = 400_000;
        String yaml =
                """
                client: {insecure: true, queue_max_size: 65536}
                websocket: {write_timeout: 600s}
                """;
        try (AttackedServer server = AttackedServer.start(yaml, tls);
                CentrifugeSocket client = stoppedReader(server)) {
            Memory memory = new Memory();
            Flood flood = new Flood(client, publishes);
            Thread flooding = Thread.ofPlatform().start(flood);
            int sent = flood.stalls(server);
            assertThat(sent).isLessThan(publishes);
            assertThat(memory.grownBytes()).isLessThan(8 << 20);

            for (int i = 0; i < publishes; i++) {
                assertThat(client.next(SOON)).isEqualTo(new Reply.Publish(2 + i));
                if (i == publishes / 2) assertThat(memory.grownBytes()).isLessThan(16 << 20);
            }
            flooding.join();
        }
    }

    @ParameterizedTest(name = "tls: {0}")
    @ValueSource(booleans = {false, true})
    void aPublisherThatNeverReadsIsCutOffWhileItStillSends(boolean tls) throws Exception {
        String yaml =
                """
                client: {insecure: true, queue_max_size: 65536}
                websocket: {write_timeout: 1s}
                """;
        try (AttackedServer server = AttackedServer.start(yaml, tls);
                CentrifugeSocket client = stoppedReader(server)) {
            Memory memory = new Memory();
            Flood flood = new Flood(client, Integer.MAX_VALUE);
            Thread flooding = Thread.ofPlatform().start(flood);
            flooding.join(); // its socket fails: five seconds after the server's write timeout
            assertThat(memory.grownBytes()).isLessThan(8 << 20);
            server.bystander().await(10);
        }
    }

    private static CentrifugeSocket stoppedReader(AttackedServer server) throws IOException {
        var socket = server.dial().receiveBufferBytes(4096).connect(SOON);
        return AttackedServer.connected(CentrifugeSocket.json(socket));
    }

    /** Publishes, with ids from 2 on, as fast as they are taken. */
    private static final class Flood implements Runnable {
        private final CentrifugeSocket client;
        private final int publishes;
        private final AtomicInteger sent = new AtomicInteger();

        Flood(CentrifugeSocket client, int publishes) {
            this.client = client;
            this.publishes = publishes;
        }

        @Override
        public void run() {
            JsonClientCodec codec = new JsonClientCodec();
            ByteWriter message = new ByteWriter();
            try {
                while (sent.get() < publishes) {
                    message.clear();
                    for (int i = 0; i < PER_FRAME; i++) {
                        codec.write(publish(2 + sent.get() + i, "flood", "1"), message);
                    }
                    client.socket().frame(Opcode.TEXT, message.toArray());
                    sent.addAndGet(PER_FRAME);
                }
            } catch (IOException _) {
                // cut off
            }
        }

        /**
         * Waits until nothing more is taken, though the server is at work, and says how much was.
         */
        int stalls(AttackedServer server) throws InterruptedException {
            int before = -1;
            while (sent.get() != before || before == 0) {
                before = sent.get();
                server.bystander().await(100);
            }
            return before;
        }
    }
}
