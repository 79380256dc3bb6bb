package dev.cardea.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class LinesTest {
    @Test
    void theEndOfALineIsWhereTheNextLineFeedIs() {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 10_000; i++) {
            byte[] bytes = new byte[random.nextInt(1, 64)];
            for (int at = 0; at < bytes.length; at++) bytes[at] = (byte) random.nextInt(11, 256);
            int lineFeed = random.nextInt(0, bytes.length * 2);
            if (lineFeed < bytes.length) bytes[lineFeed] = '\n';
            ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
            int from = random.nextInt(0, Math.min(lineFeed, bytes.length) + 1);
            assertThat(Lines.end(in, from, bytes.length))
                    .as("seed %d, round %d", seed, i)
                    .isEqualTo(Math.min(lineFeed, bytes.length));
        }
    }

    @Test
    void aSubscribeReplyTellsThePosition() {
        assertThat(
                        Lines.position(
                                "{\"id\":2,\"subscribe\":{\"recoverable\":true,\"epoch\":\"xyzK\",\"offset\":7,\"positioned\":true}}"))
                .isEqualTo(new Position("xyzK", 7));
        assertThat(
                        Lines.position(
                                "{\"id\":2,\"subscribe\":{\"recoverable\":true,\"epoch\":\"xyzK\"}}"))
                .isEqualTo(new Position("xyzK", 0));
        assertThat(Lines.position("{\"id\":2,\"subscribe\":{}}")).isEqualTo(Position.NONE);
    }
}
