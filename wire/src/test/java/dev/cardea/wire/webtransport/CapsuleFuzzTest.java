package dev.cardea.wire.webtransport;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.cardea.wire.Malformed;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** The first byte chooses the size of the pieces, the rest are capsules. */
class CapsuleFuzzTest {
    @FuzzTest(maxDuration = "1m")
    void splitsMakeNoDifference(byte[] data) {
        if (data.length == 0) return;
        assertThat(read(data, 1 + (data[0] & 0x7f))).isEqualTo(read(data, data.length));
    }

    private static List<Object> read(byte[] data, int pieceBytes) {
        List<Object> events = new ArrayList<>();
        CapsuleReader reader = new CapsuleReader();
        try {
            for (int at = 1; at < data.length; at += pieceBytes) {
                int count = Math.min(pieceBytes, data.length - at);
                reader.read(ByteBuffer.wrap(data, at, count), events::add);
            }
        } catch (Malformed e) {
            events.add(String.valueOf(e.getMessage()));
        }
        return events;
    }
}
