package dev.cardea.messaging.broker;

import dev.cardea.messaging.broker.Broker.Published;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The results of publishing with an idempotency key, for five minutes, the newest million of them.
 * Thread safe; holds its lock while it publishes, so that of two that come together one is second.
 */
final class IdempotencyCache {
    private static final long TTL_NANOS = Duration.ofMinutes(5).toNanos();
    private static final int MAX_RESULTS = 1_000_000;

    private record Key(String channel, String key) {}

    private record Result(Published published, long expiresNanos) {}

    private final Map<Key, Result> results =
            new LinkedHashMap<>(); // all live equally long: the oldest expires first

    synchronized Published once(
            String channel, String key, long nowNanos, Supplier<Published> publish) {
        expire(nowNanos);
        Key id = new Key(channel, key);
        Result known = results.get(id);
        if (known != null) return known.published();
        Published published = publish.get();
        results.put(id, new Result(published, nowNanos + TTL_NANOS));
        return published;
    }

    private void expire(long nowNanos) {
        Iterator<Result> oldest = results.values().iterator();
        while (oldest.hasNext()) {
            boolean live = oldest.next().expiresNanos() - nowNanos > 0;
            if (live && results.size() < MAX_RESULTS) return;
            oldest.remove();
        }
    }
}
