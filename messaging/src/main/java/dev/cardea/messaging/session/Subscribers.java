package dev.cardea.messaging.session;

import dev.cardea.messaging.hub.Channel;
import dev.cardea.messaging.hub.Delivery;
import dev.cardea.messaging.hub.Shard;
import dev.cardea.messaging.hub.Subscription;
import java.util.ArrayList;
import java.util.List;

/** Finds sessions by what they read. Each method is called on the shard's loop. */
public final class Subscribers {
    private Subscribers() {}

    /**
     * Some of the sessions that subscribe to the channel on this loop: those at the places from
     * {@code from} on, {@code count} at most; none behind the last. Who leaves in between makes
     * another one change places.
     */
    public static List<Session> of(Channel channel, Shard shard, int from, int count) {
        List<Session> sessions = new ArrayList<>();
        for (Subscription reading : channel.readers(shard, from, count)) {
            if (reading.owner() instanceof OfSession owner) sessions.add(owner.session());
        }
        return sessions;
    }

    /** The sessions of this loop whose peers don't take what is written, the longest first. */
    public static List<Session> stalled(Shard shard, int count) {
        List<Session> sessions = new ArrayList<>();
        for (Delivery delivery : shard.stalled(count)) {
            if (delivery.owner() instanceof OfSession owner) sessions.add(owner.session());
        }
        return sessions;
    }
}
