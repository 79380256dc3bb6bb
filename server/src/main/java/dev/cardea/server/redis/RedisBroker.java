package dev.cardea.server.redis;

import dev.cardea.messaging.broker.Broker;
import dev.cardea.messaging.broker.Replicas;
import dev.cardea.messaging.hub.ChannelOptions;
import dev.cardea.messaging.log.StreamSlice;
import dev.cardea.messaging.presence.PresenceEvent;
import dev.cardea.wire.Malformed;
import dev.cardea.wire.centrifuge.ClientInfo;
import dev.cardea.wire.centrifuge.KeptCodec;
import dev.cardea.wire.centrifuge.Publication;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Channels in Redis: streams, who is there, and this node's replicas. */
final class RedisBroker implements Broker {
    private final Keys keys;
    private final Function<String, Shard> shards;
    private final RedisStreams streams;
    private final Replicas replicas;
    private final byte[] presenceTtl;

    RedisBroker(
            Keys keys,
            Function<String, Shard> shards,
            RedisStreams streams,
            Replicas replicas,
            long presenceTtlMillis) {
        this.keys = keys;
        this.shards = shards;
        this.streams = streams;
        this.replicas = replicas;
        this.presenceTtl = Keys.bytes(Long.toString(presenceTtlMillis));
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
        return streams.append(channel, options, publication, how);
    }

    /** Where one connection carries all that concerns the channel. */
    @Override
    public boolean keepsOrder(String channel, ChannelOptions options) {
        return commands(channel).keepsOrder();
    }

    @Override
    public CompletionStage<Void> publishEvents(
            String channel, ChannelOptions options, List<PresenceEvent> events) {
        String told = keys.told(channel);
        Commands commands = commands(channel);
        if (!keys.isCentrifugos()) return done(commands.tell(told, Messages.events(events)));
        List<CompletableFuture<Long>> all = new ArrayList<>();
        for (PresenceEvent event : events)
            all.add(commands.tell(told, CentrifugoMessages.event(event)).toCompletableFuture());
        return CompletableFuture.allOf(all.toArray(CompletableFuture<?>[]::new));
    }

    @Override
    public CompletionStage<StreamSlice> history(
            String channel, ChannelOptions options, HistoryQuery query) {
        return streams.history(channel, options, query);
    }

    @Override
    public CompletionStage<Void> removeHistory(String channel, ChannelOptions options) {
        return done(streams.removeHistory(channel));
    }

    @Override
    public CompletionStage<Void> addPresence(String channel, ClientInfo member) {
        return done(
                commands(channel)
                        .run(
                                Script.ENTER.in(keys.layout()),
                                presenceKeys(channel),
                                presenceTtl,
                                Keys.bytes(member.client()),
                                KeptCodec.write(member)));
    }

    @Override
    public CompletionStage<Void> removePresence(String channel, String client) {
        return done(
                commands(channel)
                        .run(
                                Script.LEAVE.in(keys.layout()),
                                presenceKeys(channel),
                                Keys.bytes(client)));
    }

    @Override
    public CompletionStage<Map<String, ClientInfo>> presence(String channel) {
        return commands(channel)
                .run(Script.WHO.in(keys.layout()), presenceKeys(channel))
                .thenApply(RedisBroker::members);
    }

    private byte[][] presenceKeys(String channel) {
        return new byte[][] {keys.who(channel), keys.until(channel)};
    }

    private static Map<String, ClientInfo> members(List<Object> answer) {
        Map<String, ClientInfo> members = new HashMap<>();
        for (int i = 0; i + 1 < answer.size(); i += 2) {
            if (!(answer.get(i) instanceof byte[] client
                    && answer.get(i + 1) instanceof byte[] info))
                throw new Malformed("members of something else");
            members.put(
                    new String(client, StandardCharsets.UTF_8),
                    KeptCodec.info(info, 0, info.length));
        }
        return members;
    }

    private Commands commands(String channel) {
        return shards.apply(channel).commands();
    }

    @SuppressWarnings("NullAway") // the value of a stage of Void is null by definition
    private static CompletionStage<Void> done(CompletionStage<? extends @Nullable Object> stage) {
        return stage.thenApply(_ -> null);
    }
}
