package dev.cardea.wire.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/** The first byte chooses the side and the size of the pieces, the rest are frames. */
class FrameReaderFuzzTest {
    private static final int LIMIT = 4096;

    @FuzzTest(maxDuration = "1m")
    void splitsMakeNoDifference(byte[] data) {
        if (data.length == 0) return;
        FrameReader.Side side = data[0] < 0 ? FrameReader.Side.CLIENT : FrameReader.Side.SERVER;
        int pieceBytes = 1 + (data[0] & 0x7F);
        byte[] frames = Arrays.copyOfRange(data, 1, data.length);

        List<Recording.Event> whole = Recording.whole(new FrameReader(side, LIMIT), frames);

        FrameReader reader = new FrameReader(side, LIMIT);
        Recording recording = new Recording();
        for (int at = 0; at < frames.length; at += pieceBytes) {
            int to = Math.min(at + pieceBytes, frames.length);
            if (!recording.feed(reader, ByteBuffer.wrap(Arrays.copyOfRange(frames, at, to)))) break;
            assertThat(reader.heldBytes()).isLessThanOrEqualTo(LIMIT + 125);
            assertThat(reader.heldBytes()).isLessThanOrEqualTo(128 + 2 * frames.length);
        }
        assertThat(recording.events).isEqualTo(whole);
    }
}
