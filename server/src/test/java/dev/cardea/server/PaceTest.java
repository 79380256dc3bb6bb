package dev.cardea.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class PaceTest {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    @Test
    void closesAsManyInASecondAsIsWanted() {
        Pace pace = Pace.of(1000, 100, Duration.ofSeconds(27));
        assertThat(pace).isEqualTo(new Pace(100, false));
        assertThat(pace.due(0)).isEqualTo(1);
        assertThat(pace.due(SECOND / 100 - 1)).isEqualTo(1);
        assertThat(pace.due(SECOND / 100)).isEqualTo(2);
        assertThat(pace.due(10 * SECOND)).isEqualTo(1001);
        assertThat(pace.duration(1000)).isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void closesFasterWhereThereIsNotTheTime() {
        Pace pace = Pace.of(10_000, 100, Duration.ofSeconds(25));
        assertThat(pace).isEqualTo(new Pace(400, true));
        assertThat(pace.due(25 * SECOND)).isGreaterThanOrEqualTo(10_000);
    }

    @Test
    void withoutARateTakesAllTheTimeThereIs() {
        assertThat(Pace.of(10_000, 0, Duration.ofSeconds(25))).isEqualTo(new Pace(400, false));
        assertThat(Pace.of(3, 0, Duration.ofSeconds(25)).perSecond()).isEqualTo(1);
    }

    @Test
    void withNoTimeLeftClosesAllAtOnce() {
        assertThat(Pace.of(100, 100, Duration.ZERO).due(1)).isGreaterThanOrEqualTo(100);
        assertThat(Pace.of(100, 0, Duration.ofSeconds(-1)).due(1)).isGreaterThanOrEqualTo(100);
    }
}
