package dev.cardea.server.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CircuitBreakerTest {
    private final CircuitBreaker breaker = new CircuitBreaker(3, 100);

    @Test
    void itOpensAfterSoManyFailuresInARow() {
        assertThat(breaker.failed(0)).isFalse();
        assertThat(breaker.failed(0)).isFalse();
        breaker.succeeded();
        assertThat(breaker.failed(0)).isFalse();
        assertThat(breaker.failed(0)).isFalse();
        assertThat(breaker.admits(0)).isTrue();
        assertThat(breaker.failed(0)).isTrue();
        assertThat(breaker.admits(99)).isFalse();
        assertThat(breaker.failed(0)).as("opens once").isFalse();
    }

    @Test
    void oneCallTriesWhetherTheBackendIsBack() {
        for (int i = 0; i < 3; i++) breaker.failed(0);
        assertThat(breaker.admits(100)).isTrue();
        assertThat(breaker.admits(100)).isFalse();
        breaker.failed(150);
        assertThat(breaker.admits(249)).isFalse();
        assertThat(breaker.admits(250)).isTrue();
        assertThat(breaker.succeeded()).isTrue();
        assertThat(breaker.admits(250)).isTrue();
        assertThat(breaker.admits(250)).isTrue();
        assertThat(breaker.succeeded()).isFalse();
    }

    @Test
    void aTrialThatWasNoneIsTriedAgain() {
        for (int i = 0; i < 3; i++) breaker.failed(0);
        assertThat(breaker.admits(100)).isTrue();
        breaker.abandoned();
        assertThat(breaker.admits(100)).isTrue();
    }

    @Test
    void withoutALimitItNeverOpens() {
        CircuitBreaker never = new CircuitBreaker(0, 100);
        for (int i = 0; i < 1000; i++) never.failed(0);
        assertThat(never.admits(0)).isTrue();
    }
}
