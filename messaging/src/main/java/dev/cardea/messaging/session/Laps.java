package dev.cardea.messaging.session;

import java.util.HashMap;
import java.util.Map;

/** How often one connection's readers were lapped lately, by channel. */
final class Laps {
    private static final int FORGIVEN = 3;
    private static final long WITHIN_NANOS = 60_000_000_000L;

    private static final class Count {
        final long firstNanos;
        int laps;

        Count(long firstNanos) {
            this.firstNanos = firstNanos;
        }
    }

    private final Map<String, Count> byChannel = new HashMap<>(0);

    /**
     * Counts one more. Returns false when there were too many for subscribing again to be of use.
     */
    boolean forgives(String channel, long nowNanos) {
        byChannel.values().removeIf(count -> nowNanos - count.firstNanos > WITHIN_NANOS);
        return ++byChannel.computeIfAbsent(channel, _ -> new Count(nowNanos)).laps <= FORGIVEN;
    }
}
