package dev.cardea.messaging.hub;

import dev.cardea.messaging.log.ChannelLog;
import dev.cardea.messaging.presence.PresenceEvent;
import dev.cardea.wire.centrifuge.Publication;
import dev.cardea.wire.centrifuge.StreamPosition;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/** A channel that somebody needs: its log, and its readers by event loop. Thread safe. */
public final class Channel {
    /**
     * Entries that the window may hold before an append looks which of them are still to be read.
     */
    private static final int TRIMMED_ABOVE = 32;

    private final String name;
    private volatile ChannelOptions options;
    private final ChannelLog log;

    /** By the shard's index; null where no connection of that loop reads the channel. */
    private final AtomicReferenceArray<LocalChannel> locals;

    /** Subscriptions that exist or are being made; changed inside the hub's map operations only. */
    private final AtomicInteger holders = new AtomicInteger();

    private volatile boolean retired;

    Channel(String name, ChannelOptions options, ChannelLog log, int shards) {
        this.name = name;
        this.options = options;
        this.log = log;
        this.locals = new AtomicReferenceArray<>(shards);
    }

    public String name() {
        return name;
    }

    /** Whether it is the node's own, which no client knows of. */
    public boolean isOwn() {
        return name.startsWith(Hub.OWN);
    }

    public ChannelOptions options() {
        return options;
    }

    /** As the namespace says now: for whoever publishes or subscribes from here on. */
    @SuppressWarnings("ReferenceEquality") // a namespace's options are one object until a reload
    public void adopt(ChannelOptions now) {
        if (now == options) return;
        synchronized (log) {
            options = now;
            log.adopt(now.log());
        }
    }

    public ChannelLog log() {
        return log;
    }

    /** Connections that subscribe to it on this node. */
    public int subscribers() {
        return holders.get();
    }

    /**
     * Readers on one loop: those at the places from {@code from} on, {@code count} at most. On that
     * loop.
     */
    public List<Subscription> readers(Shard shard, int from, int count) {
        LocalChannel local = locals.get(shard.index());
        return local == null ? List.of() : local.readers(from, count);
    }

    void hold() {
        holders.incrementAndGet();
    }

    void release() {
        holders.decrementAndGet();
    }

    boolean isHeld() {
        return holders.get() > 0;
    }

    /**
     * The hub forgets it. Under the log's lock, as appends are, so that none is lost to a forgotten
     * channel.
     */
    void retire() {
        retired = true;
    }

    boolean isRetired() {
        return retired;
    }

    /**
     * Appends and wakes the readers. From any thread.
     *
     * @return null if the hub has forgotten the channel: open it again
     */
    public ChannelLog.@Nullable Appended append(
            Publication publication,
            boolean keepOut,
            boolean isPatched,
            long version,
            String versionEpoch,
            long nowNanos) {
        ChannelLog.Appended appended;
        synchronized (log) { // the log's own lock: a channel is retired under it
            if (retired) return null;
            appended = log.append(publication, keepOut, isPatched, version, versionEpoch, nowNanos);
            trimIfWorthwhile();
        }
        if (!appended.suppressed()) wakeReaders();
        return appended;
    }

    /**
     * Appends what the broker has appended to the stream, and wakes the readers. From any thread,
     * in the stream's order.
     *
     * @param previousOffset of the publication before it in the stream
     * @param at where the stream stands with it
     */
    public ChannelLog.Replicated replicate(
            Publication publication,
            long previousOffset,
            StreamPosition at,
            boolean isPatched,
            long nowNanos) {
        ChannelLog.Replicated replicated =
                log.replicate(publication, previousOffset, at, isPatched, nowNanos);
        if (replicated == ChannelLog.Replicated.APPENDED) {
            trimIfWorthwhile();
            wakeReaders();
        }
        return replicated;
    }

    /** The replica goes on elsewhere; readers are told that they missed something. */
    public void replicateAnewFrom(StreamPosition top) {
        log.replicateAnewFrom(top);
        wakeReaders();
    }

    /** Joins and leaves together, as few entries as may be. From any thread. */
    public void appendEvents(List<PresenceEvent> events, long nowNanos) {
        log.appendEvents(events, nowNanos);
        trimIfWorthwhile();
        wakeReaders();
    }

    private void trimIfWorthwhile() {
        if (log.head() - log.tail() >= TRIMMED_ABOVE) log.trimTo(passed());
    }

    /** After an append: every loop with readers is told. */
    private void wakeReaders() {
        for (int i = 0; i < locals.length(); i++) {
            LocalChannel local = locals.get(i);
            if (local != null) local.markDirty();
        }
    }

    /** The first sequence that some cursor may still have to read. */
    long passed() {
        long passed = log.head() + 1;
        for (int i = 0; i < locals.length(); i++) {
            LocalChannel local = locals.get(i);
            if (local != null) passed = Math.min(passed, local.passed());
        }
        return passed;
    }

    LocalChannel local(Shard shard, long nowNanos) {
        LocalChannel local = locals.get(shard.index());
        if (local != null) return local;
        LocalChannel made = new LocalChannel(this, shard, nowNanos);
        locals.set(shard.index(), made);
        return made;
    }

    void dropLocal(Shard shard) {
        locals.set(shard.index(), null);
    }
}
