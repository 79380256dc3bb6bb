package dev.cardea.messaging.limit;

import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A plan's buckets for each user, or each channel. Thread safe.
 *
 * <p>Bounded: each new key looks at two others, and forgets those whose buckets are full. At the
 * bound it forgets one that isn't: whoever has so many names to choose from isn't held back by
 * counting names.
 */
final class KeyedLimits {
    static final int MAX_KEYS = 100_000;

    private final LimitPlan plan;
    private final int maxKeys;
    private final Map<String, long[]> states = new ConcurrentHashMap<>();
    private Iterator<Map.Entry<String, long[]>> hand = states.entrySet().iterator();

    KeyedLimits(LimitPlan plan, int maxKeys) {
        this.plan = plan;
        this.maxKeys = maxKeys;
    }

    boolean admits(String key, Operation operation, String of, long nowNanos) {
        long[] own = states.get(key);
        if (own == null) own = add(key, nowNanos);
        synchronized (own) {
            return plan.admits(own, operation, of, nowNanos);
        }
    }

    int size() {
        return states.size();
    }

    private synchronized long[] add(String key, long nowNanos) {
        sweepOne(nowNanos, false);
        sweepOne(nowNanos, states.size() >= maxKeys);
        return states.computeIfAbsent(key, _ -> plan.full(nowNanos));
    }

    private void sweepOne(long nowNanos, boolean mustGo) {
        if (!hand.hasNext()) hand = states.entrySet().iterator();
        if (!hand.hasNext()) return;
        long[] seen = hand.next().getValue();
        boolean isFull;
        synchronized (seen) {
            isFull = LimitPlan.isFull(seen, nowNanos);
        }
        if (isFull || mustGo) hand.remove();
    }
}
