package dev.cardea.messaging.mercure;

import dev.cardea.messaging.broker.Broker;
import dev.cardea.messaging.broker.Broker.PublishOptions;
import dev.cardea.messaging.hub.ChannelOptions;
import dev.cardea.messaging.hub.Hub;
import dev.cardea.messaging.hub.Shard;
import dev.cardea.messaging.hub.SlowConsumer;
import dev.cardea.messaging.hub.TimerWheel;
import dev.cardea.messaging.log.LogOptions;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.Malformed;
import dev.cardea.wire.centrifuge.ClientInfo;
import dev.cardea.wire.centrifuge.Publication;
import dev.cardea.wire.mercure.SubscriptionDocument;
import dev.cardea.wire.mercure.Update;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/**
 * The hub of several nodes: its updates are one stream of the broker that they share, which each
 * reads whole, and its subscribers are known to all as the stream's members. Thread safe, but for
 * what belongs to the loop that reads.
 */
final class SharedUpdates {
    /** No client's: they can't name it. */
    static final String CHANNEL = Hub.OWN + "mercure";

    private static final long SECOND_NANOS = 1_000_000_000;

    /** A hub that is silent for longer begins anew, and says so. */
    private static final long POSITION_NANOS = 7 * 24 * 3600 * SECOND_NANOS;

    private static final int WINDOW_SIZE = 10_000;
    private static final long WINDOW_BYTES = 16 * 1024 * 1024;
    private final MercureHub hub;
    private final Broker broker;
    private final Shard shard;
    private final ChannelOptions options;
    private final UpdateStream stream;
    private final long presenceSeconds;
    private Iterator<Subscriber> toRenew = List.<Subscriber>of().iterator();

    /**
     * @param retention how much the broker keeps
     * @param presenceNanos so often the broker is told that a subscriber is still there
     */
    SharedUpdates(
            MercureHub hub,
            Broker broker,
            Hub channels,
            Shard shard,
            Retention retention,
            long presenceNanos) {
        this.hub = hub;
        this.broker = broker;
        this.shard = shard;
        this.options = options(retention);
        this.presenceSeconds = Math.max(1, presenceNanos / SECOND_NANOS);
        this.stream = new UpdateStream(CHANNEL, options, broker, channels, shard, new Taker());
    }

    /** A stream with as much history as the hub keeps, of which this node need keep nothing. */
    private static ChannelOptions options(Retention retention) {
        return new ChannelOptions(
                CHANNEL,
                new LogOptions(
                        retention.size(),
                        retention.ttlNanos(),
                        1,
                        WINDOW_SIZE,
                        WINDOW_BYTES,
                        false),
                Math.max(retention.ttlNanos(), POSITION_NANOS),
                true,
                false,
                false,
                0,
                true,
                true,
                true,
                true,
                ChannelOptions.RecoveryMode.STREAM,
                false,
                ChannelOptions.Permissions.NONE,
                ChannelOptions.PublicationDataFormat.BINARY,
                false,
                _ -> true,
                SlowConsumer.RECOVER,
                null,
                ChannelOptions.Bandwidth.PLAIN);
    }

    /** On the loop, once it runs. */
    void start(long nowNanos) {
        stream.start(nowNanos);
        if (hub.tellsSubscriptions()) shard.timers().set(new Renewing(), nowNanos + SECOND_NANOS);
    }

    boolean hasBegun() {
        return stream.hasBegun();
    }

    /** Complete once all that is published now was taken; fails if that isn't soon. */
    CompletionStage<Void> arrived() {
        return stream.arrived();
    }

    /**
     * Complete once the broker has it.
     *
     * @param idempotencyKey empty: none
     */
    CompletionStage<?> append(Update update, boolean once, String idempotencyKey) {
        return broker.publish(
                CHANNEL,
                options,
                Publication.of(UpdateCodec.write(update, once)),
                new PublishOptions(idempotencyKey, false, 0, ""));
    }

    // ---- who subscribes ----

    void joined(Subscriber subscriber) {
        ClientInfo member =
                new ClientInfo(
                        "",
                        subscriber.id(),
                        SubscriptionCodec.write(hub.documents(subscriber, true)),
                        Bytes.EMPTY);
        var _ = broker.addPresence(CHANNEL, member);
    }

    void left(Subscriber subscriber) {
        var _ = broker.removePresence(CHANNEL, subscriber.id());
    }

    /** Those of other nodes. */
    CompletionStage<List<SubscriptionDocument>> elsewhere() {
        return broker.presence(CHANNEL).thenApply(this::documents);
    }

    private List<SubscriptionDocument> documents(Map<String, ClientInfo> members) {
        List<SubscriptionDocument> documents = new ArrayList<>();
        members.forEach((id, member) -> {
            if (hub.hasSubscriber(id)) return;
            String path = hub.url().pathname();
            documents.addAll(SubscriptionCodec.read(member.connInfo(), path, id));
        });
        return documents;
    }

    /** Tells the broker of some of the subscribers, so that it has been told of all in time. */
    private final class Renewing extends TimerWheel.Timer {
        @Override
        protected void expired(long nowNanos) {
            shard.timers().set(this, nowNanos + SECOND_NANOS); // first: what follows may throw
            if (!toRenew.hasNext()) toRenew = hub.subscribers().iterator();
            long some = hub.subscriberCount() / presenceSeconds + 1;
            for (long i = 0; i < some && toRenew.hasNext(); i++) renew(toRenew.next());
        }

        private void renew(Subscriber subscriber) {
            if (!hub.hasSubscriber(subscriber.id())) return;
            joined(subscriber);
            // it may have left in between: then it isn't to be there again
            if (!hub.hasSubscriber(subscriber.id())) left(subscriber);
        }
    }

    private final class Taker implements UpdateStream.Taker {
        @Override
        public void take(Bytes data) {
            try {
                hub.take(UpdateCodec.read(data, hub::topic), shard.loop().nowNanos());
            } catch (Malformed _) {
                hub.lost(); // of a later version, perhaps
            }
        }

        @Override
        public void lost() {
            hub.lost();
        }
    }
}
