package dev.cardea.wire.websocket;

import static dev.cardea.wire.websocket.Recording.hex;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cardea.wire.ByteWriter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FrameWriterTest {
    private final ByteWriter out = new ByteWriter();

    @Test
    void aServerFrameIsUnmasked() {
        FrameWriter.frame(Opcode.TEXT, utf8("Hello"), out);
        assertThat(out.toArray()).isEqualTo(hex("81 05 48 65 6c 6c 6f"));
    }

    @Test
    void aClientFrameIsMaskedWithItsKey() {
        FrameWriter.masked(Opcode.TEXT, utf8("Hello"), 0x37fa213d, out);
        assertThat(out.toArray()).isEqualTo(hex("81 85 37 fa 21 3d 7f 9f 4d 51 58"));
    }

    @ParameterizedTest
    @CsvSource({
        "0, 82 00",
        "125, 82 7d",
        "126, 82 7e 00 7e",
        "65535, 82 7e ff ff",
        "65536, 82 7f 00 00 00 00 00 01 00 00",
        "2147483647, 82 7f 00 00 00 00 7f ff ff ff"
    })
    void theLengthTakesAsFewBytesAsItCan(int length, String header) {
        FrameWriter.header(Opcode.BINARY, length, out);
        assertThat(out.toArray()).isEqualTo(hex(header));
        assertThat(FrameWriter.headerBytes(length)).isEqualTo(out.length());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 125, 126, 300, 65_535, 65_536, 70_000})
    void aPayloadIsWrappedWhereItWasWritten(int length) {
        byte[] payload = new byte[length];
        Arrays.fill(payload, (byte) 'x');
        out.putAscii("before").put(payload);
        FrameWriter.wrap(Opcode.TEXT, out, 6);
        ByteWriter expected = new ByteWriter().putAscii("before");
        FrameWriter.frame(Opcode.TEXT, ByteBuffer.wrap(payload), expected);
        assertThat(out.toArray()).isEqualTo(expected.toArray());
    }

    @Test
    void aCloseFrameHasCodeAndReason() {
        FrameWriter.close(3501, "bad request", out);
        assertThat(out.toArray()).isEqualTo(hex("88 0d 0d ad 62 61 64 20 72 65 71 75 65 73 74"));
    }

    @Test
    void aCloseFrameWithoutACodeIsEmpty() {
        FrameWriter.close(CloseCode.NONE, "", out);
        assertThat(out.toArray()).isEqualTo(hex("88 00"));
    }

    @Test
    void aLongReasonIsCutBetweenCharacters() {
        FrameWriter.close(1000, "a".repeat(200), out);
        assertThat(out.length()).isEqualTo(2 + 125);
        out.clear();
        FrameWriter.close(1000, "ab" + "\u20AC".repeat(60), out); // 2 + 40 times 3 fit in 123
        assertThat(out.length()).isEqualTo(2 + 2 + 2 + 120);
        out.clear();
        FrameWriter.close(1000, "\uD83D\uDE00".repeat(60), out); // 30 times 4 fit in 123
        assertThat(out.length()).isEqualTo(2 + 2 + 120);
        out.clear();
        FrameWriter.close(1000, "\u20AC".repeat(41), out); // exactly 123
        assertThat(out.length()).isEqualTo(2 + 125);
    }

    @Test
    void thePayloadKeepsItsPosition() {
        ByteBuffer payload = utf8("Hello");
        FrameWriter.frame(Opcode.TEXT, payload, out);
        FrameWriter.masked(Opcode.TEXT, payload, 1, out);
        assertThat(payload).isEqualTo(utf8("Hello"));
    }

    private static ByteBuffer utf8(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }
}
