package dev.cardea.testkit.broker;

import dev.cardea.messaging.broker.Broker;
import dev.cardea.messaging.broker.Broker.HistoryQuery;
import dev.cardea.messaging.broker.Broker.PublishOptions;
import dev.cardea.messaging.broker.Broker.Published;
import dev.cardea.messaging.hub.ChannelOptions;
import dev.cardea.messaging.hub.Hub;
import dev.cardea.messaging.log.ChannelLog;
import dev.cardea.messaging.log.MemoryBudget;
import dev.cardea.messaging.log.StreamSlice;
import dev.cardea.messaging.presence.PresenceTable;
import dev.cardea.wire.centrifuge.Publication;
import dev.cardea.wire.centrifuge.StreamPosition;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * What several nodes of one process share: the streams, their positions, presence. Each node has a
 * {@link Broker} of its own, and follows the channels that it has subscribers of; what is appended
 * arrives in the logs of all that follow, in one order and with the same offsets.
 *
 * <p>One lock for everything: exact rather than fast. Outlives the nodes, as a broker does.
 */
public final class SharedBroker {
    private static final Published NOWHERE = new Published(new StreamPosition(0, ""));

    /** What idempotent publishing is repeated by. */
    private record Attempt(String channel, String key) {}

    private final LongSupplier nowNanos;
    private final Supplier<String> newEpoch;
    private final PresenceTable presence;
    private final Map<String, ChannelLog> streams = new HashMap<>();
    private final Map<String, Set<SharedBrokerNode>> followers = new HashMap<>();
    private final Map<Attempt, Published> attempts = new HashMap<>();

    /**
     * @param nowNanos monotonic time
     * @param newEpoch makes a stream's epoch
     */
    public SharedBroker(LongSupplier nowNanos, Supplier<String> newEpoch, Duration presenceTtl) {
        this.nowNanos = nowNanos;
        this.newEpoch = newEpoch;
        this.presence = new PresenceTable(presenceTtl.toNanos());
    }

    /** One node's broker; what is appended is in its logs at once. */
    public Broker of(Hub hub) {
        return of(hub, Runnable::run);
    }

    /**
     * One node's broker, some way off.
     *
     * @param way brings what was appended to the node: later if it likes, but in order; what it
     *     drops is a gap
     */
    public Broker of(Hub hub, Executor way) {
        return new SharedBrokerNode(this, hub, way);
    }

    /**
     * The channel's stream is lost, as by a broker that was started empty: it begins anew, with
     * another epoch. Nobody is told.
     */
    public synchronized void lose(String channel) {
        streams.remove(channel);
    }

    // ---- for its nodes ----

    long nowNanos() {
        return nowNanos.getAsLong();
    }

    PresenceTable presence() {
        return presence;
    }

    /**
     * From here on the node is told. What comes first is {@code begin}, before anything of the
     * channel.
     */
    synchronized void follow(
            SharedBrokerNode node,
            String channel,
            ChannelOptions options,
            Consumer<StreamPosition> begin) {
        followers.computeIfAbsent(channel, _ -> new HashSet<>()).add(node);
        boolean hasStream = options.log().hasHistory();
        begin.accept(hasStream ? stream(channel, options).top() : NOWHERE.position());
    }

    synchronized void unfollow(SharedBrokerNode node, String channel, Runnable end) {
        Set<SharedBrokerNode> following = followers.getOrDefault(channel, Set.of());
        if (!following.remove(node)) return;
        if (following.isEmpty()) followers.remove(channel);
        end.run();
    }

    synchronized Published publish(
            String channel, ChannelOptions options, Publication publication, PublishOptions how) {
        if (how.idempotencyKey().isEmpty()) return append(channel, options, publication, how);
        Attempt attempt = new Attempt(channel, how.idempotencyKey());
        Published known = attempts.get(attempt);
        if (known != null) return known;
        Published published = append(channel, options, publication, how);
        attempts.put(attempt, published);
        return published;
    }

    private Published append(
            String channel, ChannelOptions options, Publication publication, PublishOptions how) {
        boolean isPatched = how.delta() || options.bandwidth().deltaPublish();
        if (!options.log().hasHistory() || how.skipHistory()) {
            tell(channel, node -> node.append(channel, publication, isPatched));
            boolean isNowhere = !options.log().hasHistory();
            return isNowhere ? NOWHERE : new Published(stream(channel, options).top());
        }
        ChannelLog.Appended appended =
                stream(channel, options)
                        .append(
                                publication,
                                false,
                                isPatched,
                                how.version(),
                                how.versionEpoch(),
                                nowNanos());
        StreamPosition at = appended.position();
        if (!appended.suppressed())
            tell(channel, node -> node.replicate(channel, publication, at, isPatched));
        return new Published(at);
    }

    /** To all nodes that follow, in the order of the calls. */
    synchronized void tell(String channel, Consumer<SharedBrokerNode> what) {
        followers.getOrDefault(channel, Set.of()).forEach(what);
    }

    synchronized StreamSlice history(String channel, ChannelOptions options, HistoryQuery query) {
        if (!options.log().hasHistory()) return new StreamSlice(List.of(), NOWHERE.position());
        ChannelLog stream = stream(channel, options);
        return query.reverse()
                ? stream.before(query.offset(), query.limit(), nowNanos())
                : stream.after(query.offset(), query.limit(), nowNanos());
    }

    synchronized void removeHistory(String channel) {
        ChannelLog stream = streams.get(channel);
        if (stream != null) stream.removeHistory();
    }

    private ChannelLog stream(String channel, ChannelOptions options) {
        return streams.computeIfAbsent(
                channel,
                _ ->
                        new ChannelLog(
                                channel,
                                options.log(),
                                new MemoryBudget(Long.MAX_VALUE),
                                newEpoch.get(),
                                nowNanos()));
    }
}
