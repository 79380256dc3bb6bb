package dev.cardea.messaging.log;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * The delivery window: the newest entries by sequence, for cursors. Written under the log's lock,
 * read without one.
 *
 * <p>A reader asks for a sequence at or below a {@link #head()} that it has seen. It gets that very
 * entry, or null when the window has moved past it: every entry carries its own sequence, so a slot
 * that was given to another is noticed.
 */
final class Window {
    private static final int SMALLEST = 8;
    private static final Entry[] NONE =
            new Entry[1]; // so that reading needs no look whether there is an array
    private static final VarHandle SLOT = MethodHandles.arrayElementVarHandle(Entry[].class);

    private int maxEntries;
    private long maxBytes;

    /**
     * A power of two long. Replaced when it grows; whoever has seen a head finds it here or in a
     * later array.
     */
    private volatile @Nullable Entry[] slots = NONE;

    /** The newest sequence that was given out. */
    private volatile long head;

    /** The oldest sequence still here; head + 1 when empty. */
    private volatile long tail = 1;

    private long bytes; // of payload: frames that are made later count in the budget alone

    Window(int maxEntries, long maxBytes) {
        this.maxEntries = maxEntries;
        this.maxBytes = maxBytes;
    }

    /** Other bounds, for what is appended from now on. */
    void bound(int entries, long most) {
        maxEntries = entries;
        maxBytes = most;
    }

    long head() {
        return head;
    }

    long tail() {
        return tail;
    }

    @Nullable Entry read(long sequence) {
        @Nullable Entry[] slots = this.slots;
        Entry entry = (Entry) SLOT.getAcquire(slots, (int) sequence & (slots.length - 1));
        return entry != null && entry.sequence() == sequence ? entry : null;
    }

    /** Gives out the next sequence to an entry that nobody is there to read. */
    void skip() {
        long skipped = head + 1;
        trimTo(skipped + 1);
        tail = skipped + 1;
        head = skipped;
    }

    void append(Entry entry) {
        long sequence = entry.sequence();
        while (sequence - tail >= maxEntries && tail <= head) dropOldest();
        if (sequence - tail >= slots.length || slots.length == NONE.length) grow();
        @Nullable Entry[] slots = this.slots;
        entry.hold();
        bytes += entry.payloadBytes();
        SLOT.setRelease(slots, (int) sequence & (slots.length - 1), entry);
        head = sequence;
        while (bytes > maxBytes && tail < sequence) dropOldest();
    }

    /** Lets go of everything before {@code sequence}: all cursors have passed it. */
    void trimTo(long sequence) {
        while (tail < sequence && tail <= head) dropOldest();
    }

    /** Lets go of what was appended before a moment, the newest entry too. */
    void trimBefore(long nanos) {
        for (Entry oldest = oldest();
                oldest != null && oldest.appendedNanos() - nanos < 0;
                oldest = oldest()) {
            dropOldest();
        }
    }

    /** Gives the array back once it is empty, so that a quiet channel costs nothing. */
    void shrink() {
        if (tail > head) slots = NONE;
    }

    @Nullable Entry oldest() {
        return tail > head ? null : read(tail);
    }

    private void dropOldest() {
        @Nullable Entry[] slots = this.slots;
        long dropped = tail;
        int index = (int) dropped & (slots.length - 1);
        Entry oldest = slots[index];
        tail = dropped + 1;
        if (oldest == null) return;
        SLOT.setRelease(slots, index, null);
        bytes -= oldest.payloadBytes();
        oldest.release();
    }

    private void grow() {
        @Nullable Entry[] old = slots;
        @Nullable Entry[] larger = new Entry[old.length == NONE.length ? SMALLEST : old.length * 2];
        for (long sequence = tail; sequence <= head; sequence++) {
            larger[(int) sequence & (larger.length - 1)] = old[(int) sequence & (old.length - 1)];
        }
        slots = larger;
    }
}
