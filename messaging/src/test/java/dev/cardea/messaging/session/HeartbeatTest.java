package dev.cardea.messaging.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** With an interval of 100 and a timeout of 30, from 1000 on. */
class HeartbeatTest {
    private final Heartbeat heartbeat = new Heartbeat(100, 30);

    private HeartbeatTest() {
        heartbeat.begin(1_000, new SplittableRandom(1));
    }

    private void ping(long now) {
        assertThat(heartbeat.pingDue(now)).isTrue();
    }

    @Test
    void pingsFollowEachOtherInIntervals() {
        assertThat(heartbeat.deadlineNanos()).isBetween(1_050L, 1_100L);
        assertThat(heartbeat.pingDue(1_049)).isFalse();
        ping(1_100);
        heartbeat.sent(1_100);
        assertThat(heartbeat.received()).isTrue();
        assertThat(heartbeat.deadlineNanos()).isEqualTo(1_200);
    }

    @Test
    void aPongIsLateFromWhenThePingHasLeft() {
        ping(1_100);
        assertThat(heartbeat.pongIsLate(1_199)).isFalse();
        heartbeat.sent(1_150);
        assertThat(heartbeat.pongIsLate(1_179)).isFalse();
        assertThat(heartbeat.pongIsLate(1_180)).isTrue();
    }

    @Test
    void aPongMayComeBeforeWeHearThatThePingHasLeft() {
        ping(1_100);
        assertThat(heartbeat.received()).isTrue();
        heartbeat.sent(1_110);
        assertThat(heartbeat.pongIsLate(9_999)).isFalse();
        assertThat(heartbeat.received()).isFalse();
    }

    @Test
    void whileWeDoNotReadAPongIsNeverLate() {
        ping(1_100);
        heartbeat.sent(1_100);
        heartbeat.readsPaused();
        assertThat(heartbeat.pongIsLate(9_999)).isFalse();
        heartbeat.readsResumed(10_000);
        assertThat(heartbeat.pongIsLate(10_029)).isFalse();
        assertThat(heartbeat.pongIsLate(10_030)).isTrue();
    }

    @Test
    void aPingThatLeavesWhileWeDoNotReadIsNotCountedFromThen() {
        ping(1_100);
        heartbeat.readsPaused();
        heartbeat.sent(1_110);
        assertThat(heartbeat.pongIsLate(9_999)).isFalse();
        heartbeat.readsResumed(10_000);
        assertThat(heartbeat.pongIsLate(10_030)).isTrue();
    }

    @Test
    void noPingIsDueWhileAnotherIsOnItsWay() {
        ping(1_100);
        assertThat(heartbeat.pingDue(1_200)).isFalse();
        heartbeat.sent(1_250);
        assertThat(heartbeat.received()).isTrue();
        ping(1_300);
    }
}
