package dev.cardea.messaging.log;

import java.util.concurrent.atomic.LongAdder;

/**
 * What the publications of one namespace take in memory, and how much they may. Charged from any
 * thread; never blocks.
 */
public final class MemoryBudget {
    private final LongAdder used = new LongAdder();
    private final long limitBytes;

    public MemoryBudget(long limitBytes) {
        this.limitBytes = limitBytes;
    }

    void charge(int bytes) {
        used.add(bytes);
    }

    public long usedBytes() {
        return used.sum();
    }

    public long limitBytes() {
        return limitBytes;
    }

    /** Bytes above the limit, or a number that isn't positive. */
    public long excessBytes() {
        return usedBytes() - limitBytes;
    }
}
