package dev.cardea.messaging.hub;

import dev.cardea.messaging.log.Entry;
import dev.cardea.messaging.log.Gate;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The readers that a channel has on one event loop. Only {@link #markDirty} and {@link #passed()}
 * may be called by other threads.
 */
final class LocalChannel implements Gate {
    private final Channel channel;
    private final Shard shard;
    private final @Nullable Conflation conflation;
    private final TimerWheel.Timer opening = new Opening();
    private final AtomicBoolean dirty = new AtomicBoolean();

    private final Judges judges = new Judges();

    private Subscription[] readers = new Subscription[1];
    private int count;

    /** All local cursors have passed everything before this sequence. */
    private volatile long passed;

    /** When it may be read again without being too early; {@link Gathering} says. */
    long readAgainNanos;

    /** In the shard's list of channels that may have entries to let go of. */
    boolean swept;

    LocalChannel(Channel channel, Shard shard, long nowNanos) {
        this.channel = channel;
        this.shard = shard;
        this.passed = channel.log().head() + 1;
        this.readAgainNanos = nowNanos;
        ChannelOptions.Conflate conflate = channel.options().conflate();
        this.conflation =
                conflate == null ? null : new Conflation(conflate, channel.log(), nowNanos);
    }

    Channel channel() {
        return channel;
    }

    Shard shard() {
        return shard;
    }

    boolean isEmpty() {
        return count == 0;
    }

    int count() {
        return count;
    }

    List<Subscription> readers(int from, int most) {
        if (from >= count) return List.of();
        return List.of(Arrays.copyOfRange(readers, from, Math.min(count, from + most)));
    }

    Judges judges() {
        return judges;
    }

    long passed() {
        return passed;
    }

    /** Something was appended. From any thread: the loop is told once until it has looked. */
    void markDirty() {
        if (!dirty.get() && dirty.compareAndSet(false, true)) shard.dirty(this);
    }

    /** Before reading the head: what is appended from here on marks again. */
    void clearDirty() {
        dirty.set(false);
    }

    void add(Subscription subscription) {
        if (count == readers.length) readers = Arrays.copyOf(readers, count * 2);
        subscription.index = count;
        readers[count++] = subscription;
    }

    void remove(Subscription subscription) {
        judges.leave(subscription.cursor().choice());
        Subscription last = readers[--count];
        readers[subscription.index] = last;
        last.index = subscription.index;
        readers[count] = null;
        if (count > 0 && count < readers.length / 4)
            readers = Arrays.copyOf(readers, readers.length / 2);
    }

    /** Puts every reader that has something to read into its connection's queue. */
    void wakeReaders(long nowNanos) {
        if (conflation != null && !conflation.open(nowNanos) && !opening.isSet())
            shard.timers().set(opening, conflation.opensAtNanos());
        long openTo = openTo();
        long slowest = Long.MAX_VALUE;
        for (int i = 0; i < count; i++) {
            Subscription reader = readers[i];
            long next = reader.cursor().next();
            if (next < slowest) slowest = next;
            if (next > openTo || reader.due || !reader.isStarted()) continue;
            reader.delivery().due(reader);
            shard.ready(reader.delivery());
        }
        if (count > 0) passed = slowest;
    }

    /** Looks again which entries all local cursors have passed. */
    void notePassed() {
        long slowest = channel.log().head() + 1;
        for (int i = 0; i < count; i++) slowest = Math.min(slowest, readers[i].cursor().next());
        passed = slowest;
    }

    @Override
    public long openTo() {
        return conflation == null ? channel.log().head() : conflation.openTo();
    }

    @Override
    public boolean supersedes(Entry entry) {
        return conflation != null && conflation.supersedes(entry);
    }

    /** The interval of a conflated channel is over. */
    private final class Opening extends TimerWheel.Timer {
        @Override
        protected void expired(long nowNanos) {
            wakeReaders(nowNanos);
        }
    }
}
