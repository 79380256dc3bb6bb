package dev.cardea.messaging.log;

import org.jspecify.annotations.Nullable;

/**
 * A subscription's place in a log: everything before it has been given to the connection. Belongs
 * to one event loop.
 *
 * <p>Live delivery, catching up after a stall, and what follows a recovery are all the same move
 * forward.
 */
public final class Cursor {
    /** Where a move forward ended. */
    public enum Progress {
        /** Nothing more may be read now. */
        CAUGHT_UP,
        /** The room was used up first. */
        MORE,
        /** The window has moved past the cursor: entries are lost to it. */
        LAPPED
    }

    private final ChannelLog log;
    private final Encoding encoding;
    private final boolean wantsPresenceEvents;

    /** Null: every publication, whole. */
    private final @Nullable Choice choice;

    /** The sequence that is read next. */
    private long next;

    /** The newest protocol offset that the connection has, by delivery or by recovery; unsigned. */
    private long offset;

    /**
     * While {@link #offset} is below this, entries come from history rather than from the window.
     */
    private long catchUpTo;

    /**
     * @param head the sequence after which the cursor reads on
     * @param wantsPresenceEvents joins and leaves are delivered, too
     */
    public Cursor(ChannelLog log, Encoding encoding, long head, boolean wantsPresenceEvents) {
        this(log, encoding, head, wantsPresenceEvents, null);
    }

    /**
     * @param choice null: every publication, whole
     */
    public Cursor(
            ChannelLog log,
            Encoding encoding,
            long head,
            boolean wantsPresenceEvents,
            @Nullable Choice choice) {
        this.log = log;
        this.encoding = encoding;
        this.next = head + 1;
        this.wantsPresenceEvents = wantsPresenceEvents;
        this.choice = choice;
    }

    public long next() {
        return next;
    }

    public long offset() {
        return offset;
    }

    /**
     * The connection was given the stream up to {@code offset} in a reply. What history holds of it
     * up to {@code top} follows as publications; what the window holds twice is passed over.
     */
    public void recoveredTo(long offset, long top) {
        this.offset = offset;
        this.catchUpTo = top;
    }

    /** The newest publication of those in the reply, which was delivered that way. */
    public void repliedWith(long offset) {
        if (choice != null) choice.delivered(offset);
    }

    public @Nullable Choice choice() {
        return choice;
    }

    /**
     * Gives entries to the sink, in order.
     *
     * @param limit the last sequence to read; a head of the log that was seen, or less
     * @param roomBytes no entry is begun once this many bytes were written
     * @param runs of this event loop
     */
    public Progress advance(Gate gate, long limit, int roomBytes, Runs runs, FrameSink sink) {
        int written = 0;
        while (Long.compareUnsigned(offset, catchUpTo) < 0) {
            if (written >= roomBytes) return Progress.MORE;
            Entry missed = log.nextInHistory(offset);
            if (missed == null) return Progress.LAPPED;
            offset = missed.offset();
            Frame frame = choice == null ? missed.frame(encoding) : choice.frame(missed);
            if (frame == null) continue;
            sink.write(frame, 1);
            written += frame.lengthBytes();
        }
        if (limit > next && written == 0)
            written = advanceByRun(gate, limit, roomBytes, runs, sink);
        while (next <= limit) {
            if (written >= roomBytes) return Progress.MORE;
            Entry entry = log.read(next);
            if (entry == null) return Progress.LAPPED;
            next++;
            if (!isWanted(entry, gate)) continue;
            Frame frame = choice == null ? entry.frame(encoding) : choice.frame(entry);
            if (frame == null) continue;
            sink.write(frame, 1);
            written += frame.lengthBytes();
        }
        return Progress.CAUGHT_UP;
    }

    /** Several entries wait, which others wait for as well. Returns the bytes written. */
    private int advanceByRun(Gate gate, long limit, int roomBytes, Runs runs, FrameSink sink) {
        if (choice != null || wantsPresenceEvents || !encoding.inRuns()) return 0;
        if (limit != gate.openTo()) return 0;
        Run run = runs.at(log, gate, next, limit, encoding);
        if (run == null || !run.fits(offset, roomBytes)) return 0;
        next = run.next();
        if (run.lastOffset() != 0) offset = run.lastOffset();
        sink.write(run.frame(), run.entries());
        return run.frame().lengthBytes();
    }

    private boolean isWanted(Entry entry, Gate gate) {
        if (entry.isPresenceEvent()) return wantsPresenceEvents;
        long entryOffset = entry.offset();
        if (entryOffset != 0) {
            if (Long.compareUnsigned(entryOffset, offset) <= 0) return false; // was in the reply
            offset = entryOffset;
        }
        return !gate.supersedes(entry);
    }

    /**
     * After being lapped: goes on at the oldest entry that is left. Returns how many were skipped.
     */
    public long skipToTail() {
        return jumpTo(log.tail());
    }

    /** After being lapped: goes on at the newest entry. Returns how many were skipped. */
    public long jumpToLatest() {
        return jumpTo(Math.max(log.tail(), log.head()));
    }

    private long jumpTo(long sequence) {
        catchUpTo = 0;
        long skipped = Math.max(0, sequence - next);
        next += skipped;
        return skipped;
    }
}
