package dev.cardea.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
        assertThat(steps).containsOnly(0, 1).startsWith(1, 0, 0, 1, 0, 1);
        assertThat(sum(steps)).isEqualTo(96); // in a second: what may be made up for isn't in it
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 20, 60, 100, 999})
    void noSecondSeesMoreThanTheRateHoweverBusyTheMachineIs(int rate) {
        Random random = new Random(rate);
        Pacer pacer = new Pacer(rate, START, START + 1_000_000 * SECOND);
        List<Long> closedAt = new ArrayList<>();
        for (long now = START; now < START + 60 * SECOND; now += STEP) {
            if (random.nextInt(50) == 0) now += random.nextLong(2 * SECOND); // it was held up
            for (int due = pacer.due(1_000_000, now); due > 0; due--) closedAt.add(now);
        }
        assertThat(closedAt).hasSizeGreaterThan(rate * 10);
        for (int first = 0, last = 0; last < closedAt.size(); last++) {
            while (closedAt.get(last) - closedAt.get(first) >= SECOND) first++;
            assertThat(last - first + 1).isLessThanOrEqualTo(rate);
        }
    }

    @Test
    void whereTheTimeIsJustEnoughTheRateHoldsToTheEnd() {
        Pacer pacer = new Pacer(100, START, START + 11 * SECOND);
        List<Integer> steps = run(pacer, 1000, 2200);
        assertThat(sum(steps)).isEqualTo(1000);
        for (int from = 0; from + 200 <= steps.size(); from++)
            assertThat(sum(steps.subList(from, from + 200))).isLessThanOrEqualTo(100);
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
        assertThat(pacer.due(100, START + STEP)).isEqualTo(100);
    }
}
