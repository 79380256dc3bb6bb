package dev.cardea.wire.centrifuge;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import dev.cardea.wire.ByteWriter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * Google's protobuf-java knows every field that our codec writes, our codec reads what it writes,
 * and its view of a message, printed as JSON, is what our JSON codec reads as the same message.
 */
class ProtobufOracleTest {
    private static final int ROUNDS = 500;

    private final long seed = new SplittableRandom().nextLong();
    private final RandomMessages random = new RandomMessages(seed);

    @Test
    void agreesAboutCommands() throws InvalidProtocolBufferException {
        for (int round = 0; round < ROUNDS; round++) {
            Command command = random.command();
            ByteWriter ours = new ByteWriter();
            Encoding.PROTOBUF.client().write(command, ours);
            Message message = understood("Command", ours);

            assertThat(Encoding.PROTOBUF.server().next(delimited(message), Integer.MAX_VALUE))
                    .as("seed %d, round %d", seed, round)
                    .isEqualTo(command);
            assertThat(Encoding.JSON.server().next(json(message), Integer.MAX_VALUE))
                    .as("seed %d, round %d", seed, round)
                    .isEqualTo(command);
        }
    }

    @Test
    void agreesAboutReplies() throws InvalidProtocolBufferException {
        for (int round = 0; round < ROUNDS; round++) {
            Reply reply = random.reply();
            ByteWriter ours = new ByteWriter();
            Encoding.PROTOBUF.server().write(reply, ours);
            Message message = understood("Reply", ours);

            assertThat(Encoding.PROTOBUF.client().next(delimited(message)))
                    .as("seed %d, round %d", seed, round)
                    .isEqualTo(reply);
            assertThat(Encoding.JSON.client().next(json(message)))
                    .as("seed %d, round %d", seed, round)
                    .isEqualTo(reply);
        }
    }

    /** What protobuf-java makes of one message behind its length. */
    private static Message understood(String type, ByteWriter out)
            throws InvalidProtocolBufferException {
        ByteBuffer framed = out.written();
        int length = 0;
        for (int shift = 0, b = -1; b < 0; shift += 7) {
            b = framed.get();
            length |= (b & 0x7F) << shift;
        }
        assertThat(framed.remaining()).isEqualTo(length);
        Message message =
                DynamicMessage.newBuilder(Objects.requireNonNull(Schema.message(type)))
                        .mergeFrom(out.toArray(), framed.position(), length)
                        .build();
        assertNothingUnknown(message);
        assertThat(message.getSerializedSize()).as("nothing superfluous").isEqualTo(length);
        return message;
    }

    private static void assertNothingUnknown(Message message) {
        assertThat(message.getUnknownFields().asMap()).isEmpty();
        for (Object value : message.getAllFields().values()) {
            List<?> values = value instanceof List<?> list ? list : List.of(value);
            for (Object element : values) {
                if (element instanceof Message embedded) assertNothingUnknown(embedded);
            }
        }
    }

    private static ByteBuffer delimited(Message message) {
        byte[] bytes = message.toByteArray();
        return new ByteWriter().putVarint(bytes.length).put(bytes).written();
    }

    private static ByteBuffer json(Message message) {
        return ByteBuffer.wrap(Schema.json(message).getBytes(StandardCharsets.UTF_8));
    }
}
