package dev.cardea.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class PaceTest {
    @Test
    void closesAsManyInASecondAsIsWanted() {
        Pace pace = Pace.of(1000, 100, Duration.ofSeconds(27));
        assertThat(pace).isEqualTo(new Pace(100, false));
        assertThat(pace.duration(1000)).isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void closesFasterWhereThereIsNotTheTime() {
        Pace pace = Pace.of(10_000, 100, Duration.ofSeconds(25));
        assertThat(pace).isEqualTo(new Pace(400, true));
    }

    @Test
    void withoutARateTakesAllTheTimeThereIs() {
        assertThat(Pace.of(10_000, 0, Duration.ofSeconds(25))).isEqualTo(new Pace(400, false));
        assertThat(Pace.of(3, 0, Duration.ofSeconds(25)).perSecond()).isEqualTo(1);
    }
}
