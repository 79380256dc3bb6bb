package dev.cardea.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class DurationTextTest {
    @Test
    void gosNotationIsRead() {
        assertThat(DurationText.parse("25s")).isEqualTo(Duration.ofSeconds(25));
        assertThat(DurationText.parse("720h")).isEqualTo(Duration.ofDays(30));
        assertThat(DurationText.parse("300ms")).isEqualTo(Duration.ofMillis(300));
        assertThat(DurationText.parse("1h30m")).isEqualTo(Duration.ofMinutes(90));
        assertThat(DurationText.parse("1.5s")).isEqualTo(Duration.ofMillis(1500));
        assertThat(DurationText.parse("10us")).isEqualTo(Duration.ofNanos(10_000));
        assertThat(DurationText.parse("0")).isEqualTo(Duration.ZERO);
    }

    @Test
    void anythingElseIsNot() {
        for (String text :
                new String[] {"", "25", "-1s", "1d", "1s ", "s", "1 s", "1h-3m", "1e3s"}) {
            assertThat(DurationText.parse(text)).as(text).isNull();
        }
        assertThat(DurationText.parse("9".repeat(1000) + "s")).isNull();
    }

    @Test
    void whatIsWrittenIsReadBack() {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 1000; i++) {
            Duration duration = Duration.ofNanos(random.nextLong(1L << random.nextInt(1, 60)));
            assertThat(DurationText.parse(DurationText.format(duration)))
                    .as("seed %d", seed)
                    .isEqualTo(duration);
        }
        assertThat(DurationText.format(Duration.ZERO)).isEqualTo("0s");
        assertThat(DurationText.format(Duration.ofMinutes(90))).isEqualTo("1h30m");
    }
}
