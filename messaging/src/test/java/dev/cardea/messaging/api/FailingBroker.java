package dev.cardea.messaging.api;

import dev.cardea.messaging.broker.Broker;
import dev.cardea.messaging.hub.ChannelOptions;
import dev.cardea.messaging.log.StreamSlice;
import dev.cardea.messaging.presence.PresenceEvent;
import dev.cardea.wire.centrifuge.ClientInfo;
import dev.cardea.wire.centrifuge.Publication;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A broker that can't be reached. */
record FailingBroker(Broker unused) implements Broker {
    private static <T> CompletionStage<T> fail() {
        return CompletableFuture.failedFuture(new IOException("connection refused"));
    }

    @Override
    public CompletionStage<Void> follow(String channel, ChannelOptions options) {
        return fail();
    }

    @Override
    public void unfollow(String channel) {}

    @Override
    public CompletionStage<Published> publish(
            String channel, ChannelOptions options, Publication publication, PublishOptions how) {
        return fail();
    }

    @Override
    public CompletionStage<Void> publishEvents(
            String channel, ChannelOptions options, List<PresenceEvent> events) {
        return fail();
    }

    @Override
    public CompletionStage<StreamSlice> history(
            String channel, ChannelOptions options, HistoryQuery query) {
        return fail();
    }

    @Override
    public CompletionStage<Void> removeHistory(String channel, ChannelOptions options) {
        return fail();
    }

    @Override
    public CompletionStage<Void> addPresence(String channel, ClientInfo member) {
        return fail();
    }

    @Override
    public CompletionStage<Void> removePresence(String channel, String client) {
        return fail();
    }

    @Override
    public CompletionStage<Map<String, ClientInfo>> presence(String channel) {
        return fail();
    }

    @Override
    public CompletionStage<PresenceStats> presenceStats(String channel) {
        return fail();
    }
}
