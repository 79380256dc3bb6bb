package dev.cardea.wire.websocket;

import static dev.cardea.wire.websocket.FrameReader.Side.CLIENT;
import static dev.cardea.wire.websocket.FrameReader.Side.SERVER;
import static dev.cardea.wire.websocket.Recording.byteByByte;
import static dev.cardea.wire.websocket.Recording.hex;
import static dev.cardea.wire.websocket.Recording.text;
import static dev.cardea.wire.websocket.Recording.whole;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cardea.wire.ByteWriter;
import dev.cardea.wire.Bytes;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CompressedFramesTest {
    private static final int LIMIT = 1000;

    private final MessageInflater inflater = new MessageInflater();
    private final MessageDeflater deflater = new MessageDeflater(1);

    @AfterEach
    void release() {
        inflater.close();
        deflater.close();
    }

    private FrameReader reader() {
        return new FrameReader(CLIENT, LIMIT, inflater);
    }

    private List<Recording.Event> read(String frames) {
        List<Recording.Event> atOnce = whole(reader(), hex(frames));
        assertThat(byteByByte(reader(), hex(frames))).isEqualTo(atOnce);
        return atOnce;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "c1 07 f2 48 cd c9 c9 07 00", // section 7.2.3.1
                "41 03 f2 48 cd | 80 04 c9 c9 07 00", // the same in fragments
                "41 03 f2 48 cd | 89 00 | 80 04 c9 c9 07 00", // with a ping between
                "41 00 | 00 07 f2 48 cd c9 c9 07 00 | 80 00",
                "c1 0b 00 05 00 fa ff 48 65 6c 6c 6f 00", // 7.2.3.3: a block without compression
                "c1 08 f3 48 cd c9 c9 07 00 00", // 7.2.3.4: a last block
                "c1 0d f2 48 05 00 00 00 ff ff ca c9 c9 07 00", // 7.2.3.5: two blocks
            })
    void theExamplesOfTheRfc(String frames) {
        assertThat(read(frames)).contains(text("Hello"));
    }

    @Test
    void theEmptyMessage() { // 7.2.3.6
        assertThat(read("c1 01 00")).containsExactly(text(""));
        ByteWriter out = new ByteWriter();
        deflater.deflate(new byte[0], 0, 0, out);
        assertThat(HexFormat.of().formatHex(out.toArray())).isEqualTo("00");
    }

    @Test
    void compressedAndPlainMessagesTakeTurns() {
        assertThat(read("c1 07 f2 48 cd c9 c9 07 00 | 81 02 68 69 | c1 07 f2 48 cd c9 c9 07 00"))
                .containsExactly(text("Hello"), text("hi"), text("Hello"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "c9 00", // a control frame
                "c8 00",
                "01 01 61 | c0 01 00", // a later fragment
                "41 03 f2 48 cd | c0 04 c9 c9 07 00",
                "a1 00", // the other bits mean nothing
                "91 00",
                "e1 00",
                "d2 00"
            })
    void theBitIsForTheFirstFrameOfAMessageOnly(String frames) {
        assertThat(read(frames)).last().isEqualTo(new Recording.Failed(1002));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "c1 01 07", // a block of a kind that there isn't
                "c1 05 00 05 00 00 00", // lengths that don't agree
                "c2 08 f2 48 cd ff ff ff ff ff" // garbage
            })
    void whatIsNotCompressedAsAgreedIs1007(String frames) {
        assertThat(read(frames)).containsExactly(new Recording.Failed(1007));
    }

    @Test
    void textIsCheckedWhenItIsInflated() {
        assertThat(whole(reader(), compressed(Opcode.TEXT, new byte[] {'a', (byte) 0xC3})))
                .containsExactly(new Recording.Failed(1007));
        assertThat(whole(reader(), compressed(Opcode.BINARY, new byte[] {'a', (byte) 0xC3})))
                .containsExactly(
                        new Recording.Message(false, Bytes.wrap(new byte[] {'a', (byte) 0xC3})));
        byte[] cyrillic = "дверь 🚪".getBytes(UTF_8);
        assertThat(byteByByte(reader(), compressed(Opcode.TEXT, cyrillic)))
                .containsExactly(text("дверь 🚪"));
    }

    private byte[] compressed(int opcode, byte[] message) {
        ByteWriter out = new ByteWriter();
        deflater.deflate(message, 0, message.length, out);
        FrameWriter.wrap(opcode | Opcode.COMPRESSED, out, 0);
        return out.toArray();
    }

    @Test
    void theLimitHoldsForWhatIsInflated() {
        assertThat(whole(reader(), compressed(Opcode.BINARY, new byte[LIMIT])))
                .containsExactly(new Recording.Message(false, Bytes.wrap(new byte[LIMIT])));
        assertThat(whole(reader(), compressed(Opcode.BINARY, new byte[LIMIT + 1])))
                .containsExactly(new Recording.Failed(1009));
    }

    /** 64 KiB that would become 64 MiB: inflated no further than the limit. */
    @Test
    void aBombCostsNoMoreThanTheLimit() {
        byte[] frame = compressed(Opcode.TEXT, "a".repeat(60 << 20).getBytes(UTF_8));
        assertThat(frame.length).isLessThan(300_000);
        FrameReader reader = new FrameReader(CLIENT, 1 << 20, inflater);
        assertThat(whole(reader, frame)).containsExactly(new Recording.Failed(1009));
        assertThat(inflater.heldBytes()).isLessThanOrEqualTo((1 << 20) + 1);
        assertThat(whole(reader(), compressed(Opcode.TEXT, "after".getBytes(UTF_8))))
                .containsExactly(text("after"));
        assertThat(inflater.heldBytes()).isLessThanOrEqualTo(128 * 1024);
    }

    @Test
    void manyLastBlocksInOneMessageEndToo() {
        byte[] empty = hex("03 00".repeat(30_000));
        ByteWriter out = new ByteWriter();
        FrameWriter.frame(Opcode.BINARY | Opcode.COMPRESSED, ByteBuffer.wrap(empty), out);
        FrameReader reader = new FrameReader(CLIENT, 1 << 17, inflater);
        assertThat(whole(reader, out.toArray()))
                .containsExactly(new Recording.Message(false, Bytes.EMPTY));
    }

    @Test
    void clientsFramesAreUnmaskedFirst() {
        byte[] hello = hex("f2 48 cd c9 c9 07 00");
        ByteWriter out = new ByteWriter();
        FrameWriter.masked(
                Opcode.TEXT | Opcode.COMPRESSED, ByteBuffer.wrap(hello), 0x12345678, out);
        assertThat(whole(new FrameReader(SERVER, LIMIT, inflater), out.toArray()))
                .containsExactly(text("Hello"));
    }

    @Test
    void whatIsDeflatedIsInflatedWhateverCameBeforeAndHoweverItIsCut() {
        long seed = new SplittableRandom().nextLong();
        SplittableRandom random = new SplittableRandom(seed);
        FrameReader reader = new FrameReader(CLIENT, 1 << 20, inflater);
        Recording recording = new Recording();
        for (int i = 0; i < 300; i++) {
            byte[] message = new byte[random.nextInt(random.nextInt(10) == 0 ? 200_000 : 2_000)];
            if (random.nextBoolean()) random.nextBytes(message);
            else for (int k = 0; k < message.length; k++) message[k] = (byte) (k % 11 * (k >> 9));
            ByteBuffer in = ByteBuffer.wrap(compressed(Opcode.BINARY, message));
            recording.events.clear();
            while (in.hasRemaining()) {
                int count = Math.min(in.remaining(), 1 + random.nextInt(5_000));
                recording.feed(reader, in.slice(in.position(), count));
                in.position(in.position() + count);
            }
            assertThat(recording.events)
                    .as("seed %d, message %d", seed, i)
                    .containsExactly(new Recording.Message(false, Bytes.wrap(message)));
        }
    }
}
