package dev.cardea.testkit.broker;

import dev.cardea.messaging.broker.Arrival;
import dev.cardea.messaging.broker.Broker;
import dev.cardea.messaging.broker.Control;
import dev.cardea.messaging.broker.Mark;
import dev.cardea.messaging.broker.NodeBroker;
import dev.cardea.messaging.broker.Origin;
import dev.cardea.messaging.broker.Replicas;
import dev.cardea.messaging.hub.ChannelOptions;
import dev.cardea.messaging.hub.Hub;
import dev.cardea.messaging.log.StreamSlice;
import dev.cardea.messaging.presence.PresenceEvent;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.centrifuge.ClientInfo;
import dev.cardea.wire.centrifuge.Publication;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** One node's side of a {@link SharedBroker}: its hub's logs are replicas of what that keeps. */
final class SharedBrokerNode implements Broker, Control, NodeBroker, Origin {
    private static final Duration LOOKED_AT_AFTER = Duration.ofSeconds(10);

    private final SharedBroker shared;
    private final String id;
    private final Executor way;
    private final Predicate<Arrival> reaches;
    private final Replicas replicas;
    private Consumer<Bytes> receiver = _ -> {};

    SharedBrokerNode(
            SharedBroker shared, String id, Hub hub, Executor way, Predicate<Arrival> reaches) {
        this.shared = shared;
        this.id = id;
        this.way = way;
        this.reaches = reaches;
        this.replicas = new Replicas(hub, this, shared::nowNanos, LOOKED_AT_AFTER.toNanos());
    }

    /** To be called about once a second. */
    void tick() {
        replicas.tick();
    }

    // ---- what arrives from the shared broker ----

    void arrive(String channel, Arrival arrival) {
        if (reaches.test(arrival)) way.execute(() -> replicas.arrived(channel, arrival));
    }

    void hear(Bytes message) {
        receiver.accept(message);
    }

    // ---- as the origin of its replicas ----

    @Override
    public CompletionStage<Void> listen(String channel) {
        shared.listen(this, channel);
        return done();
    }

    @Override
    public void ignore(String channel) {
        shared.ignore(this, channel);
    }

    @Override
    public CompletionStage<Piece> read(
            String channel, ChannelOptions options, long after, int limit) {
        return done(shared.read(channel, options, after, limit));
    }

    @Override
    public CompletionStage<Mark> renew(String channel, ChannelOptions options, Mark lost) {
        return done(shared.renew(channel, options, lost));
    }

    // ---- what the node asks for ----

    @Override
    public CompletionStage<Void> follow(String channel, ChannelOptions options) {
        return replicas.follow(channel, options);
    }

    @Override
    public void unfollow(String channel) {
        replicas.unfollow(channel);
    }

    @Override
    public CompletionStage<Published> publish(
            String channel, ChannelOptions options, Publication publication, PublishOptions how) {
        return done(shared.publish(channel, options, publication, how));
    }

    @Override
    public boolean keepsOrder(String channel, ChannelOptions options) {
        return true;
    }

    @Override
    public CompletionStage<Void> publishEvents(
            String channel, ChannelOptions options, List<PresenceEvent> events) {
        shared.tell(channel, new Arrival.Events(events));
        return done();
    }

    @Override
    public CompletionStage<StreamSlice> history(
            String channel, ChannelOptions options, HistoryQuery query) {
        return done(shared.history(channel, options, query));
    }

    @Override
    public CompletionStage<Void> removeHistory(String channel, ChannelOptions options) {
        shared.removeHistory(channel);
        return done();
    }

    @Override
    public CompletionStage<Void> addPresence(String channel, ClientInfo member) {
        shared.presence().add(channel, member, shared.nowNanos());
        return done();
    }

    @Override
    public CompletionStage<Void> removePresence(String channel, String client) {
        shared.presence().remove(channel, client);
        return done();
    }

    @Override
    public CompletionStage<Map<String, ClientInfo>> presence(String channel) {
        return done(shared.presence().members(channel, shared.nowNanos()));
    }

    // ---- as the node's side of the broker ----

    @Override
    public Broker broker() {
        return this;
    }

    @Override
    public Control control() {
        return this;
    }

    @Override
    public boolean isReachable() {
        return true;
    }

    @Override
    public void close() {
        shared.leave(this);
    }

    @Override
    public void receive(Consumer<Bytes> receiver) {
        this.receiver = receiver;
    }

    @Override
    public CompletionStage<Boolean> toAll(Bytes message) {
        shared.sayToAll(message);
        return done(true);
    }

    @Override
    public CompletionStage<Boolean> toNode(String node, Bytes message) {
        return done(shared.sayTo(node, message));
    }

    @Override
    public String toString() {
        return "SharedBrokerNode[" + id + "]";
    }

    private static <T> CompletionStage<T> done(T value) {
        return CompletableFuture.completedFuture(value);
    }

    @SuppressWarnings("NullAway") // the value of a stage of Void is null by definition
    private static CompletionStage<Void> done() {
        return CompletableFuture.completedFuture(null);
    }
}
