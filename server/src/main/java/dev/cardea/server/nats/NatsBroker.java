package dev.cardea.server.nats;

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

/** Channels in NATS: streams, who is there, and this node's replicas. */
final class NatsBroker implements Broker {
    private final Link link;
    private final Subjects subjects;
    private final NatsStreams streams;
    private final Appender appender;
    private final PresenceBucket presence;
    private final Replicas replicas;

    NatsBroker(
            Link link,
            Subjects subjects,
            NatsStreams streams,
            Appender appender,
            PresenceBucket presence,
            Replicas replicas) {
        this.link = link;
        this.subjects = subjects;
        this.streams = streams;
        this.appender = appender;
        this.presence = presence;
        this.replicas = replicas;
    }

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
        return appender.append(channel, options, publication, how);
    }

    /** What is stored may be stored again, where the stream was made anew meanwhile. */
    @Override
    public boolean keepsOrder(String channel, ChannelOptions options) {
        return !options.log().hasHistory();
    }

    @Override
    public CompletionStage<Void> publishEvents(
            String channel, ChannelOptions options, List<PresenceEvent> events) {
        return Blocking.done(link.tell(subjects.live(channel), Messages.events(events)));
    }

    @Override
    public CompletionStage<StreamSlice> history(
            String channel, ChannelOptions options, HistoryQuery query) {
        return streams.history(channel, options, query);
    }

    @Override
    public CompletionStage<Void> removeHistory(String channel, ChannelOptions options) {
        return Blocking.done(streams.removeHistory(channel, options));
    }

    @Override
    public CompletionStage<Void> addPresence(String channel, ClientInfo member) {
        return Blocking.done(presence.add(channel, member));
    }

    @Override
    public CompletionStage<Void> removePresence(String channel, String client) {
        return Blocking.done(presence.remove(channel, client));
    }

    @Override
    public CompletionStage<Map<String, ClientInfo>> presence(String channel) {
        return presence.members(channel);
    }
}
