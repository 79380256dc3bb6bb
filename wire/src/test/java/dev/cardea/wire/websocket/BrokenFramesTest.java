package dev.cardea.wire.websocket;

import static dev.cardea.wire.websocket.FrameReader.Side.CLIENT;
import static dev.cardea.wire.websocket.FrameReader.Side.SERVER;
import static dev.cardea.wire.websocket.Recording.hex;
import static dev.cardea.wire.websocket.Recording.text;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Everything that fails a connection, and with which close code. */
class BrokenFramesTest {
    private static final int LIMIT = 1000;

    @ParameterizedTest
    @ValueSource(strings = {"c1 00", "a1 00", "91 00", "f1 00", "c9 00"})
    void reservedBits(String frame) {
        assertThat(fromServer(frame)).containsExactly(failed(1002));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "83 00", "84 00", "85 00", "86 00", "87 00", "8b 00", "8c 00", "8d 00", "8e 00",
                "8f 00", "03 00", "0b 00"
            })
    void reservedOpcodes(String frame) {
        assertThat(fromServer(frame)).containsExactly(failed(1002));
    }

    @Test
    void unmaskedClientFramesAndMaskedServerFrames() {
        assertThat(fromClient("81 00")).containsExactly(failed(1002));
        assertThat(fromClient("88 00")).containsExactly(failed(1002));
        assertThat(fromServer("81 80 00 00 00 00")).containsExactly(failed(1002));
    }

    @ParameterizedTest
    @ValueSource(strings = {"08 00", "09 00", "0a 00"})
    void fragmentedControlFrames(String frame) {
        assertThat(fromServer(frame)).containsExactly(failed(1002));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "88 7e 00 7e",
                "89 7e 00 7e",
                "8a 7e 00 7e",
                "89 7f 00 00 00 00 00 01 00 00",
                "89 7e 00 05"
            })
    void longControlFrames(String frame) {
        assertThat(fromServer(frame)).containsExactly(failed(1002));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"80 00", "00 00", "01 01 61 | 81 01 62", "02 00 | 01 00", "01 00 | 82 00"})
    void continuationsOutOfOrder(String frames) {
        assertThat(fromServer(frames)).containsExactly(failed(1002));
    }

    @Test
    void aContinuationAfterTheLastFragment() {
        assertThat(fromServer("01 01 61 | 80 01 62 | 80 01 63"))
                .containsExactly(text("ab"), failed(1002));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "82 7e 00 00",
                "82 7e 00 7d",
                "82 7f 00 00 00 00 00 00 00 7e",
                "82 7f 00 00 00 00 00 00 ff ff"
            })
    void lengthsThatAreNotMinimal(String frame) {
        assertThat(fromServer(frame)).containsExactly(failed(1002));
    }

    @ParameterizedTest
    @ValueSource(strings = {"82 7f 80 00 00 00 00 00 00 00", "82 7f ff ff ff ff ff ff ff ff"})
    void lengthsWithTheTopBit(String frame) {
        assertThat(fromServer(frame)).containsExactly(failed(1002));
    }

    @Test
    void aClosePayloadOfOneByte() {
        assertThat(fromServer("88 01 03")).containsExactly(failed(1002));
    }

    @ParameterizedTest
    @ValueSource(
            ints = {
                0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 32_768, 65_535
            })
    void closeCodesThatNobodyMaySend(int code) {
        assertThat(fromServer("88 02 %04x".formatted(code))).containsExactly(failed(1002));
    }

    @ParameterizedTest
    @ValueSource(
            ints = {
                1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999,
                4000, 4999
            })
    void closeCodesThatAPeerMaySend(int code) {
        assertThat(fromServer("88 02 %04x".formatted(code)))
                .containsExactly(new Recording.Close(code, ""));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "81 01 ff",
                "81 01 80",
                "81 02 c0 80",
                "81 03 e0 9f bf",
                "81 03 ed a0 80",
                "81 04 f0 8f bf bf",
                "81 04 f4 90 80 80",
                "81 04 f5 80 80 80",
                "81 02 c3 28",
                "81 01 c3",
                "81 03 e2 82 61",
                "01 01 c3 | 80 00",
                "01 02 e2 82 | 80 01 61",
                "01 02 e2 82 | 89 01 ff | 80 01 c3",
            })
    void textThatIsNotUtf8(String frames) {
        assertThat(fromServer(frames)).last().isEqualTo(failed(1007));
    }

    @Test
    void invalidTextFailsBeforeTheMessageIsComplete() {
        assertThat(fromServer("81 7e 03 e8 61 62 ff")).containsExactly(failed(1007));
        assertThat(fromServer("01 02 61 ff")).containsExactly(failed(1007));
        // An overlong or surrogate form is known by its second byte.
        assertThat(fromServer("81 7e 03 e8 ed a0")).containsExactly(failed(1007));
    }

    @Test
    void binaryMessagesNeedNotBeUtf8() {
        assertThat(fromServer("82 02 ff fe")).hasSize(1).doesNotContain(failed(1007));
    }

    @Test
    void aCloseReasonThatIsNotUtf8() {
        assertThat(fromServer("88 03 03 e8 ff")).containsExactly(failed(1007));
        assertThat(fromServer("88 04 03 e8 e2 82")).containsExactly(failed(1007));
    }

    @Test
    void aMessageOverTheLimitFailsByItsHeaderAlone() {
        assertThat(fromServer("82 7e 03 e9")).containsExactly(failed(1009));
        assertThat(fromServer("82 7f 7f ff ff ff ff ff ff ff")).containsExactly(failed(1009));
        assertThat(fromClient("82 fe 03 e9")).containsExactly(failed(1009));
        assertThat(fromServer("82 7e 03 e8")).isEmpty();
    }

    @Test
    void fragmentsCountTogether() {
        String first = "02 7e 03 e8" + "00".repeat(1000);
        assertThat(fromServer(first + "80 01")).containsExactly(failed(1009));
        assertThat(fromServer(first + "89 01 61 | 80 00")).hasSize(2);
        // The next message starts from zero.
        assertThat(fromServer(first + "80 00" + first + "80 00")).hasSize(2);
    }

    @Test
    void afterAnErrorTheReaderDropsEverything() {
        FrameReader reader = new FrameReader(CLIENT, LIMIT);
        Recording recording = new Recording();
        recording.feed(reader, ByteBuffer.wrap(hex("01 01 61")));
        recording.feed(reader, ByteBuffer.wrap(hex("83 00 | 81 01 61")));
        ByteBuffer more = ByteBuffer.wrap(hex("81 01 62 | ff"));
        assertThat(reader.read(more, recording)).isTrue();
        assertThat(more.hasRemaining()).isFalse();
        assertThat(recording.events).containsExactly(failed(1002));
        assertThat(reader.heldBytes()).isZero();
    }

    private static Recording.Event failed(int code) {
        return new Recording.Failed(code);
    }

    private static List<Recording.Event> fromServer(String hex) {
        return both(CLIENT, hex(hex));
    }

    private static List<Recording.Event> fromClient(String hex) {
        return both(SERVER, hex(hex));
    }

    private static List<Recording.Event> both(FrameReader.Side side, byte[] bytes) {
        List<Recording.Event> whole = Recording.whole(new FrameReader(side, LIMIT), bytes);
        assertThat(Recording.byteByByte(new FrameReader(side, LIMIT), bytes)).isEqualTo(whole);
        return whole;
    }
}
