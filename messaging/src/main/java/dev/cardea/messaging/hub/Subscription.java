package dev.cardea.messaging.hub;

import dev.cardea.messaging.log.Cursor;
import dev.cardea.messaging.log.Entry;
import dev.cardea.messaging.log.FrameSink;
import dev.cardea.messaging.log.Runs;
import dev.cardea.messaging.log.StreamSlice;

/**
 * One connection's reading of one channel. Belongs to the connection's event loop.
 *
 * <p>It doesn't read before {@link Delivery#start}, and reads no further than its barrier once one
 * was set.
 */
public final class Subscription extends Reading {
    private static final long NO_BARRIER = Long.MAX_VALUE;

    private final LocalChannel channel;
    private final Delivery delivery;
    private final Cursor cursor;

    private boolean started;
    private long barrier = NO_BARRIER;

    /** Its place among the channel's local readers, so that leaving costs no search. */
    int index;

    Subscription(LocalChannel channel, Delivery delivery, Cursor cursor) {
        this.channel = channel;
        this.delivery = delivery;
        this.cursor = cursor;
    }

    public String channelName() {
        return channel.channel().name();
    }

    public ChannelOptions options() {
        return channel.channel().options();
    }

    public Cursor cursor() {
        return cursor;
    }

    /** What the broker has of the stream, and the log perhaps hasn't. */
    public void backfill(StreamSlice slice, long nowNanos) {
        channel.channel().log().backfill(slice, nowNanos);
    }

    @Override
    protected Cursor.Progress advance(int roomBytes, Runs runs, FrameSink sink) {
        return cursor.advance(channel, limit(), roomBytes, runs, sink);
    }

    @Override
    protected void caughtUp(long nowNanos) {
        if (hasPassedBarrier()) owner().reachedBarrier(this, nowNanos);
    }

    @Override
    protected void lapped(long nowNanos) {
        owner().lapped(this, nowNanos);
    }

    /** Entries that wait for this connection. */
    @Override
    public long lag() {
        return Math.max(0, channel.channel().log().head() + 1 - cursor.next());
    }

    /**
     * When the oldest entry that waits was appended; {@code otherwise} if none does. Of a cursor
     * that was lapped: the oldest that is left.
     */
    public long oldestWaitingNanos(long otherwise) {
        if (lag() == 0) return otherwise;
        Entry next = channel.channel().log().read(cursor.next());
        return next != null ? next.appendedNanos() : channel.channel().log().oldestNanos(otherwise);
    }

    /** The session behind. */
    public Delivery.Owner owner() {
        return delivery.owner();
    }

    LocalChannel channel() {
        return channel;
    }

    public Delivery delivery() {
        return delivery;
    }

    @Override
    boolean isStarted() {
        return started;
    }

    void start() {
        started = true;
    }

    void setBarrier() {
        if (barrier == NO_BARRIER) barrier = channel.channel().log().head();
    }

    private boolean hasPassedBarrier() {
        return cursor.next() > barrier;
    }

    /** The last sequence to read now. What lies before a barrier isn't held back by conflation. */
    private long limit() {
        return barrier == NO_BARRIER ? channel.openTo() : barrier;
    }
}
