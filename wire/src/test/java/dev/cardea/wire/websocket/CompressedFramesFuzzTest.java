package dev.cardea.wire.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.cardea.wire.ByteWriter;
import java.nio.ByteBuffer;

class CompressedFramesFuzzTest {
    private static final int LIMIT = 4096;

    /** As a payload: refused, or within bounds. As a message: the same behind the other side. */
    @FuzzTest(maxDuration = "1m")
    void anyBytesAreRefusedOrInflatedWithinBounds(byte[] input) {
        try (MessageInflater inflater = new MessageInflater();
                MessageDeflater deflater = new MessageDeflater(1)) {
            try {
                ByteBuffer any = inflater.inflate(ByteBuffer.wrap(input), LIMIT);
                assertThat(any.remaining()).isLessThanOrEqualTo(LIMIT);
            } catch (ProtocolError e) {
                assertThat(e.closeCode()).isIn(1007, 1009);
            }
            ByteWriter out = new ByteWriter();
            deflater.deflate(input, 0, input.length, out);
            assertThat(inflater.inflate(out.written(), input.length))
                    .isEqualTo(ByteBuffer.wrap(input));
        }
    }
}
