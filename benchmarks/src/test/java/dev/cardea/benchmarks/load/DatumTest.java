package dev.cardea.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class DatumTest {
    @Test
    void aTemplateIsAJsonObjectOfTheLengthAskedFor() {
        assertThat(new String(Datum.template(64), StandardCharsets.US_ASCII))
                .isEqualTo(
                        "{\"s\":\"0000000000000000\",\"t\":\"0000000000000000\",\"p\":\""
                                + "-".repeat(10)
                                + "\"}");
    }

    @Test
    void whatIsWrittenIsFoundAndReadAgain() {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 1000; i++) {
            int length = random.nextInt(56, 300);
            int at = random.nextInt(0, 50);
            byte[] datum = Datum.template(length);
            long sequence = random.nextLong();
            long nanos = random.nextLong();
            Datum.write(datum, 0, sequence, nanos);
            ByteBuffer in = ByteBuffer.allocate(at + length + 8).order(ByteOrder.LITTLE_ENDIAN);
            in.put(at, datum);
            assertThat(Datum.find(in, 0, at + length, length)).as("seed %d", seed).isEqualTo(at);
            assertThat(Datum.sequence(in, at)).as("seed %d", seed).isEqualTo(sequence);
            assertThat(Datum.nanos(in, at)).as("seed %d", seed).isEqualTo(nanos);
        }
    }

    @Test
    void aDatumThatIsCutShortIsNone() {
        ByteBuffer in = ByteBuffer.allocate(200).order(ByteOrder.LITTLE_ENDIAN);
        in.put(0, Datum.template(128));
        assertThat(Datum.find(in, 0, 127, 128)).isEqualTo(-1);
        in.put(126, (byte) '-');
        assertThat(Datum.find(in, 0, 200, 128)).isEqualTo(-1);
    }
}
