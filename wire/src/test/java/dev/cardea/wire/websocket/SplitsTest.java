package dev.cardea.wire.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cardea.wire.ByteWriter;
import dev.cardea.wire.Bytes;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What was written comes out, however it is fragmented, split and paused. */
class SplitsTest {
    private static final int ROUNDS = 1_000;

    @ParameterizedTest
    @EnumSource
    void messagesInAreMessagesOut(FrameReader.Side side) {
        for (long seed = 0; seed < ROUNDS; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            List<Recording.Event> sent = new ArrayList<>();
            byte[] bytes = conversation(side, random, sent);
            assertThat(readInPieces(side, random, bytes)).as("seed %d", seed).isEqualTo(sent);
        }
    }

    @ParameterizedTest
    @EnumSource
    void damagedBytesFailAlikeHoweverTheyAreSplit(FrameReader.Side side) {
        for (long seed = 0; seed < ROUNDS; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            byte[] bytes = conversation(side, random, new ArrayList<>());
            int damages = random.nextInt(1, 4);
            for (int i = 0; i < damages; i++) {
                bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
            }
            List<Recording.Event> whole = Recording.whole(new FrameReader(side, 100_000), bytes);
            assertThat(readInPieces(side, random, bytes)).as("seed %d", seed).isEqualTo(whole);
            assertThat(Recording.byteByByte(new FrameReader(side, 100_000), bytes))
                    .as("seed %d", seed)
                    .isEqualTo(whole);
        }
    }

    private static List<Recording.Event> readInPieces(
            FrameReader.Side side, SplittableRandom random, byte[] bytes) {
        FrameReader reader = new FrameReader(side, 100_000);
        Recording recording = new Recording();
        int at = 0;
        while (at < bytes.length) {
            int count = Math.min(bytes.length - at, 1 + random.nextInt(1 << random.nextInt(12)));
            ByteBuffer piece = buffer(Arrays.copyOfRange(bytes, at, at + count), random);
            at += count;
            do {
                recording.stopping = random.nextInt(4) == 0;
                int before = piece.remaining();
                if (!recording.feed(reader, piece)) return recording.events;
                assertThat(before == 0 || piece.remaining() < before).isTrue();
            } while (piece.hasRemaining());
        }
        return recording.events;
    }

    private static ByteBuffer buffer(byte[] bytes, SplittableRandom random) {
        return switch (random.nextInt(3)) {
            case 0 -> ByteBuffer.wrap(bytes);
            case 1 -> ByteBuffer.wrap(bytes).asReadOnlyBuffer();
            default -> ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
        };
    }

    private static byte[] conversation(
            FrameReader.Side side, SplittableRandom random, List<Recording.Event> sent) {
        ByteWriter out = new ByteWriter();
        int messages = random.nextInt(1, 8);
        for (int i = 0; i < messages; i++) writeMessage(side, random, out, sent);
        if (random.nextBoolean()) {
            writeFrame(
                    side,
                    random,
                    Opcode.CLOSE,
                    true,
                    toArray(FrameWriter.closePayload(4000, "bye")),
                    out);
            sent.add(new Recording.Close(4000, "bye"));
        }
        return out.toArray();
    }

    private static void writeMessage(
            FrameReader.Side side,
            SplittableRandom random,
            ByteWriter out,
            List<Recording.Event> sent) {
        boolean text = random.nextBoolean();
        byte[] payload = text ? randomText(random) : randomBytes(random);
        int opcode = text ? Opcode.TEXT : Opcode.BINARY;
        int fragments = random.nextBoolean() ? 1 : random.nextInt(1, 5);
        int at = 0;
        for (int left = fragments; left > 0; left--) {
            int count = left == 1 ? payload.length - at : random.nextInt(payload.length - at + 1);
            byte[] piece = Arrays.copyOfRange(payload, at, at + count);
            writeFrame(side, random, opcode, left == 1, piece, out);
            at += count;
            opcode = Opcode.CONTINUATION;
            if (left > 1 && random.nextBoolean()) writePing(side, random, out, sent);
        }
        sent.add(new Recording.Message(text, Bytes.wrap(payload)));
    }

    private static void writePing(
            FrameReader.Side side,
            SplittableRandom random,
            ByteWriter out,
            List<Recording.Event> sent) {
        byte[] payload = new byte[random.nextInt(126)];
        random.nextBytes(payload);
        writeFrame(side, random, Opcode.PING, true, payload, out);
        sent.add(new Recording.Ping(Bytes.wrap(payload)));
    }

    private static void writeFrame(
            FrameReader.Side side,
            SplittableRandom random,
            int opcode,
            boolean last,
            byte[] payload,
            ByteWriter out) {
        int from = out.length();
        ByteBuffer buffer = ByteBuffer.wrap(payload);
        if (side == FrameReader.Side.SERVER) {
            FrameWriter.masked(opcode, buffer, random.nextInt(), out);
        } else {
            FrameWriter.frame(opcode, buffer, out);
        }
        if (!last) out.set(from, opcode); // without the bit that says 'last'
    }

    private static byte[] randomText(SplittableRandom random) {
        StringBuilder text = new StringBuilder();
        int count = random.nextInt(1 << random.nextInt(12));
        for (int i = 0; i < count; i++) {
            int character = random.nextInt(1 << random.nextInt(7, 18));
            text.appendCodePoint(character >= 0xD800 && character <= 0xDFFF ? 'x' : character);
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] randomBytes(SplittableRandom random) {
        byte[] bytes = new byte[random.nextInt(1 << random.nextInt(17))];
        random.nextBytes(bytes);
        return bytes;
    }

    private static byte[] toArray(ByteBuffer buffer) {
        return Bytes.copyOf(buffer).toArray();
    }
}
