package dev.cardea.server.acme;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RetryTest {
    private static final Instant NOW = Instant.parse("2026-05-01T12:00:00Z");

    private static AcmeFailure refused() {
        return new AcmeFailure("no", false, null);
    }

    private static AcmeFailure unreachable() {
        return new AcmeFailure("away", true, null);
    }

    private static List<Duration> pauses(AcmeFailure failure, int count) {
        List<Duration> pauses = new ArrayList<>();
        Retry retry = Retry.NONE;
        for (int i = 0; i < count; i++) {
            retry = retry.failed(failure, NOW, 0);
            pauses.add(Duration.between(NOW, retry.at()));
        }
        return pauses;
    }

    @Test
    void aRefusalIsFollowedByLongerAndLongerPauses() {
        assertThat(pauses(refused(), 4))
                .containsExactly(
                        Duration.ofMinutes(10),
                        Duration.ofMinutes(20),
                        Duration.ofMinutes(40),
                        Duration.ofMinutes(80));
        assertThat(pauses(refused(), 100).getLast()).isEqualTo(Duration.ofHours(12));
    }

    @Test
    void aNetworkThatIsAwayIsTriedAgainSoonerAndOnceAnHourAtLeast() {
        assertThat(pauses(unreachable(), 2))
                .containsExactly(Duration.ofSeconds(30), Duration.ofSeconds(60));
        assertThat(pauses(unreachable(), 100).getLast()).isEqualTo(Duration.ofHours(1));
    }

    @Test
    void whatTheAuthoritySaysHoldsButNotForEver() {
        Instant said = NOW.plus(Duration.ofHours(30));
        Retry retry = Retry.NONE.failed(new AcmeFailure("later", false, said), NOW, 1);
        assertThat(retry).isEqualTo(new Retry(1, said, true));

        Instant far = NOW.plus(Duration.ofDays(1000));
        Retry bounded = Retry.NONE.failed(new AcmeFailure("later", false, far), NOW, 1);
        assertThat(bounded.at()).isEqualTo(NOW.plus(Duration.ofDays(8)));

        Retry sooner = Retry.NONE.failed(new AcmeFailure("later", false, NOW), NOW, 0);
        assertThat(sooner).isEqualTo(new Retry(1, NOW.plus(Duration.ofMinutes(10)), false));
    }

    @Test
    void thoseThatFailTogetherComeBackApart() {
        Retry late = Retry.NONE.failed(refused(), NOW, 1);
        assertThat(late.at()).isEqualTo(NOW.plus(Duration.ofSeconds(750)));
    }
}
