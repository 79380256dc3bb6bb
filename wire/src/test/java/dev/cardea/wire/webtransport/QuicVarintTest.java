package dev.cardea.wire.webtransport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cardea.wire.ByteWriter;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class QuicVarintTest {
    private static long read(String hex) {
        return QuicVarint.read(ByteBuffer.wrap(HexFormat.of().parseHex(hex)));
    }

    private static String write(long value) {
        ByteWriter out = new ByteWriter();
        QuicVarint.write(value, out);
        return HexFormat.of().formatHex(out.toArray());
    }

    @Test
    void theExamplesOfTheRfcAreReadAndWritten() {
        // RFC 9000 appendix A.1
        assertThat(read("c2197c5eff14e88c")).isEqualTo(151_288_809_941_952_652L);
        assertThat(read("9d7f3e7d")).isEqualTo(494_878_333);
        assertThat(read("7bbd")).isEqualTo(15_293);
        assertThat(read("25")).isEqualTo(37);
        assertThat(read("4025")).isEqualTo(37);
        assertThat(write(151_288_809_941_952_652L)).isEqualTo("c2197c5eff14e88c");
        assertThat(write(494_878_333)).isEqualTo("9d7f3e7d");
        assertThat(write(15_293)).isEqualTo("7bbd");
        assertThat(write(37)).isEqualTo("25");
    }

    @Test
    void aNumberThatIsNotAllThereIsLeftAlone() {
        ByteBuffer in = ByteBuffer.wrap(HexFormat.of().parseHex("c2197c5eff14e8"));
        assertThat(QuicVarint.read(in)).isEqualTo(QuicVarint.INCOMPLETE);
        assertThat(in.position()).isZero();
        assertThat(read("")).isEqualTo(QuicVarint.INCOMPLETE);
    }

    @Test
    void whatIsWrittenIsReadAgainAndTakesTheFewestBytes() {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 20_000; i++) {
            long value = random.nextLong() >>> (2 + random.nextInt(62));
            String hex = write(value);
            assertThat(read(hex)).as("seed %d", seed).isEqualTo(value);
            int bytes = value < 64 ? 1 : value < 16_384 ? 2 : value < 1 << 30 ? 4 : 8;
            assertThat(hex).as("seed %d", seed).hasSize(2 * bytes);
        }
    }

    @Test
    void thereIsNoNumberBeyond62Bits() {
        assertThat(read("ffffffffffffffff")).isEqualTo(QuicVarint.MAX);
        assertThatThrownBy(() -> write(QuicVarint.MAX + 1))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> write(-1)).isInstanceOf(IllegalArgumentException.class);
    }
}
