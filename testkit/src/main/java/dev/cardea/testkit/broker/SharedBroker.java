package dev.cardea.testkit.broker;

import dev.cardea.messaging.broker.Arrival;
import dev.cardea.messaging.broker.Broker;
import dev.cardea.messaging.broker.Broker.HistoryQuery;
import dev.cardea.messaging.broker.Broker.PublishOptions;
import dev.cardea.messaging.broker.Broker.Published;
import dev.cardea.messaging.broker.Mark;
import dev.cardea.messaging.broker.NodeBroker;
import dev.cardea.messaging.broker.Origin.Piece;
import dev.cardea.messaging.hub.ChannelOptions;
import dev.cardea.messaging.hub.Hub;
import dev.cardea.messaging.log.ChannelLog;
import dev.cardea.messaging.log.StreamSlice;
import dev.cardea.messaging.presence.PresenceTable;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.centrifuge.Publication;
import dev.cardea.wire.centrifuge.StreamPosition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What several nodes of one process share: the streams, their positions, presence. Each node has a
 * {@link Broker} of its own, and follows the channels that it has subscribers of; what is appended
 * arrives in the logs of all that follow, in one order and with the same offsets.
 *
 * <p>One lock for everything: exact rather than fast. Outlives the nodes, as a broker does. Can be
 * lost, or fall back behind what it has told, as brokers do.
 */
public final class SharedBroker {
    private static final Published NOWHERE = new Published(new StreamPosition(0, ""));

    /** What idempotent publishing is repeated by. */
    private record Attempt(String channel, String key) {}

    private final LongSupplier nowNanos;
    private final Supplier<String> newEpoch;
    private final PresenceTable presence;
    private final Map<String, SharedStream> streams = new HashMap<>();
    private final Map<String, Set<SharedBrokerNode>> followers = new HashMap<>();
    private final Map<String, SharedBrokerNode> nodes = new LinkedHashMap<>();
    private final Map<Attempt, Published> attempts = new HashMap<>();
    private long lastNonce;

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
        return node("", hub, way).broker();
    }

    /**
     * One node, which others can speak to.
     *
     * @param id empty: they can't
     */
    public NodeBroker node(String id, Hub hub, Executor way) {
        return join(id, hub, way, _ -> true);
    }

    /**
     * The same.
     *
     * @param reaches what of the broker's tellings the node hears
     */
    synchronized SharedBrokerNode join(
            String id, Hub hub, Executor way, Predicate<Arrival> reaches) {
        SharedBrokerNode node = new SharedBrokerNode(this, id, hub, way, reaches);
        if (!id.isEmpty()) nodes.put(id, node);
        return node;
    }

    /**
     * The channel's stream is lost, as by a broker that was started empty: it begins anew, with
     * another epoch. Nobody is told.
     */
    public synchronized void lose(String channel) {
        streams.remove(channel);
    }

    /**
     * The newest publications are lost, as by a fail-over to a copy that lagged. Nobody is told.
     */
    public synchronized void fallBack(String channel, int publications) {
        SharedStream stream = streams.get(channel);
        if (stream != null) stream.fallBack(publications, nowNanos());
    }

    // ---- for its nodes ----

    long nowNanos() {
        return nowNanos.getAsLong();
    }

    PresenceTable presence() {
        return presence;
    }

    /** From here on the node is told. */
    synchronized void listen(SharedBrokerNode node, String channel) {
        followers.computeIfAbsent(channel, _ -> new HashSet<>()).add(node);
    }

    synchronized void ignore(SharedBrokerNode node, String channel) {
        Set<SharedBrokerNode> following = followers.getOrDefault(channel, Set.of());
        if (following.remove(node) && following.isEmpty()) followers.remove(channel);
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
            tell(channel, new Arrival.Passing(isPatched, publication));
            boolean isNowhere = !options.log().hasHistory();
            return isNowhere ? NOWHERE : new Published(stream(channel, options).log().top());
        }
        SharedStream stream = stream(channel, options);
        Arrival.@Nullable Appended appended =
                stream.append(publication, how, isPatched, ++lastNonce, nowNanos());
        if (appended == null) return new Published(stream.log().top());
        tell(channel, appended);
        return new Published(appended.at().position());
    }

    /** To all nodes that follow, in the order of the calls. */
    synchronized void tell(String channel, Arrival arrival) {
        followers.getOrDefault(channel, Set.of()).forEach(node -> node.arrive(channel, arrival));
    }

    synchronized Piece read(String channel, ChannelOptions options, long after, int limit) {
        return stream(channel, options).after(after, limit, nowNanos());
    }

    synchronized Mark renew(String channel, ChannelOptions options, Mark lost) {
        SharedStream stream = stream(channel, options);
        if (stream.log().top().epoch().equals(lost.epoch())) {
            stream.renew(newEpoch.get(), nowNanos());
            tell(channel, new Arrival.Doubt());
        }
        return stream.top();
    }

    synchronized StreamSlice history(String channel, ChannelOptions options, HistoryQuery query) {
        if (!options.log().hasHistory()) return new StreamSlice(List.of(), NOWHERE.position());
        ChannelLog stream = stream(channel, options).log();
        return query.reverse()
                ? stream.before(query.offset(), query.limit(), nowNanos())
                : stream.after(query.offset(), query.limit(), nowNanos());
    }

    synchronized void removeHistory(String channel) {
        SharedStream stream = streams.get(channel);
        if (stream != null) stream.log().removeHistory();
    }

    private SharedStream stream(String channel, ChannelOptions options) {
        return streams.computeIfAbsent(
                channel, _ -> new SharedStream(channel, options, newEpoch.get(), nowNanos()));
    }

    void sayToAll(Bytes message) {
        List<SharedBrokerNode> all;
        synchronized (this) {
            all = new ArrayList<>(nodes.values());
        }
        all.forEach(node -> node.hear(message));
    }

    boolean sayTo(String id, Bytes message) {
        SharedBrokerNode node;
        synchronized (this) {
            node = nodes.get(id);
        }
        if (node == null) return false;
        node.hear(message);
        return true;
    }

    synchronized void leave(SharedBrokerNode node) {
        nodes.values().remove(node);
        followers.values().forEach(following -> following.remove(node));
    }
}
