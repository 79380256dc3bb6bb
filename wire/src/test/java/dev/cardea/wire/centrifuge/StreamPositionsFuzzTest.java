package dev.cardea.wire.centrifuge;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.cardea.wire.Malformed;
import java.nio.charset.StandardCharsets;

class StreamPositionsFuzzTest {
    @FuzzTest(maxDuration = "1m")
    void anyTextIsReadOrRefused(byte[] input) {
        try {
            var _ = StreamPositions.read(new String(input, StandardCharsets.UTF_8)).in("news");
        } catch (Malformed e) {
            // as it should be
        }
    }
}
