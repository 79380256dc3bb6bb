package dev.cardea.messaging.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class TimerWheelTest {
    private static final long START = -7_777_777_777L;
    private static final long MILLI = 1_000_000;

    private final TimerWheel wheel = new TimerWheel(START);
    private final List<String> fired = new ArrayList<>();
    private long now = START;

    private class Named extends TimerWheel.Timer {
        final String name;
        Runnable then = () -> {};

        Named(String name) {
            this.name = name;
        }

        @Override
        protected void expired(long nowNanos) {
            fired.add(name);
            then.run();
        }
    }

    private void passTo(long millis) {
        while (now < START + millis * MILLI) {
            now = Math.min(now + TimerWheel.TICK_NANOS, START + millis * MILLI);
            wheel.advance(now);
        }
    }

    @Test
    void aTimerFiresOnceAtItsDeadlineOrATickLater() {
        wheel.set(new Named("a"), START + 100 * MILLI);
        passTo(99);
        assertThat(fired).isEmpty();
        passTo(120);
        assertThat(fired).containsExactly("a");
        passTo(90_000);
        assertThat(fired).hasSize(1);
        assertThat(wheel.count()).isZero();
    }

    @Test
    void aTimerMayLieRoundsAhead() {
        wheel.set(new Named("a"), START + Duration.ofMinutes(3).toNanos());
        passTo(179_990);
        assertThat(fired).isEmpty();
        passTo(180_040);
        assertThat(fired).containsExactly("a");
    }

    @Test
    void aDeadlineOfThePastIsDueAtTheNextTick() {
        passTo(1_000);
        wheel.set(new Named("a"), START);
        passTo(1_040);
        assertThat(fired).containsExactly("a");
    }

    @Test
    void aTimerThatIsSetAgainFiresAtItsNewDeadlineOnly() {
        Named a = new Named("a");
        wheel.set(a, START + 100 * MILLI);
        wheel.set(a, START + 500 * MILLI);
        assertThat(wheel.count()).isEqualTo(1);
        passTo(400);
        assertThat(fired).isEmpty();
        passTo(520);
        assertThat(fired).containsExactly("a");
    }

    @Test
    void aCancelledTimerDoesNotFire() {
        Named a = new Named("a");
        wheel.set(a, START + 100 * MILLI);
        wheel.cancel(a);
        wheel.cancel(a);
        passTo(1_000);
        assertThat(fired).isEmpty();
        assertThat(a.isSet()).isFalse();
    }

    @Test
    void whatFiresMaySetAndCancelOthersThatAreDueWithIt() {
        List<Named> timers = new ArrayList<>();
        for (int i = 0; i < 10; i++) timers.add(new Named("t" + i));
        for (Named timer : timers) {
            timer.then =
                    () -> {
                        for (Named other : timers) {
                            if (other == timer) continue;
                            if (timers.indexOf(other) % 2 == 0) wheel.cancel(other);
                            else if (other.isSet()) wheel.set(other, now + 200 * MILLI);
                        }
                        timer.then = () -> {};
                    };
            wheel.set(timer, START + 100 * MILLI);
        }
        Named bystander = new Named("bystander");
        wheel.set(bystander, START + 300 * MILLI);

        passTo(120);
        assertThat(fired).hasSize(1);
        passTo(2_000);

        assertThat(fired).contains("bystander", "t1", "t3", "t5", "t7", "t9");
        assertThat(wheel.count()).isZero();
    }

    @Test
    void aLeapInTimeFiresWhatIsDue() {
        for (int i = 1; i <= 100; i++) wheel.set(new Named("t" + i), START + i * 1_000L * MILLI);
        now = START + 90_500 * MILLI;
        wheel.advance(now);
        assertThat(fired).hasSize(90);
        passTo(101_000);
        assertThat(fired).hasSize(100).doesNotHaveDuplicates();
    }

    @Test
    void noTimerIsEarlyOrMoreThanATickLate() {
        for (long seed = 1; seed <= 20; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            TimerWheel timers = new TimerWheel(START);
            long[] time = {START};
            int[] left = {500};
            for (int i = 0; i < 500; i++) {
                long deadline = START + random.nextLong(100_000 * MILLI);
                long seeded = seed;
                timers.set(
                        new TimerWheel.Timer() {
                            @Override
                            protected void expired(long nowNanos) {
                                left[0]--;
                                assertThat(nowNanos - deadline)
                                        .as("seed %s", seeded)
                                        .isBetween(0L, 2 * TimerWheel.TICK_NANOS);
                            }
                        },
                        deadline);
            }
            while (left[0] > 0 && time[0] < START + 101_000 * MILLI) {
                time[0] += TimerWheel.TICK_NANOS;
                timers.advance(time[0]);
            }
            assertThat(left[0]).as("seed %s", seed).isZero();
        }
    }

    @Test
    void aTimerThatThrowsKeepsNoOtherFromFiring() {
        for (String name : List.of("a", "b", "c", "d")) {
            Named timer = new Named(name);
            if (!name.equals("b"))
                timer.then =
                        () -> {
                            throw new IllegalStateException(name + " broke");
                        };
            wheel.set(timer, START + 100 * MILLI);
        }
        wheel.set(new Named("later"), START + 140 * MILLI);

        assertThatThrownBy(() -> wheel.advance(START + 200 * MILLI))
                .isInstanceOf(TimersFailed.class)
                .hasMessage("timers that threw: 3")
                .hasRootCauseInstanceOf(IllegalStateException.class)
                .satisfies(failed -> assertThat(failed.getSuppressed()).hasSize(2));
        assertThat(fired).containsExactlyInAnyOrder("a", "b", "c", "d", "later").endsWith("later");
        assertThat(wheel.count()).isZero();
    }

    @Test
    void ofManyTimersThatThrowAFewAreToldInFull() {
        for (int i = 0; i < 1_000; i++) {
            Named timer = new Named("a");
            timer.then =
                    () -> {
                        throw new IllegalStateException("broke");
                    };
            wheel.set(timer, START + 100 * MILLI);
        }
        assertThatThrownBy(() -> wheel.advance(START + 200 * MILLI))
                .hasMessage("timers that threw: 1000")
                .satisfies(failed -> assertThat(failed.getSuppressed()).hasSize(7));
    }
}
