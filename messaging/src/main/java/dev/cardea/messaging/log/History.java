package dev.cardea.messaging.log;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The entries of a log that have a protocol offset, oldest first. Guarded by the log's lock.
 *
 * <p>Offsets increase but need not be contiguous, and are found by binary search: a compacted log
 * leaves out those whose key was published again.
 */
final class History {
    private static final int SMALLEST = 4;
    private static final @Nullable Entry[] NONE = new Entry[0];

    private int maxEntries;
    private long ttlNanos;
    private long maxBytes;

    /** A power of two long; nothing while nothing is kept, as of most streams. */
    private @Nullable Entry[] ring = NONE;

    private int start;
    private int count;
    private long bytes; // of payload, as the window counts

    /** The offset behind which everything is kept. */
    private long floor;

    History(LogOptions options) {
        bound(options);
    }

    /** Other bounds from now on. */
    void bound(LogOptions options) {
        maxEntries = options.historySize();
        ttlNanos = options.historyTtlNanos();
        maxBytes = options.historyBytes() == 0 ? Long.MAX_VALUE : options.historyBytes();
        dropExcess();
    }

    /** The newest stays, however long it is. */
    private void dropExcess() {
        while (count > maxEntries || (bytes > maxBytes && count > 1)) dropOldest();
    }

    long floor() {
        return floor;
    }

    /** Nothing is kept, of what comes next everything behind {@code offset}. */
    void beginAt(long offset) {
        clear();
        floor = offset;
    }

    void append(Entry entry) {
        if (count == ring.length) grow();
        ring[index(count++)] = entry;
        entry.hold();
        bytes += entry.payloadBytes();
        dropExcess();
    }

    int count() {
        return count;
    }

    /** How many more fit. */
    int room() {
        return Math.max(0, maxEntries - count);
    }

    /**
     * Puts what lies before the floor in front. It may take more bytes than there should be, until
     * the next one is appended.
     *
     * @param older oldest first, not more than there is {@link #room} for
     * @param floor the offset before the first of them
     */
    void prepend(List<Entry> older, long floor) {
        while (count + older.size() > ring.length) grow();
        start = index(-older.size());
        count += older.size();
        for (int i = 0; i < older.size(); i++) {
            Entry entry = older.get(i);
            ring[index(i)] = entry;
            entry.hold();
            bytes += entry.payloadBytes();
        }
        this.floor = floor;
    }

    boolean isEmpty() {
        return count == 0;
    }

    @Nullable Entry oldest() {
        return count == 0 ? null : at(0);
    }

    /** Up to {@code limit} entries behind {@code offset} (unsigned), oldest first. */
    List<Entry> after(long offset, int limit) {
        int first = firstAfter(offset);
        return slice(first, Math.min(limit, count - first));
    }

    /** Up to {@code limit} entries before {@code offset} (0: from the newest on), newest first. */
    List<Entry> before(long offset, int limit) {
        int end = offset == 0 ? count : firstAfter(offset - 1);
        int taken = Math.min(limit, end);
        return slice(end - taken, taken).reversed();
    }

    @Nullable Entry newest() {
        return count == 0 ? null : at(count - 1);
    }

    void expire(long nowNanos) {
        trimBefore(nowNanos - ttlNanos);
    }

    void trimBefore(long nanos) {
        for (Entry oldest = oldest();
                oldest != null && oldest.appendedNanos() - nanos < 0;
                oldest = oldest()) {
            dropOldest();
        }
    }

    void clear() {
        while (count > 0) dropOldest();
    }

    private int firstAfter(long offset) {
        int low = 0;
        int high = count;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (Long.compareUnsigned(at(middle).offset(), offset) > 0) high = middle;
            else low = middle + 1;
        }
        return low;
    }

    private List<Entry> slice(int from, int length) {
        List<Entry> entries = new ArrayList<>(length);
        for (int i = 0; i < length; i++) entries.add(at(from + i));
        return entries;
    }

    private Entry at(int i) {
        Entry entry = ring[index(i)];
        if (entry == null) throw new IllegalStateException("no entry at " + i + " of " + count);
        return entry;
    }

    private void dropOldest() {
        Entry oldest = at(0);
        ring[start] = null;
        start = index(1);
        count--;
        bytes -= oldest.payloadBytes();
        floor = oldest.offset();
        oldest.release();
        if (count == 0) {
            ring = NONE;
            start = 0;
        }
    }

    private int index(int i) {
        return (start + i) & (ring.length - 1);
    }

    private void grow() {
        @Nullable Entry[] larger = new Entry[Math.max(SMALLEST, ring.length * 2)];
        for (int i = 0; i < count; i++) larger[i] = ring[index(i)];
        ring = larger;
        start = 0;
    }
}
