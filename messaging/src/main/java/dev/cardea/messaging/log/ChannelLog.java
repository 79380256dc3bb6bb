package dev.cardea.messaging.log;

import dev.cardea.messaging.presence.PresenceEvent;
import dev.cardea.wire.centrifuge.Publication;
import dev.cardea.wire.centrifuge.Push;
import dev.cardea.wire.centrifuge.StreamPosition;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One channel as a bounded log. Two ranges over one sequence: <em>history</em>, the publications
 * with an offset, for recovery and the history call; and the <em>delivery window</em>, every entry,
 * for cursors.
 *
 * <p>Any thread may append and read history, under the log's own short lock. {@link #head()} and
 * {@link #read(long)}, which is all that delivery needs, take no lock. The bounds never wait for a
 * reader.
 */
public final class ChannelLog {
    /** So many joins and leaves make a message of 10 to 20 KB. */
    private static final int EVENTS_IN_ENTRY = 128;

    private final String channel;
    private final MemoryBudget budget;
    private final Window window;
    private @Nullable History history;
    private boolean keepsBase;

    /** The newest publication, where another may be sent as a patch of it. */
    private @Nullable Entry newest;

    private final SharedReads reads = new SharedReads();
    private String epoch;
    private long topOffset;
    private long version;
    private String versionEpoch = "";
    private int readers;
    private long lastAppendNanos;

    /** The stream is kept elsewhere; this is a copy of what was appended since it was followed. */
    private boolean isReplica;

    /**
     * @param epoch identifies this life of the stream; clients that come with another can't recover
     */
    public ChannelLog(
            String channel, LogOptions options, MemoryBudget budget, String epoch, long nowNanos) {
        this.channel = channel;
        this.budget = budget;
        this.epoch = epoch;
        this.lastAppendNanos = nowNanos;
        this.keepsBase = options.keepsBase();
        this.window = new Window(options.windowSize(), options.windowBytes());
        this.history = options.hasHistory() ? new History(options) : null;
    }

    /**
     * Other options from now on. Without history its publications are forgotten; a history that
     * there wasn't before begins at offset 1.
     */
    public synchronized void adopt(LogOptions options) {
        window.bound(options.windowSize(), options.windowBytes());
        if (!options.keepsBase()) keepNewest(null);
        keepsBase = options.keepsBase();
        History before = history;
        if (before != null && options.hasHistory()) {
            before.bound(options);
        } else if (before != null) {
            before.clear();
            history = null;
        } else if (options.hasHistory()) {
            history = new History(options);
            history.beginAt(topOffset);
        }
    }

    /** What became of a publication. */
    public record Appended(StreamPosition position, boolean suppressed) {}

    /**
     * Appends a publication.
     *
     * @param isPatched subscribers that ask for deltas may get it as a patch of the one before
     * @param version 0: none; otherwise a publication whose version isn't above the newest one's of
     *     the same {@code versionEpoch} changes nothing
     * @param keepOut delivered live but without an offset, so that history doesn't know it
     */
    public synchronized Appended append(
            Publication publication,
            boolean keepOut,
            boolean isPatched,
            long version,
            String versionEpoch,
            long nowNanos) {
        History history = this.history;
        lastAppendNanos = nowNanos;
        Base base = isPatched && newest != null ? Base.of(newest) : null;
        if (history == null || keepOut) {
            keepNewest(
                    appendToWindow(
                            new Push.Pub(channel, publication.withOffset(0, "")), base, nowNanos));
            return new Appended(history == null ? new StreamPosition(0, "") : top(), false);
        }
        if (version > 0 && !isNewer(version, versionEpoch)) return new Appended(top(), true);
        topOffset++;
        appendNumbered(history, publication, topOffset == 1, base, nowNanos);
        return new Appended(top(), false);
    }

    private void appendNumbered(
            History history,
            Publication publication,
            boolean isFirst,
            @Nullable Base base,
            long nowNanos) {
        history.expire(nowNanos);
        // A subscriber that came before the stream had an epoch adopts it from the first
        // publication.
        Publication numbered = publication.withOffset(topOffset, isFirst ? epoch : "");
        Push push = new Push.Pub(channel, numbered);
        Entry entry = appendToWindow(push, base, nowNanos);
        if (entry == null) entry = new Entry(window.head(), push, base, budget, nowNanos);
        history.append(entry);
        keepNewest(entry);
    }

    // ---- as a replica of a stream that a broker keeps ----

    /** What a replica does with a publication that was appended to its stream. */
    public enum Replicated {
        APPENDED,
        /** It has it, or is no replica yet, so that nobody has read anything of it. */
        PASSED_OVER,
        /** Others before it are missing, or it is of another stream. */
        GAP
    }

    /** From here on a replica, if it isn't one: of what follows {@code top} in the stream. */
    public synchronized void replicateFrom(StreamPosition top) {
        if (isReplica) return;
        isReplica = true;
        standAt(top);
    }

    /**
     * The replica goes on elsewhere, without what lies before: cursors that stand there are lapped,
     * and their readers recover from the broker.
     */
    public synchronized void replicateAnewFrom(StreamPosition top) {
        isReplica = true;
        if (readers > 0) window.skip();
        standAt(top);
    }

    /**
     * Takes what a replica hasn't got because it began later, for cursors that catch up from there.
     *
     * @param slice of the broker, oldest first, up to its top
     */
    public synchronized void backfill(StreamSlice slice, long nowNanos) {
        History history = this.history;
        if (!isReplica || history == null || !slice.top().epoch().equals(epoch)) return;
        long floor = history.floor();
        boolean hasIt = Long.compareUnsigned(slice.previous(), floor) >= 0;
        if (hasIt || Long.compareUnsigned(slice.top().offset(), floor) < 0) return;
        List<Publication> older =
                slice.publications().stream()
                        .filter(each -> Long.compareUnsigned(each.offset(), floor) <= 0)
                        .toList();
        int from = Math.max(0, older.size() - history.room());
        List<Entry> entries = new ArrayList<>();
        for (Publication each : older.subList(from, older.size()))
            entries.add(
                    new Entry(window.head(), new Push.Pub(channel, each), null, budget, nowNanos));
        long before = from == 0 ? slice.previous() : older.get(from - 1).offset();
        if (!entries.isEmpty()) history.prepend(entries, before);
    }

    /** Nobody follows: what comes next isn't told any more. */
    public synchronized void endReplica() {
        isReplica = false;
        if (history != null) history.clear();
    }

    private void standAt(StreamPosition top) {
        epoch = top.epoch();
        topOffset = top.offset();
        if (history != null) history.beginAt(topOffset);
        keepNewest(null);
    }

    /**
     * Appends what the broker has appended to the stream, with the offset that it has there.
     *
     * @param previousOffset of the publication before it in the stream
     * @param at where the stream stands with it
     */
    public synchronized Replicated replicate(
            Publication publication,
            long previousOffset,
            StreamPosition at,
            boolean isPatched,
            long nowNanos) {
        History history = this.history;
        if (!isReplica || history == null) return Replicated.PASSED_OVER;
        if (!at.epoch().equals(epoch)) return Replicated.GAP;
        if (Long.compareUnsigned(at.offset(), topOffset) <= 0) return Replicated.PASSED_OVER;
        if (previousOffset != topOffset) return Replicated.GAP;
        lastAppendNanos = nowNanos;
        Base base = isPatched && newest != null ? Base.of(newest) : null;
        topOffset = at.offset();
        appendNumbered(history, publication, previousOffset == 0, base, nowNanos);
        return Replicated.APPENDED;
    }

    /** Appends a publication that is never sent as a patch. */
    public Appended append(
            Publication publication,
            boolean keepOut,
            long version,
            String versionEpoch,
            long nowNanos) {
        return append(publication, keepOut, false, version, versionEpoch, nowNanos);
    }

    private boolean isNewer(long version, String versionEpoch) {
        boolean comparable = versionEpoch.isEmpty() || versionEpoch.equals(this.versionEpoch);
        if (comparable && Long.compareUnsigned(version, this.version) <= 0) return false;
        this.version = version;
        if (!versionEpoch.isEmpty()) this.versionEpoch = versionEpoch;
        return true;
    }

    /**
     * Joins and leaves that are told together: many in one entry, so that a reader is sent many in
     * one message.
     */
    public synchronized void appendEvents(List<PresenceEvent> events, long nowNanos) {
        for (int from = 0; from < events.size(); from += EVENTS_IN_ENTRY) {
            int to = Math.min(events.size(), from + EVENTS_IN_ENTRY);
            if (readers == 0) {
                window.skip();
                continue;
            }
            List<Push> pushes =
                    events.subList(from, to).stream().map(event -> event.in(channel)).toList();
            window.append(new Entry(window.head() + 1, pushes, budget, nowNanos));
        }
    }

    private @Nullable Entry appendToWindow(Push push, @Nullable Base base, long nowNanos) {
        if (readers == 0) {
            window.skip();
            return null;
        }
        Entry entry = new Entry(window.head() + 1, push, base, budget, nowNanos);
        window.append(entry);
        return entry;
    }

    /** Null: nobody was there to read it, and nobody will patch it. */
    private void keepNewest(@Nullable Entry entry) {
        if (!keepsBase) return;
        if (entry != null) entry.hold();
        if (newest != null) newest.release();
        newest = entry;
    }

    /** From now on the window keeps what is appended. Returns the head to read on from. */
    public synchronized long addReader() {
        readers++;
        return window.head();
    }

    public synchronized void removeReader() {
        readers--;
        if (readers > 0) return;
        window.trimTo(window.head() + 1);
        window.shrink();
        if (history == null) keepNewest(null);
    }

    /** The newest sequence. No lock. */
    public long head() {
        return window.head();
    }

    /** The oldest sequence that cursors can still read. No lock. */
    public long tail() {
        return window.tail();
    }

    /**
     * The entry with this sequence, which is at or below a head that was seen; null: lapped. No
     * lock.
     */
    public @Nullable Entry read(long sequence) {
        return window.read(sequence);
    }

    /** Whether it is the one place where the stream's position is kept. */
    public synchronized boolean keepsPosition() {
        return history != null && !isReplica;
    }

    public synchronized StreamPosition top() {
        return new StreamPosition(topOffset, epoch);
    }

    /**
     * Up to {@code limit} publications behind {@code offset}, oldest first, with the top of the
     * same moment.
     */
    public synchronized StreamSlice after(long offset, int limit, long nowNanos) {
        History history = this.history;
        if (history == null) return new StreamSlice(List.of(), top());
        history.expire(nowNanos);
        return new StreamSlice(reads.publications(history.after(offset, limit)), top());
    }

    /**
     * The entry that follows {@code offset} in history; null if it isn't kept any more, or others
     * before it aren't.
     */
    synchronized @Nullable Entry nextInHistory(long offset) {
        History history = this.history;
        if (history == null) return null;
        if (Long.compareUnsigned(offset, history.floor()) < 0) return null;
        List<Entry> next = history.after(offset, 1);
        return next.isEmpty() ? null : next.getFirst();
    }

    /**
     * Up to {@code limit} publications before {@code offset} (0: from the newest on), newest first.
     */
    public synchronized StreamSlice before(long offset, int limit, long nowNanos) {
        History history = this.history;
        if (history == null) return new StreamSlice(List.of(), top());
        history.expire(nowNanos);
        return new StreamSlice(reads.publications(history.before(offset, limit)), top());
    }

    /** Forgets the publications; the stream goes on at its offset. */
    public synchronized void removeHistory() {
        if (history != null) history.clear();
    }

    /** All cursors have passed everything before {@code sequence}. */
    public synchronized void trimTo(long sequence) {
        window.trimTo(sequence);
    }

    /**
     * All cursors have passed everything before {@code sequence}; what has outlived its time goes
     * too.
     */
    public synchronized void trim(long sequence, long nowNanos) {
        window.trimTo(sequence);
        window.shrink();
        if (history != null) history.expire(nowNanos);
    }

    /** Memory is short: lets go of what was appended before that moment, needed or not. */
    public synchronized void shed(long beforeNanos) {
        if (history != null) history.trimBefore(beforeNanos);
        window.trimBefore(beforeNanos);
        if (newest != null && newest.appendedNanos() - beforeNanos < 0) keepNewest(null);
    }

    /** When the oldest kept entry was appended, or {@code otherwise} if none is kept. */
    public synchronized long oldestNanos(long otherwise) {
        Entry inHistory = history == null ? null : history.oldest();
        Entry inWindow = window.oldest();
        long oldest = inHistory == null ? otherwise : inHistory.appendedNanos();
        return inWindow != null && inWindow.appendedNanos() - oldest < 0
                ? inWindow.appendedNanos()
                : oldest;
    }

    /** Whether nothing is kept and nobody reads: only the stream's position is left. */
    public synchronized boolean isIdle(long nowNanos) {
        if (readers > 0) return false;
        History history = this.history;
        if (history == null || isReplica) return true;
        history.expire(nowNanos);
        if (history.isEmpty()) keepNewest(null);
        return history.isEmpty();
    }

    public synchronized long lastAppendNanos() {
        return lastAppendNanos;
    }
}
