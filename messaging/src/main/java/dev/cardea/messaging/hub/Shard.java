package dev.cardea.messaging.hub;

import dev.cardea.messaging.log.Runs;
import dev.cardea.wire.ByteWriter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * One event loop's share of the hub: its dirty channels, its connections that have something to
 * write, its timers.
 *
 * <p>Only {@link #dirty} may be called by other threads. An append marks its channel dirty once for
 * each loop; a {@link #turn} wakes the readers of all that were marked and writes one batch for
 * each connection, so that what was appended in between goes out together.
 */
public final class Shard {
    /** A turn ends after so much, and goes on once the loop has looked after its IO. */
    private static final int TURN_BYTES = 4 * 1024 * 1024;

    private static final int TURN_CONNECTIONS = 4096;
    private static final int TURN_CHANNELS = 4096;
    private static final long SECOND_NANOS = 1_000_000_000;

    private static final int SCRATCH_KEPT_BYTES = 1024 * 1024;

    private final int index;
    private final Loop loop;
    private final TimerWheel timers;
    private final long outboundLimitBytes;

    private final Queue<LocalChannel> dirty = new ConcurrentLinkedQueue<>();
    private final ArrayDeque<Delivery> ready = new ArrayDeque<>();
    private final Gathering gathering = new Gathering();
    private final Runs runs = new Runs();

    /** Connections whose peer doesn't take its bytes, the longest-stalled first. */
    private final Set<Delivery> stalled = new LinkedHashSet<>();

    private long stalledBytes;
    private final List<LocalChannel> toSweep = new ArrayList<>();
    private @Nullable Hub sweptHub;
    private ByteWriter scratch = new ByteWriter(4096);
    private volatile Lag lag = new Lag(0, 0, 0, 0);
    private volatile long deliveries;
    private long deliveriesOfLoop;

    /**
     * @param outboundLimitBytes this loop's share of what all stalled connections together may have
     *     pending
     */
    public Shard(int index, Loop loop, long outboundLimitBytes) {
        this.index = index;
        this.loop = loop;
        this.outboundLimitBytes = outboundLimitBytes;
        this.timers = new TimerWheel(loop.nowNanos());
        timers.set(new EverySecond(), loop.nowNanos() + SECOND_NANOS);
    }

    /** This loop is the one to look after channels that nobody reads. Before the loop runs. */
    void sweeps(Hub hub) {
        sweptHub = hub;
    }

    public int index() {
        return index;
    }

    public Loop loop() {
        return loop;
    }

    public TimerWheel timers() {
        return timers;
    }

    /** A cleared writer for what is encoded and written at once. On the loop; not to be kept. */
    public ByteWriter scratch() {
        if (scratch.array().length > SCRATCH_KEPT_BYTES) scratch = new ByteWriter(4096);
        scratch.clear();
        return scratch;
    }

    /** Frames given to connections. From any thread; a turn behind at most. */
    public long deliveries() {
        return deliveries;
    }

    void dirty(LocalChannel channel) {
        dirty.add(channel);
        loop.wake();
    }

    void ready(Delivery delivery) {
        if (delivery.ready) return;
        delivery.ready = true;
        ready.add(delivery);
        loop.wake();
    }

    void delivered(int entries) {
        deliveriesOfLoop += entries;
    }

    Runs runs() {
        return runs;
    }

    /**
     * Moves cursors on.
     *
     * @return whether there is more to do, after a look at the loop's IO
     */
    public boolean turn(long nowNanos) {
        assert loop.isCurrent() : "turn of shard " + index + " on another thread";
        wakeReaders(nowNanos);
        int bytes = 0;
        int connections = 0;
        while (bytes < TURN_BYTES && connections < TURN_CONNECTIONS) {
            Delivery delivery = ready.poll();
            if (delivery == null) break;
            delivery.ready = false;
            bytes += delivery.advance(nowNanos);
            connections++;
        }
        deliveries = deliveriesOfLoop;
        runs.clear();
        if (gathering.isConcerned()) gathering.turnEnds(connections, nowNanos, loop.nowNanos());
        return !ready.isEmpty() || !dirty.isEmpty() || gathering.isWaiting();
    }

    private void wakeReaders(long nowNanos) {
        LocalChannel gathered = gathering.next(nowNanos);
        for (; gathered != null; gathered = gathering.next(nowNanos))
            wakeReaders(gathered, nowNanos);
        for (int i = 0; i < TURN_CHANNELS; i++) {
            LocalChannel channel = dirty.poll();
            if (channel == null) return;
            if (!gathering.holds(channel, nowNanos)) wakeReaders(channel, nowNanos);
        }
    }

    private void wakeReaders(LocalChannel channel, long nowNanos) {
        channel.clearDirty();
        channel.wakeReaders(nowNanos);
        gathering.woken(channel);
        sweepLater(channel);
    }

    /** Fires the timers that are due. */
    public void tick(long nowNanos) {
        timers.advance(nowNanos);
    }

    private void sweepLater(LocalChannel channel) {
        if (channel.swept) return;
        channel.swept = true;
        toSweep.add(channel);
    }

    private final class EverySecond extends TimerWheel.Timer {
        @Override
        protected void expired(long nowNanos) {
            timers.set(this, nowNanos + SECOND_NANOS); // first: what follows may throw
            sweep(nowNanos);
            if (sweptHub != null) sweptHub.sweep(nowNanos);
            lag = takeLag();
        }
    }

    /** A quiet channel lets go of the last entries that its readers have passed. */
    private void sweep(long nowNanos) {
        for (Iterator<LocalChannel> each = toSweep.iterator(); each.hasNext(); ) {
            LocalChannel local = each.next();
            local.notePassed();
            Channel channel = local.channel();
            channel.log().trim(channel.passed(), nowNanos);
            if (channel.log().tail() <= channel.log().head() && !local.isEmpty()) continue;
            local.swept = false;
            each.remove();
        }
    }

    void stalled(Delivery delivery, int pendingBytes) {
        stalledBytes += pendingBytes - delivery.stalledBytes;
        delivery.stalledBytes = pendingBytes;
        stalled.add(delivery);
        while (stalledBytes > outboundLimitBytes && !stalled.isEmpty()) {
            Delivery slowest = stalled.iterator().next();
            recovered(slowest);
            slowest.owner().shedAsSlowest();
        }
    }

    void recovered(Delivery delivery) {
        if (!stalled.remove(delivery)) return;
        stalledBytes -= delivery.stalledBytes;
        delivery.stalledBytes = 0;
    }

    /**
     * How far this loop's stalled connections are behind. From any thread; a second old at most.
     */
    public Lag lag() {
        return lag;
    }

    /** Connections whose peer doesn't take its bytes, the longest-stalled first. On the loop. */
    public List<Delivery> stalled(int count) {
        return stalled.stream().limit(count).toList();
    }

    private Lag takeLag() {
        long entries = 0;
        int largestBytes = 0;
        for (Delivery delivery : stalled) {
            entries += delivery.lag();
            largestBytes = Math.max(largestBytes, delivery.pendingBytes());
        }
        return new Lag(stalled.size(), entries, stalledBytes, largestBytes);
    }

    /**
     * What waits for stalled connections.
     *
     * @param entries that their cursors haven't read
     * @param pendingBytes that their peers haven't taken, of all together
     * @param largestPendingBytes of one connection
     */
    public record Lag(int connections, long entries, long pendingBytes, int largestPendingBytes) {}
}
