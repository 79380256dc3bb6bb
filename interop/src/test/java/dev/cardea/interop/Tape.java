package dev.cardea.interop;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

/** What happened, in order; a test waits until it has what it waits for. For many threads. */
final class Tape<T> {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition grown = lock.newCondition();
    private final List<T> items = new ArrayList<>();

    void add(T item) {
        lock.lock();
        try {
            items.add(item);
            grown.signalAll();
        } finally {
            lock.unlock();
        }
    }

    List<T> count(int number) {
        return until(seen -> seen.size() >= number, number + " items");
    }

    /** Returns what was seen once the test holds. */
    List<T> until(Predicate<List<T>> test, String what) {
        lock.lock();
        try {
            long left = PATIENCE.toNanos();
            while (!test.test(items)) {
                if (left <= 0) {
                    throw new AssertionError(
                            "not within " + PATIENCE + ": " + what + "; seen " + items);
                }
                left = grown.awaitNanos(left);
            }
            return List.copyOf(items);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted, waiting for " + what, e);
        } finally {
            lock.unlock();
        }
    }

    /** What was seen so far. */
    List<T> items() {
        return until(seen -> true, "anything");
    }
}
