package dev.cardea.server.disk;

import dev.cardea.messaging.broker.Broker;
import dev.cardea.messaging.broker.ForwardingBroker;
import dev.cardea.messaging.broker.Replicas;
import dev.cardea.messaging.hub.ChannelOptions;
import dev.cardea.messaging.log.StreamSlice;
import dev.cardea.wire.centrifuge.Publication;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;

/**
 * Publications of some namespaces on the disk, all else in this process: who is there is known, and
 * told, there.
 */
final class DiskBroker extends ForwardingBroker {
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
        super(embedded);
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
                : super.follow(channel, options);
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
                : super.publish(channel, options, publication, how);
    }

    /** One thread writes, in the order of what it is given. */
    @Override
    public boolean keepsOrder(String channel, ChannelOptions options) {
        return isPersistent(options) || super.keepsOrder(channel, options);
    }

    @Override
    public CompletionStage<StreamSlice> history(
            String channel, ChannelOptions options, HistoryQuery query) {
        return isPersistent(options)
                ? streams.history(channel, options, query)
                : super.history(channel, options, query);
    }

    @Override
    @SuppressWarnings("NullAway") // the value of a stage of Void is null by definition
    public CompletionStage<Void> removeHistory(String channel, ChannelOptions options) {
        return isPersistent(options)
                ? streams.removeHistory(channel, options).thenApply(_ -> null)
                : super.removeHistory(channel, options);
    }
}
