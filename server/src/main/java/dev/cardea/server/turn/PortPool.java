package dev.cardea.server.turn;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.random.RandomGenerator;

/**
 * The ports of one address that relays may have, and which of them are taken or reserved. Shared by
 * all loops, without a lock.
 */
final class PortPool {
    static final int NONE = -1;

    /** RFC 8656 section 7.2 asks for at least 30 seconds. */
    private static final long RESERVED_NANOS = TimeUnit.SECONDS.toNanos(30);

    private record Reserved(int port, long untilNanos) {}

    private final int first;
    private final AtomicIntegerArray taken;
    private final Map<Long, Reserved> reserved = new ConcurrentHashMap<>();

    PortPool(int first, int last) {
        this.first = first;
        taken = new AtomicIntegerArray(last - first + 1);
    }

    int first() {
        return first;
    }

    /** A port that nobody could guess, or {@link #NONE}. */
    int take(boolean even, boolean andNext, RandomGenerator random) {
        int count = taken.length();
        int start = random.nextInt(count);
        for (int i = 0; i < count; i++) {
            int at = (start + i) % count;
            if (even && (first + at & 1) != 0) continue;
            if (andNext && at + 1 == count) continue;
            if (!taken.compareAndSet(at, 0, 1)) continue;
            if (!andNext || taken.compareAndSet(at + 1, 0, 1)) return first + at;
            taken.set(at, 0);
        }
        return NONE;
    }

    void give(int port) {
        taken.set(port - first, 0);
    }

    /** Keeps a port that was taken for whoever shows the token. */
    long reserve(int port, RandomGenerator random, long nowNanos) {
        long token = random.nextLong() | 1; // never 0
        reserved.put(token, new Reserved(port, nowNanos + RESERVED_NANOS));
        return token;
    }

    /** The port that was reserved, which is taken then; or {@link #NONE}. */
    int claim(long token) {
        Reserved found = reserved.remove(token);
        return found == null ? NONE : found.port();
    }

    /** Gives reserved ports back that nobody came for. */
    void tick(long nowNanos) {
        reserved.forEach((token, each) -> {
            if (nowNanos - each.untilNanos() < 0) return;
            if (reserved.remove(token, each)) give(each.port());
        });
    }
}
