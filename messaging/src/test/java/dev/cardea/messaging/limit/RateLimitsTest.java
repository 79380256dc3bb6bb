package dev.cardea.messaging.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class RateLimitsTest {
    private static final long SECOND = 1_000_000_000;

    private static List<Bucket> buckets(int rate, Duration interval) {
        return List.of(new Bucket(interval.toNanos(), rate));
    }

    @Test
    void aBucketGivesItsRateAtOnceAndFillsEvenly() {
        for (long start : new long[] {0, -5 * SECOND, Long.MAX_VALUE - SECOND / 2}) {
            LimitPlan plan =
                    LimitPlan.builder()
                            .operation(Operation.PUBLISH, buckets(4, Duration.ofSeconds(1)))
                            .build();
            long[] states = plan.full(start);
            for (int i = 0; i < 4; i++)
                assertThat(plan.admits(states, Operation.PUBLISH, "", start)).isTrue();
            assertThat(plan.admits(states, Operation.PUBLISH, "", start)).isFalse();
            assertThat(plan.admits(states, Operation.PUBLISH, "", start + SECOND / 4)).isTrue();
            assertThat(plan.admits(states, Operation.PUBLISH, "", start + SECOND / 4)).isFalse();
            assertThat(LimitPlan.isFull(states, start + SECOND)).isFalse();
            assertThat(LimitPlan.isFull(states, start + 2 * SECOND)).isTrue();
        }
    }

    @Test
    void noIntervalSeesMoreThanTwiceTheRateAndAPatientClientLosesNothing() {
        long seed = new SplittableRandom().nextLong();
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < 200; round++) {
            int rate = random.nextInt(1, 50);
            long interval = random.nextLong(1_000_000, 10 * SECOND);
            Bucket bucket = new Bucket(interval, rate);
            long now = random.nextLong();
            long state = Bucket.full(now);
            ArrayDeque<Long> passed = new ArrayDeque<>();
            for (int i = 0; i < 500; i++) {
                now += random.nextLong(interval / rate);
                if (!bucket.admits(state, now)) continue;
                state = bucket.take(state, now);
                passed.add(now);
                while (now - passed.getFirst() >= interval) passed.removeFirst();
                assertThat(passed.size()).as("seed %d", seed).isLessThanOrEqualTo(2 * rate);
            }
            for (int i = 0; i < 100; i++) {
                now += interval / rate + 1;
                assertThat(bucket.admits(state, now)).as("seed %d", seed).isTrue();
                state = bucket.take(state, now);
            }
        }
    }

    @Test
    void aRefusedOperationTakesNoTokenFromAnyBucket() {
        LimitPlan plan =
                LimitPlan.builder()
                        .total(buckets(3, Duration.ofHours(1)))
                        .operation(Operation.PUBLISH, buckets(1, Duration.ofHours(1)))
                        .byDefault(buckets(5, Duration.ofHours(1)))
                        .build();
        long[] states = plan.full(0);
        assertThat(plan.admits(states, Operation.PUBLISH, "", 0)).isTrue();
        for (int i = 0; i < 10; i++)
            assertThat(plan.admits(states, Operation.PUBLISH, "", 0)).isFalse();
        assertThat(plan.admits(states, Operation.HISTORY, "", 0)).isTrue();
        assertThat(plan.admits(states, Operation.RPC, "", 0)).isTrue();
        assertThat(plan.admits(states, Operation.RPC, "", 0)).isFalse(); // in all
    }

    @Test
    void whatAllTogetherMayNotDoTakesNoTokenOfTheOperationsOwn() {
        LimitPlan plan =
                LimitPlan.builder()
                        .total(buckets(1, Duration.ofSeconds(1)))
                        .operation(Operation.PUBLISH, buckets(2, Duration.ofHours(1)))
                        .build();
        long second = Duration.ofSeconds(1).toNanos();
        long[] states = plan.full(0);
        assertThat(plan.admits(states, Operation.PUBLISH, "", 0)).isTrue();
        for (int i = 0; i < 10; i++)
            assertThat(plan.admits(states, Operation.PUBLISH, "", 0)).isFalse();
        assertThat(plan.admits(states, Operation.PUBLISH, "", second)).isTrue();
        assertThat(plan.admits(states, Operation.PUBLISH, "", 2 * second)).isFalse(); // its own
    }

    @Test
    void anOverrideReplacesTheOperationsOwnLimits() {
        LimitPlan plan =
                LimitPlan.builder()
                        .operation(Operation.PUBLISH, buckets(1, Duration.ofHours(1)))
                        .override(Operation.PUBLISH, "chat", buckets(3, Duration.ofHours(1)))
                        .build();
        long[] states = plan.full(0);
        for (int i = 0; i < 3; i++)
            assertThat(plan.admits(states, Operation.PUBLISH, "chat", 0)).isTrue();
        assertThat(plan.admits(states, Operation.PUBLISH, "chat", 0)).isFalse();
        assertThat(plan.admits(states, Operation.PUBLISH, "news", 0)).isTrue();
        assertThat(plan.admits(states, Operation.PUBLISH, "news", 0)).isFalse();
        assertThat(plan.admits(states, Operation.HISTORY, "news", 0)).isTrue(); // no limit at all
    }

    @Test
    void bucketsByNameAreForgottenWhenFullAndBoundedEvenWhenNot() {
        LimitPlan plan = LimitPlan.builder().total(buckets(2, Duration.ofSeconds(10))).build();
        KeyedLimits limits = new KeyedLimits(plan, 1000);
        for (int i = 0; i < 100_000; i++) {
            assertThat(limits.admits("user" + i, Operation.RPC, "", i)).isTrue();
            assertThat(limits.size()).isLessThanOrEqualTo(1000);
        }
        long later = 20 * SECOND;
        for (int i = 0; i < 1000; i++) limits.admits("late" + i, Operation.RPC, "", later);
        assertThat(limits.size()).isLessThanOrEqualTo(1000);
        assertThat(limits.admits("late999", Operation.RPC, "", later)).isTrue();
        assertThat(limits.admits("late999", Operation.RPC, "", later)).isFalse();
    }

    @Test
    void connectionsOfTheNodeAreBoundedByTheSecond() {
        RateLimits limits = new RateLimits(null, null, null, List.of(), new Bucket(SECOND, 2));
        assertThat(limits.admitsConnection(0)).isTrue();
        assertThat(limits.admitsConnection(0)).isTrue();
        assertThat(limits.admitsConnection(0)).isFalse();
        assertThat(limits.admitsConnection(SECOND / 2)).isTrue();
        assertThat(RateLimits.NONE.admitsConnection(0)).isTrue();
    }
}
