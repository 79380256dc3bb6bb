package dev.cardea.messaging.session;

import dev.cardea.messaging.hub.Delivery;
import dev.cardea.messaging.hub.Lane;
import dev.cardea.messaging.hub.Outlet;
import dev.cardea.messaging.hub.Subscription;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The subscriptions of one connection that have a way out of their own, each with its own delivery:
 * one that stands still holds back no other, and nothing that the client is told. Belongs to the
 * session's event loop.
 */
final class Lanes {
    /** Publications in one batch of one lane: there may be many of them. */
    private static final int HIGH_WATER_BYTES = 16 * 1024;

    private final Session session;
    private final Output output;
    private final Map<Delivery, Lane> lanes = new HashMap<>(0);

    /** Granted, but the client hasn't been told yet. */
    private final List<Subscription> toBegin = new ArrayList<>(0);

    Lanes(Session session, Output output) {
        this.session = session;
        this.output = output;
    }

    /** Null: the channel goes with everything else. */
    @Nullable Delivery open(String channel) {
        LaneOwner owner = new LaneOwner();
        Lane lane = session.outlet().openLane(channel, owner::writable);
        if (lane == null) return null;
        Delivery delivery = new Delivery(session.shard(), lane, owner, HIGH_WATER_BYTES);
        owner.delivery = delivery;
        lanes.put(delivery, lane);
        return delivery;
    }

    boolean has(Subscription reading) {
        return lanes.containsKey(reading.delivery());
    }

    boolean isLossy(Delivery delivery) {
        Lane lane = lanes.get(delivery);
        return lane != null && lane.isLossy();
    }

    /** What the client is told of the subscription is written, or waits to be. */
    void start(Subscription reading) {
        if (output.hasControl()) toBegin.add(reading);
        else begin(reading);
    }

    /** Everything that waited to be told is written. */
    void controlWritten() {
        if (toBegin.isEmpty()) return;
        List<Subscription> now = List.copyOf(toBegin);
        toBegin.clear();
        now.forEach(this::begin);
    }

    private void begin(Subscription reading) {
        Lane lane = lanes.get(reading.delivery());
        if (lane == null) return; // ended before it began
        lane.begin();
        reading.delivery().start(reading);
    }

    /**
     * The subscription reads up to here, then it ends; at once where its lane stands still: who
     * doesn't read isn't waited for.
     */
    void setBarrier(Subscription reading) {
        Lane lane = lanes.get(reading.delivery());
        if (lane == null || toBegin.remove(reading) || lane.pendingBytes() > 0) {
            if (lane != null) lane.abort();
            // not from inside what ends it
            session.execute(later -> output.reachedBarrier(reading, later.nowNanos()));
        } else {
            reading.delivery().setBarrier(reading);
        }
    }

    /** The subscription has gone. */
    void close(Delivery delivery) {
        Lane lane = lanes.remove(delivery);
        if (lane == null) return;
        toBegin.removeIf(reading -> reading.delivery() == delivery);
        delivery.close();
        lane.end();
    }

    /** Its log has lapped it: what is still pending would only be late. */
    void lapped(Subscription reading) {
        Lane lane = lanes.get(reading.delivery());
        if (lane != null && lane.pendingBytes() > 0) lane.abort();
    }

    private final class LaneOwner implements OfSession {
        private @Nullable Delivery delivery;

        @Override
        public Session session() {
            return session;
        }

        void writable() {
            if (delivery != null) delivery.writable(session.nowNanos());
        }

        @Override
        public int writeControl(Outlet outlet, int roomBytes) {
            return 0;
        }

        @Override
        public boolean hasControl() {
            return false;
        }

        @Override
        public void controlSent(long nowNanos) {
            // it has none
        }

        @Override
        public void lapped(Subscription subscription, long nowNanos) {
            output.lapped(subscription, nowNanos);
        }

        @Override
        public void reachedBarrier(Subscription subscription, long nowNanos) {
            output.reachedBarrier(subscription, nowNanos);
        }

        @Override
        public void stalled(boolean stalled, long nowNanos) {
            // the connection goes on: the log laps the lane's cursor, or its peer comes back
        }

        @Override
        public void shedAsSlowest() {
            output.shedAsSlowest();
        }
    }
}
