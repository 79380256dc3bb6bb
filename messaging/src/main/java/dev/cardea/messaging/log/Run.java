package dev.cardea.messaging.log;

import java.io.ByteArrayOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Consecutive entries of a log, put together once for all cursors of an event loop that stand at
 * the same place. Immutable.
 *
 * @param frame of all entries, one behind the other
 * @param entries in the frame
 * @param next the sequence behind the run
 * @param bytesBeforeLast what precedes the last entry: a reader with less room than this stops
 *     earlier
 * @param firstOffset the lowest protocol offset in it, 0 if none has one; unsigned
 * @param lastOffset the highest, 0 if none has one; unsigned
 */
record Run(
        Frame frame,
        int entries,
        long next,
        int bytesBeforeLast,
        long firstOffset,
        long lastOffset) {

    /** Entries from {@code from} to {@code limit}, or fewer; null where one of them is gone. */
    static @Nullable Run of(
            ChannelLog log, Gate gate, long from, long limit, Encoding encoding, int roomBytes) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);
        int entries = 0;
        int bytesBeforeLast = 0;
        long firstOffset = 0;
        long lastOffset = 0;
        long next = from;
        while (next <= limit && bytes.size() < roomBytes) {
            Entry entry = log.read(next);
            if (entry == null) return null;
            next++;
            if (entry.isPresenceEvent() || gate.supersedes(entry)) continue;
            bytesBeforeLast = bytes.size();
            bytes.writeBytes(entry.frame(encoding).bytes());
            entries++;
            if (entry.offset() == 0) continue;
            if (firstOffset == 0) firstOffset = entry.offset();
            lastOffset = entry.offset();
        }
        Frame frame = new Frame(bytes.toByteArray());
        return new Run(frame, entries, next, bytesBeforeLast, firstOffset, lastOffset);
    }

    /** Whether a cursor at the run's start, reading entry by entry, would be given the same. */
    boolean fits(long cursorOffset, int roomBytes) {
        boolean isNews = firstOffset == 0 || Long.compareUnsigned(firstOffset, cursorOffset) > 0;
        return isNews && entries > 0 && bytesBeforeLast < roomBytes;
    }
}
