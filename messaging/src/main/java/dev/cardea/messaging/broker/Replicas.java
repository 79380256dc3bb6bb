package dev.cardea.messaging.broker;

import dev.cardea.messaging.hub.ChannelOptions;
import dev.cardea.messaging.hub.Hub;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * The logs of one node as replicas of the streams that a shared broker keeps. Every channel with a
 * subscriber on this node is listened to once; what arrives is appended in the stream's order. A
 * gap is read from the broker before any cursor passes it; a stream that has lost what the replica
 * has is given another epoch, and its readers are told.
 *
 * <p>Thread safe. Each channel has a lock of its own, and none is shared by all.
 */
public final class Replicas {
    private final Map<String, Following> channels = new ConcurrentHashMap<>();
    private final Hub hub;
    private final Origin origin;
    private final LongSupplier nowNanos;
    private final long checkNanos;

    /**
     * @param nowNanos monotonic time
     * @param checkNanos a stream from which nothing was heard for so long is looked at: the last
     *     publication, too, can have been lost on its way
     */
    public Replicas(Hub hub, Origin origin, LongSupplier nowNanos, long checkNanos) {
        this.hub = hub;
        this.origin = origin;
        this.nowNanos = nowNanos;
        this.checkNanos = checkNanos;
    }

    /**
     * For each subscription, whose reader the hub has already; complete once what is appended
     * arrives. Each call, also one whose stage fails, needs its {@link #unfollow}.
     */
    public CompletionStage<Void> follow(String channel, ChannelOptions options) {
        Following following =
                channels.compute(
                        channel,
                        (name, known) -> {
                            Following held = known == null ? new Following(this, name) : known;
                            held.add(options);
                            return held;
                        });
        return following.ready();
    }

    /** A subscription has ended; the hub has let go of its reader. */
    public void unfollow(String channel) {
        channels.computeIfPresent(channel, (_, held) -> held.remove() ? null : held);
    }

    /** The broker tells. From any thread, but what is of one channel in its order. */
    public void arrived(String channel, Arrival arrival) {
        Following following = channels.get(channel);
        if (following != null) following.arrived(arrival);
    }

    /** Whether somebody reads the channel here. */
    public boolean follows(String channel) {
        return channels.containsKey(channel);
    }

    /** The channels that are listened to, as they are now. */
    public Set<String> channels() {
        return Set.copyOf(channels.keySet());
    }

    /** Something may have been missed, by all of these. */
    public void doubt(Iterable<String> suspects) {
        for (String channel : suspects) arrived(channel, new Arrival.Doubt());
    }

    /** To be called about once a second: looks at what wasn't heard of for long. */
    public void tick() {
        long now = nowNanos.getAsLong();
        for (Following following : channels.values()) following.tick(now, checkNanos);
    }

    // ---- for the channels ----

    Hub hub() {
        return hub;
    }

    Origin origin() {
        return origin;
    }

    long nowNanos() {
        return nowNanos.getAsLong();
    }
}
