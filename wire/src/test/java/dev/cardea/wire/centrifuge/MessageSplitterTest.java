package dev.cardea.wire.centrifuge;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cardea.wire.ByteWriter;
import dev.cardea.wire.Malformed;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class MessageSplitterTest {
    private static final int LIMIT = 100;

    /** What was handed on, in pieces that each hold whole messages. */
    private static byte[] split(Codec codec, byte[] stream, SplittableRandom random) {
        MessageSplitter splitter = new MessageSplitter(codec, LIMIT);
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        for (int at = 0; at < stream.length; ) {
            int count = Math.min(1 + random.nextInt(random.nextInt(300) + 1), stream.length - at);
            ByteBuffer piece = ByteBuffer.wrap(stream, at, count);
            splitter.read(
                    piece,
                    messages -> {
                        int before = messages.position();
                        byte[] taken = new byte[messages.remaining()];
                        messages.get(taken);
                        assertThat(endsWhole(codec, taken)).isTrue();
                        whole.writeBytes(taken);
                        messages.position(before); // a taker may leave it where it was
                    });
            assertThat(piece.hasRemaining()).isFalse();
            assertThat(splitter.heldBytes()).isLessThanOrEqualTo(LIMIT + 5);
            at += count;
        }
        assertThat(splitter.heldBytes()).isZero();
        return whole.toByteArray();
    }

    private static boolean endsWhole(Codec codec, byte[] messages) {
        if (codec instanceof JsonCodec) return messages[messages.length - 1] == '\n';
        int at = 0;
        while (at < messages.length) at += 1 + messages[at]; // lengths of one byte
        return at == messages.length;
    }

    @Test
    void howeverAStreamIsCutItsMessagesComeWholeAndInOrder() {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 500; i++) {
            ByteWriter json = new ByteWriter();
            ByteWriter protobuf = new ByteWriter();
            for (int m = 0; m < 30; m++) {
                String text = "m".repeat(random.nextInt(LIMIT + 1));
                json.putAscii(text).put('\n');
                protobuf.putVarint(text.length()).putAscii(text);
            }
            assertThat(split(new JsonCodec(), json.toArray(), random))
                    .as("seed %d", seed)
                    .isEqualTo(json.toArray());
            assertThat(split(new ProtobufCodec(), protobuf.toArray(), random))
                    .as("seed %d", seed)
                    .isEqualTo(protobuf.toArray());
        }
    }

    @Test
    void aMessageThatIsTooLongIsRefusedAsSoonAsThatIsKnown() {
        MessageSplitter json = new MessageSplitter(new JsonCodec(), LIMIT);
        json.read(ByteBuffer.wrap("x".repeat(LIMIT).getBytes(UTF_8)), _ -> {});
        assertThatThrownBy(() -> json.read(ByteBuffer.wrap(new byte[] {'x'}), _ -> {}))
                .isInstanceOf(Malformed.class);
        MessageSplitter protobuf = new MessageSplitter(new ProtobufCodec(), LIMIT);
        assertThatThrownBy(() -> protobuf.read(ByteBuffer.wrap(new byte[] {LIMIT + 1}), _ -> {}))
                .isInstanceOf(Malformed.class);
    }

    @Test
    void aLengthWithoutAnEndIsRefused() {
        MessageSplitter protobuf = new MessageSplitter(new ProtobufCodec(), LIMIT);
        byte[] endless = {-1, -1, -1, -1, -1, -1};
        assertThatThrownBy(() -> protobuf.read(ByteBuffer.wrap(endless), _ -> {}))
                .isInstanceOf(Malformed.class);
    }

    @Test
    void aMessageInManyPiecesIsLookedAtOnce() {
        int length = 1 << 20;
        MessageSplitter json = new MessageSplitter(new JsonCodec(), length);
        for (int i = 0; i < length; i++) {
            json.read(ByteBuffer.wrap(new byte[] {'x'}), _ -> {});
        }
        assertThat(json.heldBytes()).isEqualTo(length); // quadratic work would take minutes
    }
}
