package dev.cardea.messaging.mercure;

import dev.cardea.messaging.hub.Delivery;
import dev.cardea.messaging.hub.Outlet;
import dev.cardea.messaging.hub.Shard;
import dev.cardea.messaging.hub.Subscription;
import dev.cardea.messaging.hub.TimerWheel;
import dev.cardea.messaging.log.Frame;
import org.jspecify.annotations.Nullable;

/**
 * Somebody who reads updates: a connection from its begin to its end. Belongs to one event loop. It
 * is given updates from {@link #begin} on.
 */
public final class Subscriber implements Delivery.Owner {
    private static final byte[] COMMENT = {':', '\n'};

    /** Before the subscriber knows the first of its updates, the end of its head. */
    private static final Frame KEPT_ALIVE = new Frame(COMMENT);

    private final MercureHub hub;
    private final Shard shard;
    private final String id;
    private final UpdateReader reader;
    private final @Nullable Rights rights;
    private final MercureOptions options;
    private final long position;
    private final @Nullable String answeredLastEventId;
    private final TimerWheel.Timer heartbeat = new Heartbeat();
    private final TimerWheel.Timer end = new End();
    private final TimerWheel.Timer stuck = new Stuck();

    private @Nullable Outlet outlet;
    private @Nullable Delivery delivery;
    private boolean wantsComment;
    private long takenBytes;
    private boolean closed;

    Subscriber(
            MercureHub hub,
            Shard shard,
            String id,
            UpdateReader reader,
            @Nullable Rights rights,
            MercureOptions options,
            long position,
            @Nullable String answeredLastEventId) {
        this.hub = hub;
        this.shard = shard;
        this.id = id;
        this.reader = reader;
        this.rights = rights;
        this.options = options;
        this.position = position;
        this.answeredLastEventId = answeredLastEventId;
    }

    /** A name that is its alone. */
    public String id() {
        return id;
    }

    public SelectorSet selectors() {
        return reader.selectors();
    }

    public @Nullable Rights rights() {
        return rights;
    }

    /**
     * The identifier of the event right before the first one that it will be given, or {@code
     * earliest}. Another than it asked for: something may be missing. Null: it asked for none.
     */
    public @Nullable String answeredLastEventId() {
        return answeredLastEventId;
    }

    UpdateReader reader() {
        return reader;
    }

    Shard shard() {
        return shard;
    }

    /** The connection is there to be written to. */
    public void begin(Outlet itsOutlet, long nowNanos) {
        assert shard.loop().isCurrent() : "subscriber " + id + " on another loop";
        if (closed) return;
        outlet = itsOutlet;
        Delivery made = new Delivery(shard, itsOutlet, this, options.highWaterBytes());
        delivery = made;
        hub.joined(this, nowNanos);
        comment();
        reader.start(made, position);
        if (options.heartbeatNanos() > 0)
            shard.timers().set(heartbeat, nowNanos + options.heartbeatNanos());
        long lasts = hub.lifetimeNanos(rights);
        if (lasts != MercureHub.FOREVER) shard.timers().set(end, nowNanos + lasts);
    }

    /**
     * Ends its stream behind what was written: it comes back with its last identifier, elsewhere if
     * this server ends. From any thread.
     */
    public void end() {
        shard.loop()
                .execute(() -> {
                    if (!closed && outlet != null) outlet.close(0, "");
                });
    }

    /** All that was pending has left. */
    public void writable(long nowNanos) {
        if (delivery != null) delivery.writable(nowNanos);
    }

    /** The connection has gone. */
    public void close(long nowNanos) {
        if (closed) return;
        closed = true;
        shard.timers().cancel(heartbeat);
        shard.timers().cancel(end);
        shard.timers().cancel(stuck);
        if (delivery != null) delivery.close();
        hub.left(this, nowNanos);
    }

    /** Whether the client is still there, what is written will tell. */
    public void halfClosed() {
        comment();
    }

    private void comment() {
        wantsComment = true;
        if (delivery != null) delivery.controlWaits();
    }

    @Override
    public int writeControl(Outlet itsOutlet, int roomBytes) {
        if (!wantsComment) return 0;
        wantsComment = false;
        itsOutlet.write(KEPT_ALIVE);
        return COMMENT.length;
    }

    @Override
    public boolean hasControl() {
        return wantsComment;
    }

    @Override
    public void controlSent(long nowNanos) {}

    @Override
    public void stalled(boolean stalled, long nowNanos) {
        shard.timers().cancel(stuck);
        if (!stalled || outlet == null) return;
        takenBytes = outlet.takenBytes();
        shard.timers().set(stuck, nowNanos + options.dispatchTimeoutNanos());
    }

    @Override
    public void shedAsSlowest() {
        if (outlet != null) outlet.abort();
    }

    @Override
    public void lapped(Subscription subscription, long nowNanos) {
        throw new IllegalStateException("it reads no channel");
    }

    @Override
    public void reachedBarrier(Subscription subscription, long nowNanos) {
        throw new IllegalStateException("it reads no channel");
    }

    private final class Heartbeat extends TimerWheel.Timer {
        @Override
        protected void expired(long nowNanos) {
            comment();
            shard.timers().set(this, nowNanos + options.heartbeatNanos());
        }
    }

    /** Its time is over: it comes back with its last identifier, and with a token of now. */
    private final class End extends TimerWheel.Timer {
        @Override
        protected void expired(long nowNanos) {
            if (outlet != null) outlet.close(0, "");
        }
    }

    /** What is pending stands still: slow is allowed, this isn't. */
    private final class Stuck extends TimerWheel.Timer {
        @Override
        protected void expired(long nowNanos) {
            if (outlet == null) return;
            if (outlet.takenBytes() == takenBytes) {
                outlet.abort();
                return;
            }
            takenBytes = outlet.takenBytes();
            shard.timers().set(this, nowNanos + options.dispatchTimeoutNanos());
        }
    }
}
