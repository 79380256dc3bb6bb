package dev.cardea.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class PacerTest {
    private static final long START = -5_000_000_000L; // monotonic time may begin anywhere
    private static final long STEP = Duration.ofMillis(5).toNanos();
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    /** How many are closed in each of the steps. */
    private static List<Integer> run(Pacer pacer, int connections, int steps) {
        int[] left = {connections};
        return Stream.iterate(START, now -> now + STEP)
                .limit(steps)
                .map(now -> {
                    int due = left[0] == 0 ? 0 : pacer.due(left[0], now);
                    left[0] -= due;
                    return due;
                })
                .toList();
    }

    private static int sum(List<Integer> steps) {
        return steps.stream().mapToInt(Integer::intValue).sum();
    }

    @Test
    void theFirstIsClosedAtOnceAndTheOthersOneAfterTheOther() {
        Pacer pacer = new Pacer(100, START, START + 27 * SECOND);
        List<Integer> steps = run(pacer, 1000, 201);
        assertThat(steps).containsOnly(0, 1).startsWith(1, 0, 1, 0, 1);
        assertThat(sum(steps)).isEqualTo(101); // a second, and the first
    }

    @Test
    void aThreadThatWasHeldUpDoesNotMakeUpForItAllAtOnce() {
        Pacer pacer = new Pacer(100, START, START + 100 * SECOND);
        assertThat(pacer.due(1000, START)).isEqualTo(1);
        assertThat(pacer.due(999, START + 3 * SECOND)).isEqualTo(5);
        assertThat(pacer.due(994, START + 3 * SECOND + STEP)).isZero();
    }

    @Test
    void whatWasMissedIsMadeUpForWhereTheTimeIsShort() {
        Pacer pacer = new Pacer(100, START, START + 10 * SECOND);
        assertThat(pacer.due(1000, START)).isEqualTo(1);
        long late = START + 5 * SECOND;
        int left = 999;
        for (long now = late; now < START + 10 * SECOND; now += STEP) left -= pacer.due(left, now);
        assertThat(left).isLessThanOrEqualTo(1);
    }

    @Test
    void withoutARateTheyAreSpreadEvenly() {
        List<Integer> steps = run(new Pacer(0, START, START + 2 * SECOND), 400, 400);
        assertThat(steps).allMatch(due -> due <= 2);
        assertThat(sum(steps.subList(0, 200))).isBetween(195, 205);
    }

    @Test
    void withNoTimeLeftAllAreClosedAtOnce() {
        Pacer pacer = new Pacer(100, START, START);
        assertThat(pacer.due(100, START + 1)).isEqualTo(100);
    }
}
