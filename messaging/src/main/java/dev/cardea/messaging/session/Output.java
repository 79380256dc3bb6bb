package dev.cardea.messaging.session;

import dev.cardea.messaging.hub.Delivery;
import dev.cardea.messaging.hub.Outlet;
import dev.cardea.messaging.hub.Subscription;
import dev.cardea.wire.centrifuge.Codec;
import dev.cardea.wire.centrifuge.Reply;

/**
 * What one connection is told: its replies and pushes wait in a {@link ControlQueue}, its
 * publications in the channels' logs, and {@link Delivery} asks for either when the peer takes
 * them. Belongs to the session's event loop.
 */
final class Output implements OfSession {
    private final Session session;
    private final Outlet outlet;
    private final Delivery delivery;
    private final ControlQueue control;
    private final Laps laps = new Laps();
    private final Lanes lanes;
    private final int queueMaxBytes;

    Output(Session session, Codec codec, Direction direction) {
        ClientOptions options = session.node().options();
        this.session = session;
        this.outlet = session.outlet();
        this.delivery = new Delivery(session.shard(), outlet, this, options.highWaterBytes());
        this.control = new ControlQueue(new Speech(codec, direction, delivery.positions()));
        this.lanes = new Lanes(session, this);
        this.queueMaxBytes = options.queueMaxSizeBytes();
    }

    @Override
    public Session session() {
        return session;
    }

    Lanes lanes() {
        return lanes;
    }

    /** What is to deliver a channel from now on: the connection's, or one of its own. */
    Delivery deliveryFor(String channel) {
        Delivery own = lanes.open(channel);
        return own == null ? delivery : own;
    }

    /** The client has been told of the subscription, or is about to be: its cursor may move. */
    void start(Subscription reading) {
        if (lanes.has(reading)) lanes.start(reading);
        else delivery.start(reading);
    }

    /** The cursor reads up to the head as it stands; then nothing of the channel follows. */
    void setBarrier(Subscription reading) {
        if (lanes.has(reading)) lanes.setBarrier(reading);
        else delivery.setBarrier(reading);
    }

    Delivery delivery() {
        return delivery;
    }

    /** What waits to be written beside publications. */
    int controlBytes() {
        return control.bytes();
    }

    void reply(Reply reply) {
        if (reply instanceof Reply.Answer answer && answer.id() == 0) return;
        control.add(reply);
        delivery.controlWaits();
        if (control.bytes() > queueMaxBytes) session.disconnect(Disconnect.SLOW);
    }

    // ---- asked and told by Delivery ----

    @Override
    public boolean hasControl() {
        return !control.isEmpty();
    }

    @Override
    public int writeControl(Outlet outlet, int roomBytes) {
        if (!control.isEmpty()) delivery.mark();
        int written = control.writeTo(outlet, roomBytes, session.shard().scratch());
        session.input().repliesWritten();
        if (control.isEmpty()) lanes.controlWritten();
        return written;
    }

    @Override
    public void controlSent(long nowNanos) {
        if (control.isEmpty()) session.upkeep().pingSent(nowNanos);
    }

    @Override
    public void stalled(boolean stalled, long nowNanos) {
        if (stalled) {
            session.upkeep().stalled(nowNanos);
        } else {
            session.upkeep().flows();
            ConnectionEnd.nowIfDone(session);
        }
    }

    @Override
    public void reachedBarrier(Subscription reading, long nowNanos) {
        SubscriptionEnd.reached(session, reading);
        ConnectionEnd.nowIfDone(session);
    }

    @Override
    public void lapped(Subscription reading, long nowNanos) {
        ClientSubscription subscription = session.subscription(reading.channelName());
        if (subscription == null || subscription.reading != reading) return;
        // What was to end anyway ends here: nothing that it could still read is left.
        if (subscription.isEnding() || session.isClosing()) reachedBarrier(reading, nowNanos);
        else LappedReader.lapped(session, subscription, laps, nowNanos);
    }

    @Override
    public void shedAsSlowest() {
        session.disconnect(Disconnect.SLOW);
    }

    // ---- the end ----

    /** Whether nothing waits that the peer would still take. */
    boolean mayEnd() {
        return control.isEmpty() || outlet.isWritable();
    }

    /** Replies that were given before the end, too. */
    void writeRest() {
        if (control.isEmpty() || !outlet.isWritable()) return;
        control.writeTo(outlet, Integer.MAX_VALUE, session.shard().scratch());
        outlet.flush();
    }

    void end() {
        control.clear();
        delivery.close();
    }
}
