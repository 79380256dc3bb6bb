package dev.cardea.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class ByteWriterTest {
    private final ByteWriter out = new ByteWriter(0);

    private String hex() {
        return HexFormat.of().formatHex(out.toArray());
    }

    @Test
    void growsAsItIsWritten() {
        for (int i = 0; i < 1_000; i++) out.put(i).put(new byte[] {1, 2, 3}, 1, 2);
        assertThat(out.length()).isEqualTo(3_000);
        assertThat(out.toArray()[2_997]).isEqualTo((byte) 999);
        assertThat(out.written()).isEqualTo(ByteBuffer.wrap(out.toArray()));
        assertThat(out.toBytes()).isEqualTo(Bytes.wrap(out.toArray()));
    }

    @Test
    void takesBuffersAndLeavesTheirPosition() {
        ByteBuffer direct = ByteBuffer.allocateDirect(3).put(1, (byte) 7).position(1);
        out.put(direct).put(Bytes.utf8("a"));
        assertThat(hex()).isEqualTo("070061");
        assertThat(direct.position()).isEqualTo(1);
    }

    @Test
    void textsInAsciiAndUtf8() {
        out.putAscii("abc").putAscii("xdefx", 1, 4).putUtf8("aé€😀");
        assertThat(hex()).isEqualTo("616263" + "646566" + "61c3a9e282acf09f9880");
    }

    @Test
    void aSurrogateWithoutItsPartnerIsReplaced() {
        out.putUtf8("\uD83Da").putUtf8("\uDE00");
        assertThat(hex()).isEqualTo("efbfbd61efbfbd");
    }

    @Test
    void numbersInDecimal() {
        for (long value : new long[] {0, 9, 10, -1, Long.MAX_VALUE, Long.MIN_VALUE}) {
            out.clear();
            out.putDecimal(value);
            assertThat(out.toBytes().toUtf8()).isEqualTo(Long.toString(value));
            out.clear();
            out.putUnsignedDecimal(value);
            assertThat(out.toBytes().toUtf8()).isEqualTo(Long.toUnsignedString(value));
        }
    }

    @Test
    void numbersInBase128() {
        out.putVarint(0).putVarint(127).putVarint(128).putVarint(300).putVarint(-1);
        assertThat(hex()).isEqualTo("00" + "7f" + "8001" + "ac02" + "ffffffffffffffffff01");
    }

    @Test
    void oneByteCanBeLeftOutOfAPayload() {
        Bytes lines = Bytes.utf8("\na\n\nbc\n");
        out.putAscii("\n")
                .putWithout('\n', lines)
                .putWithout('z', lines)
                .putWithout('a', Bytes.EMPTY);
        assertThat(out.toBytes().toUtf8()).isEqualTo("\nabc" + "\na\n\nbc\n");
    }

    @Test
    void whatWasWrittenCanBeChangedOpenedAndCutOff() {
        out.putAscii("abcd").set(0, 'x');
        out.insert(1, 2);
        out.set(1, '1');
        out.set(2, '2');
        assertThat(out.toBytes().toUtf8()).isEqualTo("x12bcd");
        assertThat(out.last()).isEqualTo('d');
        out.truncate(3);
        assertThat(out.toBytes().toUtf8()).isEqualTo("x12");
        out.clear();
        assertThat(out.length()).isZero();
        assertThat(out.last()).isEqualTo(-1);
    }

    @Test
    void nothingBehindTheEndCanBeChanged() {
        out.put('a');
        assertThatThrownBy(() -> out.set(1, 'b')).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> out.truncate(2)).isInstanceOf(IndexOutOfBoundsException.class);
    }
}
