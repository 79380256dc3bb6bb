package dev.cardea.server.disk;

import dev.cardea.messaging.broker.Broker;
import dev.cardea.messaging.broker.Replicas;
import dev.cardea.messaging.hub.ChannelOptions;
import dev.cardea.messaging.log.StreamSlice;
import dev.cardea.messaging.presence.PresenceEvent;
import dev.cardea.wire.centrifuge.ClientInfo;
import dev.cardea.wire.centrifuge.Publication;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;

/** Publications of some namespaces on the disk, all else in this process. */
final class DiskBroker implements Broker {
    private final Broker embedded;
    private final Predicate<String> isPersistent;
    private final DiskStreams streams;
    private final Replicas replicas;

    /**
     * @param isPersistent by the namespace's name
     */
    DiskBroker(
            Broker embedded,
            Predicate<String> isPersistent,
            DiskStreams streams,
            Replicas replicas) {
        this.embedded = embedded;
        this.isPersistent = isPersistent;
        this.streams = streams;
        this.replicas = replicas;
    }

    private boolean isPersistent(ChannelOptions options) {
        return isPersistent.test(options.namespace());
    }

    @Override
    public CompletionStage<Void> follow(String channel, ChannelOptions options) {
        return isPersistent(options)
                ? replicas.follow(channel, options)
                : embedded.follow(channel, options);
    }

    @Override
    public void unfollow(String channel) {
        replicas.unfollow(channel); // nothing, unless it is followed
    }

    @Override
    public CompletionStage<Published> publish(
            String channel, ChannelOptions options, Publication publication, PublishOptions how) {
        return isPersistent(options)
                ? streams.append(channel, options, publication, how)
                : embedded.publish(channel, options, publication, how);
    }

    @Override
    public CompletionStage<StreamSlice> history(
            String channel, ChannelOptions options, HistoryQuery query) {
        return isPersistent(options)
                ? streams.history(channel, options, query)
                : embedded.history(channel, options, query);
    }

    @Override
    @SuppressWarnings("NullAway") // the value of a stage of Void is null by definition
    public CompletionStage<Void> removeHistory(String channel, ChannelOptions options) {
        return isPersistent(options)
                ? streams.removeHistory(channel, options).thenApply(_ -> null)
                : embedded.removeHistory(channel, options);
    }

    // ---- who is there is told, and known, in this process ----

    @Override
    public CompletionStage<Void> publishJoin(
            String channel, ChannelOptions options, ClientInfo info) {
        return embedded.publishJoin(channel, options, info);
    }

    @Override
    public CompletionStage<Void> publishLeave(
            String channel, ChannelOptions options, ClientInfo info) {
        return embedded.publishLeave(channel, options, info);
    }

    @Override
    public CompletionStage<Void> publishEvents(
            String channel, ChannelOptions options, List<PresenceEvent> events) {
        return embedded.publishEvents(channel, options, events);
    }

    @Override
    public CompletionStage<Void> addPresence(String channel, ClientInfo member) {
        return embedded.addPresence(channel, member);
    }

    @Override
    public CompletionStage<Void> removePresence(String channel, String client) {
        return embedded.removePresence(channel, client);
    }

    @Override
    public CompletionStage<Map<String, ClientInfo>> presence(String channel) {
        return embedded.presence(channel);
    }

    @Override
    public CompletionStage<PresenceStats> presenceStats(String channel) {
        return embedded.presenceStats(channel);
    }
}
