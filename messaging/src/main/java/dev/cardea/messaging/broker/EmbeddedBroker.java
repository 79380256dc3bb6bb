package dev.cardea.messaging.broker;

import dev.cardea.messaging.hub.Channel;
import dev.cardea.messaging.hub.ChannelOptions;
import dev.cardea.messaging.hub.Hub;
import dev.cardea.messaging.log.ChannelLog;
import dev.cardea.messaging.log.StreamSlice;
import dev.cardea.messaging.presence.PresenceEvent;
import dev.cardea.messaging.presence.PresenceTable;
import dev.cardea.wire.centrifuge.ClientInfo;
import dev.cardea.wire.centrifuge.Publication;
import dev.cardea.wire.centrifuge.StreamPosition;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;

/**
 * The broker of a node that stands alone: it appends to the log itself, and every stage is complete
 * at once.
 */
public final class EmbeddedBroker implements Broker {
    private static final Published NOWHERE = new Published(new StreamPosition(0, ""));

    private final Hub hub;
    private final PresenceTable presence;
    private final IdempotencyCache idempotency = new IdempotencyCache();
    private final LongSupplier nowNanos;

    /**
     * @param nowNanos monotonic time
     */
    public EmbeddedBroker(Hub hub, long presenceTtlNanos, LongSupplier nowNanos) {
        this.hub = hub;
        this.presence = new PresenceTable(presenceTtlNanos);
        this.nowNanos = nowNanos;
    }

    @Override
    public CompletionStage<Void> follow(String channel, ChannelOptions options) {
        return done();
    }

    @Override
    public void unfollow(String channel) {}

    @Override
    public CompletionStage<Published> publish(
            String channel, ChannelOptions options, Publication publication, PublishOptions how) {
        long now = nowNanos.getAsLong();
        Published published =
                how.idempotencyKey().isEmpty()
                        ? append(channel, options, publication, how, now)
                        : idempotency.once(
                                channel,
                                how.idempotencyKey(),
                                now,
                                () -> append(channel, options, publication, how, now));
        if (hub.budget(options.namespace()).excessBytes() > 0) hub.shed(options.namespace(), now);
        return CompletableFuture.completedFuture(published);
    }

    @Override
    public boolean keepsOrder(String channel, ChannelOptions options) {
        return true;
    }

    private Published append(
            String channel,
            ChannelOptions options,
            Publication publication,
            PublishOptions how,
            long now) {
        while (true) {
            Channel open =
                    options.log().hasHistory()
                            ? hub.open(channel, options, now)
                            : hub.find(channel);
            if (open == null) return NOWHERE; // nobody reads it, and nothing is to be kept
            open.adopt(options);
            ChannelLog.Appended appended =
                    open.append(
                            publication,
                            how.skipHistory(),
                            how.delta() || options.bandwidth().deltaPublish(),
                            how.version(),
                            how.versionEpoch(),
                            now);
            if (appended != null) return new Published(appended.position());
            Thread.onSpinWait(); // it was being forgotten: look again
        }
    }

    @Override
    public CompletionStage<Void> publishEvents(
            String channel, ChannelOptions options, List<PresenceEvent> events) {
        Channel open = hub.find(channel);
        if (open != null) open.appendEvents(events, nowNanos.getAsLong());
        return done();
    }

    @Override
    public CompletionStage<StreamSlice> history(
            String channel, ChannelOptions options, HistoryQuery query) {
        long now = nowNanos.getAsLong();
        if (!options.log().hasHistory()) {
            return CompletableFuture.completedFuture(
                    new StreamSlice(List.of(), new StreamPosition(0, "")));
        }
        ChannelLog log =
                hub.open(channel, options, now)
                        .log(); // a stream that is asked for has an epoch from then on
        return CompletableFuture.completedFuture(
                query.reverse()
                        ? log.before(query.offset(), query.limit(), now)
                        : log.after(query.offset(), query.limit(), now));
    }

    @Override
    public CompletionStage<Void> removeHistory(String channel, ChannelOptions options) {
        Channel open = hub.find(channel);
        if (open != null) open.log().removeHistory();
        return done();
    }

    @Override
    public CompletionStage<Void> addPresence(String channel, ClientInfo member) {
        presence.add(channel, member, nowNanos.getAsLong());
        return done();
    }

    @Override
    public CompletionStage<Void> removePresence(String channel, String client) {
        presence.remove(channel, client);
        return done();
    }

    @Override
    public CompletionStage<Map<String, ClientInfo>> presence(String channel) {
        return CompletableFuture.completedFuture(presence.members(channel, nowNanos.getAsLong()));
    }

    @SuppressWarnings("NullAway") // the value of a stage of Void is null by definition
    private static CompletionStage<Void> done() {
        return CompletableFuture.completedFuture(null);
    }
}
