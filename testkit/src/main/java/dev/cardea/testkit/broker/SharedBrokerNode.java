package dev.cardea.testkit.broker;

import dev.cardea.messaging.broker.Broker;
import dev.cardea.messaging.hub.Channel;
import dev.cardea.messaging.hub.ChannelOptions;
import dev.cardea.messaging.hub.Hub;
import dev.cardea.messaging.log.ChannelLog.Replicated;
import dev.cardea.messaging.log.StreamSlice;
import dev.cardea.messaging.presence.PresenceEvent;
import dev.cardea.wire.centrifuge.ClientInfo;
import dev.cardea.wire.centrifuge.Publication;
import dev.cardea.wire.centrifuge.StreamPosition;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/** One node's side of a {@link SharedBroker}: its hub's logs are replicas of what that keeps. */
final class SharedBrokerNode implements Broker {
    private final SharedBroker shared;
    private final Hub hub;
    private final Executor way;

    /** Subscriptions of this node, by channel; guarded by the shared broker's lock. */
    private final Map<String, Integer> subscriptions = new HashMap<>();

    SharedBrokerNode(SharedBroker shared, Hub hub, Executor way) {
        this.shared = shared;
        this.hub = hub;
        this.way = way;
    }

    // ---- what arrives from the shared broker ----

    void replicate(String channel, Publication publication, StreamPosition at, boolean isPatched) {
        arrive(
                channel,
                local -> {
                    long now = shared.nowNanos();
                    if (local.replicate(publication, at, isPatched, now) == Replicated.GAP)
                        local.replicateAnewFrom(at);
                });
    }

    /** What has no offset: nobody can tell whether something is missing. */
    void append(String channel, Publication publication, boolean isPatched) {
        arrive(
                channel,
                local -> {
                    var _ = local.append(publication, true, isPatched, 0, "", shared.nowNanos());
                });
    }

    private void arrive(String channel, Consumer<Channel> what) {
        way.execute(() -> {
            Channel local = hub.find(channel);
            if (local == null) return; // the last subscriber has just left
            what.accept(local);
            String namespace = local.options().namespace();
            if (hub.budget(namespace).excessBytes() > 0) hub.shed(namespace, shared.nowNanos());
        });
    }

    // ---- what the node asks for ----

    @Override
    public CompletionStage<Void> follow(String channel, ChannelOptions options) {
        shared.follow(
                this,
                channel,
                options,
                top -> {
                    Channel local = hub.find(channel);
                    if (local == null) throw new IllegalStateException("no reader of " + channel);
                    subscriptions.merge(channel, 1, Integer::sum);
                    if (options.log().hasHistory()) local.log().replicateFrom(top);
                });
        return done();
    }

    @Override
    public void unfollow(String channel) {
        synchronized (shared) {
            if (subscriptions.merge(channel, -1, (a, b) -> a + b == 0 ? null : a + b) != null)
                return;
            shared.unfollow(
                    this,
                    channel,
                    () -> {
                        Channel local = hub.find(channel); // with a reader that is about to follow
                        if (local != null) local.log().endReplica();
                    });
        }
    }

    @Override
    public CompletionStage<Published> publish(
            String channel, ChannelOptions options, Publication publication, PublishOptions how) {
        return done(shared.publish(channel, options, publication, how));
    }

    @Override
    public CompletionStage<Void> publishJoin(
            String channel, ChannelOptions options, ClientInfo info) {
        return publishEvents(channel, options, List.of(new PresenceEvent(true, info)));
    }

    @Override
    public CompletionStage<Void> publishLeave(
            String channel, ChannelOptions options, ClientInfo info) {
        return publishEvents(channel, options, List.of(new PresenceEvent(false, info)));
    }

    @Override
    public CompletionStage<Void> publishEvents(
            String channel, ChannelOptions options, List<PresenceEvent> events) {
        shared.tell(
                channel,
                node ->
                        node.arrive(
                                channel, local -> local.appendEvents(events, shared.nowNanos())));
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

    @Override
    public CompletionStage<PresenceStats> presenceStats(String channel) {
        Map<String, ClientInfo> members = shared.presence().members(channel, shared.nowNanos());
        int users = (int) members.values().stream().map(ClientInfo::user).distinct().count();
        return done(new PresenceStats(members.size(), users));
    }

    private static <T> CompletionStage<T> done(T value) {
        return CompletableFuture.completedFuture(value);
    }

    @SuppressWarnings("NullAway") // the value of a stage of Void is null by definition
    private static CompletionStage<Void> done() {
        return CompletableFuture.completedFuture(null);
    }
}
