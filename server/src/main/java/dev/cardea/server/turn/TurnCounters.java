package dev.cardea.server.turn;

/** What one loop has counted. Written by the loop alone; others read what may be a little old. */
final class TurnCounters {
    private volatile long dropped;

    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
    void dropped(int count) {
        dropped += count;
    }

    void dropped() {
        dropped(1);
    }

    long droppedCount() {
        return dropped;
    }
}
