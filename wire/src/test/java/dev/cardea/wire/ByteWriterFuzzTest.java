package dev.cardea.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;

class ByteWriterFuzzTest {
    /** Any bytes, read as a text, a number and raw bytes. */
    @FuzzTest(maxDuration = "1m")
    void writesWhatTheJdkWrites(byte[] input) {
        String text = new String(input, UTF_8);
        long number = input.length < 8 ? input.length : ByteBuffer.wrap(input).getLong();
        ByteWriter out = new ByteWriter(0);
        out.putUtf8(text).put('\n').putDecimal(number).put('\n').putUnsignedDecimal(number);
        out.put('\n').put(input);
        assertThat(out.toBytes().toUtf8())
                .isEqualTo(
                        text + '\n' + number + '\n' + Long.toUnsignedString(number) + '\n' + text);
    }
}
