package dev.cardea.messaging.hub;

import dev.cardea.messaging.log.Frame;
import dev.cardea.messaging.log.FrameSink;
import dev.cardea.wire.ByteWriter;
import org.jspecify.annotations.Nullable;

/**
 * One connection's side of delivery: control messages first, then its cursors in turn, for as long
 * as the outlet takes them. It holds no publication. Belongs to the connection's event loop.
 */
public final class Delivery implements FrameSink {
    /** What a cursor may write before the connection's next one has its turn. */
    private static final int QUANTUM_BYTES = 16 * 1024;

    /**
     * The session behind, which is asked for control messages and told what happens to its cursors.
     */
    public interface Owner {
        /**
         * Writes what control messages wait, up to about so many bytes. Returns the bytes written.
         */
        int writeControl(Outlet outlet, int roomBytes);

        /** Whether control messages wait. */
        boolean hasControl();

        /** All control messages that were written so far have left for the peer. */
        void controlSent(long nowNanos);

        /** The log has lapped the subscription's cursor, which has been taken off the queue. */
        void lapped(Subscription subscription, long nowNanos);

        /** Everything before the subscription's barrier is written. */
        void reachedBarrier(Subscription subscription, long nowNanos);

        /** The peer stopped taking bytes, or takes them again. */
        void stalled(boolean stalled, long nowNanos);

        /**
         * The loop's share of outbound memory is used up, and this connection has been stalled
         * longest.
         */
        void shedAsSlowest();
    }

    private final Shard shard;
    private final Outlet outlet;
    private final Owner owner;
    private final int highWaterBytes;

    /** Null where the transport doesn't tell them. */
    private final @Nullable Positions positions;

    private @Nullable Reading firstDue;
    private @Nullable Reading lastDue;

    private int batchBytes;
    private boolean closed;

    /** Control messages wait; said here, so that a delivery needn't look at the session. */
    private boolean control;

    /** In the shard's queue of connections that have something to write. */
    boolean ready;

    /** What the shard has counted for this connection while it is stalled; 0 when it isn't. */
    int stalledBytes;

    /**
     * @param highWaterBytes no frame is begun in a batch that has reached this, so at most this and
     *     one frame is pending
     */
    public Delivery(Shard shard, Outlet outlet, Owner owner, int highWaterBytes) {
        this.shard = shard;
        this.outlet = outlet;
        this.owner = owner;
        this.highWaterBytes = highWaterBytes;
        this.positions = outlet.marksPositions() ? new Positions() : null;
    }

    /** What the transport tells its client it would recover from; null: it tells nothing. */
    public @Nullable Positions positions() {
        return positions;
    }

    public Shard shard() {
        return shard;
    }

    /** The session behind. */
    public Owner owner() {
        return owner;
    }

    public int pendingBytes() {
        return outlet.pendingBytes();
    }

    boolean hasDue() {
        return firstDue != null;
    }

    /**
     * After a batch of input: writes at once what it gave rise to, rather than in the loop's next
     * turn.
     */
    public void flush(long nowNanos) {
        if (control || firstDue != null) advance(nowNanos);
    }

    /** The reply that grants the subscription is written or queued before: its cursor may move. */
    public void start(Subscription subscription) {
        if (closed) return;
        subscription.start();
        due(subscription);
        shard.ready(this);
    }

    /** Control messages wait to be written. */
    public void controlWaits() {
        control = true;
        shard.ready(this);
    }

    /** The outlet has become writable. */
    public void writable(long nowNanos) {
        if (closed) return;
        shard.recovered(this);
        owner.controlSent(nowNanos);
        owner.stalled(false, nowNanos);
        if (!closed) shard.ready(this);
    }

    /**
     * The cursor reads up to the head as it stands, then the owner is told. Nothing of the channel
     * follows.
     */
    public void setBarrier(Subscription subscription) {
        if (closed) return;
        subscription.setBarrier();
        due(subscription);
        shard.ready(this);
    }

    /** Something of its own that the connection has to read. */
    public void read(Reading reading) {
        if (closed) return;
        due(reading);
        shard.ready(this);
    }

    /** It has gone: it is never read again. */
    @SuppressWarnings("ReferenceEquality") // the very one
    void forget(Reading gone) {
        if (!gone.due) return;
        Reading before = null;
        for (Reading r = firstDue; r != gone && r != null; r = r.nextDue) before = r;
        if (before == null) firstDue = gone.nextDue;
        else before.nextDue = gone.nextDue;
        if (lastDue == gone) lastDue = before;
        gone.due = false;
        gone.nextDue = null;
    }

    public void close() {
        closed = true;
        firstDue = null;
        lastDue = null;
        shard.recovered(this);
    }

    void due(Reading reading) {
        if (reading.due || !reading.isStarted()) return;
        reading.due = true;
        if (lastDue == null) firstDue = reading;
        else lastDue.nextDue = reading;
        lastDue = reading;
    }

    /**
     * Writes one batch: what waits, up to the high-water mark, and flushes it.
     *
     * @return bytes written
     */
    int advance(long nowNanos) {
        if (closed || !outlet.isWritable()) return 0; // writable() comes back here
        batchBytes = 0;
        boolean wroteControl = control;
        if (wroteControl) {
            batchBytes = owner.writeControl(outlet, highWaterBytes);
            control = owner.hasControl();
        }
        // A control message that arises on the way goes ahead of the cursors that follow: they end
        // this batch.
        while (firstDue != null && batchBytes < highWaterBytes && !control && !closed) {
            advanceFirst(nowNanos);
        }
        int written = batchBytes;
        if (closed) return written;
        outlet.flush();
        if (!outlet.isWritable()) {
            stall(nowNanos);
            return written;
        }
        if (wroteControl) owner.controlSent(nowNanos);
        if (firstDue != null || control) shard.ready(this);
        return written;
    }

    private void advanceFirst(long nowNanos) {
        Reading reading = takeFirst();
        int room = Math.min(QUANTUM_BYTES, highWaterBytes - batchBytes);
        switch (reading.advance(room, shard.runs(), this)) {
            case CAUGHT_UP -> reading.caughtUp(nowNanos);
            case MORE -> due(reading);
            case LAPPED -> reading.lapped(nowNanos);
        }
    }

    private Reading takeFirst() {
        Reading first = firstDue;
        if (first == null) throw new IllegalStateException("no cursor is due");
        firstDue = first.nextDue;
        if (firstDue == null) lastDue = null;
        first.nextDue = null;
        first.due = false;
        return first;
    }

    /** A cursor gives a frame. */
    @Override
    public void write(Frame frame, int entries) {
        mark();
        outlet.write(frame);
        batchBytes += frame.lengthBytes();
        shard.delivered(entries);
    }

    /** Tells the position that the next message takes the client to. */
    public void mark() {
        if (positions == null) return;
        ByteWriter position = shard.scratch();
        positions.writeTo(position);
        outlet.mark(position);
        batchBytes += position.length();
    }

    private void stall(long nowNanos) {
        shard.stalled(this, outlet.pendingBytes());
        if (!closed) owner.stalled(true, nowNanos);
    }

    /** Entries that wait in the cursors that are due. */
    long lag() {
        long lag = 0;
        for (Reading r = firstDue; r != null; r = r.nextDue) lag += r.lag();
        return lag;
    }
}
