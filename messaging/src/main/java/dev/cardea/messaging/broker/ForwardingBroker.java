package dev.cardea.messaging.broker;

import dev.cardea.messaging.hub.ChannelOptions;
import dev.cardea.messaging.log.StreamSlice;
import dev.cardea.messaging.presence.PresenceEvent;
import dev.cardea.wire.centrifuge.ClientInfo;
import dev.cardea.wire.centrifuge.Publication;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/** Asks another broker; to be overridden where something is added. Thread safe. */
public abstract class ForwardingBroker implements Broker {
    private final Broker behind;

    protected ForwardingBroker(Broker behind) {
        this.behind = behind;
    }

    @Override
    public CompletionStage<Void> follow(String channel, ChannelOptions options) {
        return behind.follow(channel, options);
    }

    @Override
    public void unfollow(String channel) {
        behind.unfollow(channel);
    }

    @Override
    public CompletionStage<Published> publish(
            String channel, ChannelOptions options, Publication publication, PublishOptions how) {
        return behind.publish(channel, options, publication, how);
    }

    @Override
    public boolean keepsOrder(String channel, ChannelOptions options) {
        return behind.keepsOrder(channel, options);
    }

    @Override
    public CompletionStage<Void> publishEvents(
            String channel, ChannelOptions options, List<PresenceEvent> events) {
        return behind.publishEvents(channel, options, events);
    }

    @Override
    public CompletionStage<StreamSlice> history(
            String channel, ChannelOptions options, HistoryQuery query) {
        return behind.history(channel, options, query);
    }

    @Override
    public CompletionStage<Void> removeHistory(String channel, ChannelOptions options) {
        return behind.removeHistory(channel, options);
    }

    @Override
    public CompletionStage<Void> addPresence(String channel, ClientInfo member) {
        return behind.addPresence(channel, member);
    }

    @Override
    public CompletionStage<Void> removePresence(String channel, String client) {
        return behind.removePresence(channel, client);
    }

    @Override
    public CompletionStage<Map<String, ClientInfo>> presence(String channel) {
        return behind.presence(channel);
    }

    @Override
    public CompletionStage<PresenceStats> presenceStats(String channel) {
        return behind.presenceStats(channel);
    }
}
