package dev.cardea.messaging.mercure;

import dev.cardea.wire.mercure.Topic;

/** The sequences of one topic's updates that are kept, oldest first. Guarded by the log's lock. */
final class TopicHistory {
    private static final int SMALLEST = 2;

    private final Topic topic;
    private long[] ring = new long[SMALLEST]; // a power of two long
    private int start;
    private int count;
    private long bytes;

    /** The newest sequence of those that are gone; 0: none is. */
    private long lostThrough;

    /**
     * @param lostThrough what it had before it was forgotten may be gone up to there
     */
    TopicHistory(Topic topic, long lostThrough) {
        this.topic = topic;
        this.lostThrough = lostThrough;
    }

    Topic topic() {
        return topic;
    }

    int count() {
        return count;
    }

    long bytes() {
        return bytes;
    }

    long lostThrough() {
        return lostThrough;
    }

    long oldest() {
        return at(0);
    }

    private long at(int i) {
        return ring[(start + i) & (ring.length - 1)];
    }

    void append(long sequence, int itsBytes) {
        if (count == ring.length) grow();
        ring[(start + count++) & (ring.length - 1)] = sequence;
        bytes += itsBytes;
    }

    private void grow() {
        long[] larger = new long[ring.length * 2];
        for (int i = 0; i < count; i++) larger[i] = at(i);
        ring = larger;
        start = 0;
    }

    /** Something was lost up to there that it never had. */
    void lost(long sequence) {
        lostThrough = sequence;
    }

    void dropOldest(int itsBytes) {
        lostThrough = Math.max(lostThrough, at(0));
        start = (start + 1) & (ring.length - 1);
        count--;
        bytes -= itsBytes;
    }

    /** Up to {@code most} sequences behind one. */
    long[] after(long sequence, int most) {
        int low = 0;
        int high = count;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (at(middle) > sequence) high = middle;
            else low = middle + 1;
        }
        long[] found = new long[Math.min(most, count - low)];
        for (int i = 0; i < found.length; i++) found[i] = at(low + i);
        return found;
    }
}
