package dev.cardea.server.hostile;

import static dev.cardea.server.hostile.AttackedServer.SOON;
import static dev.cardea.server.hostile.AttackedServer.publish;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cardea.testkit.websocket.CentrifugeSocket;
import dev.cardea.testkit.websocket.Incoming;
import dev.cardea.wire.ByteWriter;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.centrifuge.ClientCodec;
import dev.cardea.wire.centrifuge.Command;
import dev.cardea.wire.centrifuge.JsonClientCodec;
import dev.cardea.wire.centrifuge.ProtobufClientCodec;
import dev.cardea.wire.centrifuge.Reply;
import dev.cardea.wire.websocket.Opcode;
import java.nio.ByteBuffer;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Frames full of commands. */
@Timeout(120)
final class ManyCommandsTest {
    private static final int FRAME_BYTES = 64 * 1024;

    @Test
    void aFullFrameIsAnsweredInOrderAndJoined() throws Exception {
        try (AttackedServer server = AttackedServer.start();
                CentrifugeSocket client = server.connected()) {
            ClientCodec codec = new JsonClientCodec();
            Frame frame = Frame.filled(codec, FRAME_BYTES, ManyCommandsTest::publishing);
            assertThat(frame.commands()).isGreaterThan(1_000);
            for (int round = 0; round < 3; round++) {
                client.socket().frame(Opcode.TEXT, frame.payload().toArray());
                int frames = 0;
                for (int next = 2; next < 2 + frame.commands(); frames++) {
                    Incoming.Text text = (Incoming.Text) client.socket().next(SOON);
                    ByteBuffer message = Bytes.utf8(text.text()).buffer();
                    for (Reply reply = codec.next(message);
                            reply != null;
                            reply = codec.next(message)) {
                        assertThat(reply).isEqualTo(new Reply.Publish(next++));
                    }
                }
                assertThat(frames).isLessThan(frame.commands() / 8);
            }
        }
    }

    @Test
    void aFullFrameOfProtobufToo() throws Exception {
        try (AttackedServer server = AttackedServer.start();
                CentrifugeSocket client = server.connectedProtobuf()) {
            Frame frame =
                    Frame.filled(
                            new ProtobufClientCodec(), FRAME_BYTES, ManyCommandsTest::publishing);
            assertThat(frame.commands()).isGreaterThan(4_000);
            client.socket().frame(Opcode.BINARY, frame.payload().toArray());
            for (int i = 0; i < frame.commands(); i++) {
                assertThat(client.next(SOON)).isEqualTo(new Reply.Publish(2 + i));
            }
        }
    }

    @Test
    void aHundredThousandInOneFrameAreAnsweredInOrder() throws Exception {
        try (AttackedServer server =
                        AttackedServer.start(
                                """
                                client: {insecure: true, queue_max_size: 33554432}
                                websocket: {message_size_limit: 16777216}
                                """);
                CentrifugeSocket client = server.connected()) {
            Memory memory = new Memory();
            Frame frame = Frame.of(new JsonClientCodec(), 100_000, ManyCommandsTest::publishing);
            client.socket().frame(Opcode.TEXT, frame.payload().toArray());
            for (int i = 0; i < frame.commands(); i++) {
                assertThat(client.next(SOON)).isEqualTo(new Reply.Publish(2 + i));
            }
            assertThat(memory.grownBytes()).isLessThan(64 << 20);
        }
    }

    @Test
    void moreAnswersToOneFrameThanMayWaitAreGivenBitByBit() throws Exception {
        try (AttackedServer server =
                        AttackedServer.start(
                                """
                                client: {insecure: true}
                                websocket: {message_size_limit: 16777216}
                                """);
                CentrifugeSocket client = server.connected()) {
            Memory memory = new Memory();
            Frame frame = Frame.of(new JsonClientCodec(), 100_000, ManyCommandsTest::publishing);
            client.socket().frame(Opcode.TEXT, frame.payload().toArray());
            for (int i = 0; i < frame.commands(); i++) {
                assertThat(client.next(SOON)).isEqualTo(new Reply.Publish(2 + i));
            }
            assertThat(memory.grownBytes()).isLessThan(32 << 20);
        }
    }

    @Test
    void whileNobodyReadsTheAnswersToAFrameItIsTheFrameThatWaits() throws Exception {
        String yaml =
                """
                client: {insecure: true}
                websocket: {message_size_limit: 33554432, write_timeout: 600s}
                """;
        try (AttackedServer server = AttackedServer.start(yaml);
                CentrifugeSocket client =
                        AttackedServer.connected(
                                CentrifugeSocket.json(
                                        server.dial().receiveBufferBytes(4096).connect(SOON)))) {
            Frame frame = Frame.of(new JsonClientCodec(), 500_000, ManyCommandsTest::publishing);
            Memory memory = new Memory();
            client.socket().frame(Opcode.TEXT, frame.payload().toArray());
            server.bystander().await(20);
            assertThat(memory.grownBytes()).isLessThan(3L * frame.payload().length());
            for (int i = 0; i < frame.commands(); i++) {
                assertThat(client.next(SOON)).isEqualTo(new Reply.Publish(2 + i));
            }
        }
    }

    /** As small as commands are: their answers take many times their own place. */
    @Test
    void aFullFrameOfTheSmallestCommands() throws Exception {
        try (AttackedServer server = AttackedServer.start();
                CentrifugeSocket client = server.connectedProtobuf()) {
            Frame frame =
                    Frame.filled(
                            new ProtobufClientCodec(),
                            FRAME_BYTES,
                            id -> new Command.PresenceStats(id, "a"));
            assertThat(frame.commands()).isGreaterThan(6_000);
            client.socket().frame(Opcode.BINARY, frame.payload().toArray());
            for (int i = 0; i < frame.commands(); i++) {
                assertThat(client.next(SOON)).isInstanceOf(Reply.Error.class);
            }
        }
    }

    private static Command publishing(int id) {
        return publish(id, "a", "1");
    }

    private record Frame(Bytes payload, int commands) {
        /** As many as fit into so many bytes, with ids from 2 on. */
        static Frame filled(ClientCodec codec, int bytes, IntFunction<Command> command) {
            ByteWriter out = new ByteWriter();
            int commands = 0;
            while (true) {
                int before = out.length();
                codec.write(command.apply(2 + commands), out);
                if (out.length() > bytes) {
                    out.truncate(before);
                    return new Frame(out.toBytes(), commands);
                }
                commands++;
            }
        }

        static Frame of(ClientCodec codec, int commands, IntFunction<Command> command) {
            ByteWriter out = new ByteWriter();
            for (int i = 0; i < commands; i++) codec.write(command.apply(2 + i), out);
            return new Frame(out.toBytes(), commands);
        }
    }
}
