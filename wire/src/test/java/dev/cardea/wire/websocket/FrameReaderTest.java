package dev.cardea.wire.websocket;

import static dev.cardea.wire.websocket.FrameReader.Side.CLIENT;
import static dev.cardea.wire.websocket.FrameReader.Side.SERVER;
import static dev.cardea.wire.websocket.Recording.hex;
import static dev.cardea.wire.websocket.Recording.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cardea.wire.ByteWriter;
import dev.cardea.wire.Bytes;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The examples of RFC 6455 section 5.7, and the shapes that need care. */
class FrameReaderTest {
    private static final int LIMIT = 65_536;

    @Test
    void anUnmaskedTextMessageInOneFrame() {
        assertThat(fromServer("81 05 48 65 6c 6c 6f")).containsExactly(text("Hello"));
    }

    @Test
    void aMaskedTextMessageInOneFrame() {
        assertThat(fromClient("81 85 37 fa 21 3d 7f 9f 4d 51 58")).containsExactly(text("Hello"));
    }

    @Test
    void aTextMessageInTwoFragments() {
        assertThat(fromServer("01 03 48 65 6c | 80 02 6c 6f")).containsExactly(text("Hello"));
    }

    @Test
    void aPingAndItsMaskedPong() {
        Bytes hello = Bytes.utf8("Hello");
        assertThat(fromServer("89 05 48 65 6c 6c 6f")).containsExactly(new Recording.Ping(hello));
        assertThat(fromClient("8a 85 37 fa 21 3d 7f 9f 4d 51 58"))
                .containsExactly(new Recording.Pong(hello));
    }

    @Test
    void aBinaryMessageWithALengthOf16Bits() {
        ByteWriter in = new ByteWriter().put(hex("82 7e 01 00")).put(new byte[256]);
        assertThat(both(CLIENT, in.toArray()))
                .containsExactly(new Recording.Message(false, Bytes.wrap(new byte[256])));
    }

    @Test
    void aBinaryMessageWithALengthOf64Bits() {
        ByteWriter in =
                new ByteWriter().put(hex("82 7f 00 00 00 00 00 01 00 00")).put(new byte[65_536]);
        assertThat(both(CLIENT, in.toArray()))
                .containsExactly(new Recording.Message(false, Bytes.wrap(new byte[65_536])));
    }

    @Test
    void emptyMessagesAndEmptyFragmentsAreMessagesToo() {
        assertThat(fromServer("81 00 | 82 00")).containsExactly(text(""), binary());
        assertThat(fromServer("01 00 | 00 00 | 80 00")).containsExactly(text(""));
        assertThat(fromServer("01 00 | 80 01 61")).containsExactly(text("a"));
        assertThat(fromClient("81 80 00 00 00 00")).containsExactly(text(""));
    }

    @Test
    void controlFramesMayStandBetweenFragments() {
        assertThat(fromServer("01 02 61 62 | 89 01 70 | 00 01 63 | 8a 00 | 80 01 64"))
                .containsExactly(
                        new Recording.Ping(Bytes.utf8("p")),
                        new Recording.Pong(Bytes.EMPTY),
                        text("abcd"));
    }

    @Test
    void aCharacterMaySpanFragments() {
        assertThat(fromServer("01 02 f0 9f | 00 01 98 | 80 01 80"))
                .containsExactly(text("\uD83D\uDE00"));
    }

    @Test
    void closeFramesWithAndWithoutCodeAndReason() {
        assertThat(fromServer("88 00")).containsExactly(new Recording.Close(1005, ""));
        assertThat(fromServer("88 02 03 e8")).containsExactly(new Recording.Close(1000, ""));
        assertThat(fromServer("88 05 0f a1 62 79 65"))
                .containsExactly(new Recording.Close(4001, "bye"));
    }

    @Test
    void nothingAfterACloseFrameIsRead() {
        FrameReader reader = new FrameReader(CLIENT, LIMIT);
        Recording recording = new Recording();
        ByteBuffer in = ByteBuffer.wrap(hex("88 00 | 81 01 61 | ff ff"));
        reader.read(in, recording);
        reader.read(ByteBuffer.wrap(hex("81 01 61")), recording);
        assertThat(recording.events).containsExactly(new Recording.Close(1005, ""));
        assertThat(in.hasRemaining()).isFalse();
        assertThat(reader.isOver()).isTrue();
    }

    @Test
    void aWholeMessageIsUnmaskedWhereItLies() {
        ByteBuffer in = ByteBuffer.wrap(hex("81 85 37 fa 21 3d 7f 9f 4d 51 58"));
        Recording recording = new Recording();
        new FrameReader(SERVER, LIMIT).read(in, recording);
        assertThat(recording.events).containsExactly(text("Hello"));
        assertThat(in.array()).endsWith('H', 'e', 'l', 'l', 'o');
    }

    @Test
    void directAndReadOnlyBuffersAreReadAsWell() {
        byte[] bytes = hex("81 85 37 fa 21 3d 7f 9f 4d 51 58");
        ByteBuffer direct = ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
        Recording recording = new Recording();
        recording.feed(new FrameReader(SERVER, LIMIT), direct);
        recording.feed(new FrameReader(SERVER, LIMIT), ByteBuffer.wrap(bytes).asReadOnlyBuffer());
        assertThat(recording.events).containsExactly(text("Hello"), text("Hello"));
    }

    @Test
    void aListenerStopsTheReaderBetweenFramesAndItGoesOnLater() {
        FrameReader reader = new FrameReader(CLIENT, LIMIT);
        Recording recording = new Recording();
        recording.stopping = true;
        ByteBuffer in = ByteBuffer.wrap(hex("81 01 61 | 89 00 | 81 01 62 | 81 02 63"));
        assertThat(reader.read(in, recording)).isFalse();
        assertThat(recording.events).containsExactly(text("a"));
        assertThat(in.position()).isEqualTo(3);
        assertThat(reader.read(in, recording)).isFalse();
        assertThat(recording.events).hasSize(2);
        recording.stopping = false;
        assertThat(reader.read(in, recording)).isTrue();
        assertThat(reader.read(ByteBuffer.wrap(hex("64")), recording)).isTrue();
        assertThat(recording.events)
                .containsExactly(text("a"), new Recording.Ping(Bytes.EMPTY), text("b"), text("cd"));
    }

    @Test
    void stoppedBehindTheLastByteIsStillStopped() {
        Recording recording = new Recording();
        recording.stopping = true;
        ByteBuffer in = ByteBuffer.wrap(hex("81 01 61"));
        assertThat(new FrameReader(CLIENT, LIMIT).read(in, recording)).isFalse();
        assertThat(in.hasRemaining()).isFalse();
    }

    @Test
    void anIdleReaderHoldsNoBytes() {
        FrameReader reader = new FrameReader(CLIENT, LIMIT);
        Recording recording = new Recording();
        recording.feed(reader, ByteBuffer.wrap(hex("81 05 48 65 6c 6c")));
        assertThat(reader.heldBytes()).isPositive();
        assertThat(reader.isBetweenMessages()).isFalse();
        recording.feed(reader, ByteBuffer.wrap(hex("6f | 89 02 61")));
        recording.feed(reader, ByteBuffer.wrap(hex("62")));
        assertThat(recording.events)
                .containsExactly(text("Hello"), new Recording.Ping(Bytes.utf8("ab")));
        assertThat(reader.heldBytes()).isZero();
        assertThat(reader.isBetweenMessages()).isTrue();
    }

    @Test
    void whatIsHeldGrowsWithWhatArrivedNotWithWhatIsClaimed() {
        FrameReader reader = new FrameReader(SERVER, 1 << 30);
        Recording recording = new Recording();
        recording.feed(reader, ByteBuffer.wrap(hex("82 ff 00 00 00 00 3f ff ff ff 01 02 03 04")));
        assertThat(reader.heldBytes()).isZero();
        for (int arrived = 1; arrived <= 10_000; arrived++) {
            recording.feed(reader, ByteBuffer.wrap(new byte[1]));
            assertThat(reader.heldBytes()).isBetween(arrived, 64 + 2 * arrived);
        }
    }

    private static List<Recording.Event> fromServer(String hex) {
        return both(CLIENT, hex(hex));
    }

    private static List<Recording.Event> fromClient(String hex) {
        return both(SERVER, hex(hex));
    }

    /** Reads it whole and byte by byte, and insists that this makes no difference. */
    private static List<Recording.Event> both(FrameReader.Side side, byte[] bytes) {
        List<Recording.Event> whole = Recording.whole(new FrameReader(side, LIMIT), bytes);
        assertThat(Recording.byteByByte(new FrameReader(side, LIMIT), bytes)).isEqualTo(whole);
        return whole;
    }

    private static Recording.Message binary() {
        return new Recording.Message(false, Bytes.wrap("".getBytes(StandardCharsets.UTF_8)));
    }
}
