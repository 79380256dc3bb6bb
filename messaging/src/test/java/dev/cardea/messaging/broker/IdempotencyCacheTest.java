package dev.cardea.messaging.broker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cardea.messaging.broker.Broker.Published;
import dev.cardea.wire.centrifuge.StreamPosition;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class IdempotencyCacheTest {
    private final IdempotencyCache cache = new IdempotencyCache();
    private long offset;
    private long now = -1_000;

    private long once(String channel, String key) {
        return cache.once(
                        channel,
                        key,
                        now,
                        () -> new Published(new StreamPosition(++offset, "epoch")))
                .position()
                .offset();
    }

    @Test
    void aRepetitionGetsTheFirstResult() {
        assertThat(once("news", "k")).isEqualTo(1);
        assertThat(once("news", "k")).isEqualTo(1);
        assertThat(once("news", "other")).isEqualTo(2);
        assertThat(once("other", "k")).isEqualTo(3);
    }

    @Test
    void afterFiveMinutesAKeyIsForgotten() {
        once("news", "k");
        now += Duration.ofMinutes(3).toNanos();
        once("news", "later");
        now += Duration.ofMinutes(2).toNanos() - 1;
        assertThat(once("news", "k")).isEqualTo(1);
        now += 1;
        assertThat(once("news", "k")).isEqualTo(3);
        assertThat(once("news", "later")).isEqualTo(2);
    }
}
