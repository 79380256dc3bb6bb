package dev.cardea.messaging.session;

import dev.cardea.messaging.hub.ChannelOptions;
import dev.cardea.messaging.hub.Subscription;
import dev.cardea.wire.centrifuge.ClientInfo;
import org.jspecify.annotations.Nullable;

/** A subscription that the client has been granted, as its session knows it. */
final class ClientSubscription {
    private static final int LAPS_FORGIVEN = 3;
    private static final long LAPS_WITHIN_NANOS = 60_000_000_000L;

    final Subscription reading;
    final ClientInfo info;
    final boolean positioned;
    final boolean presence;
    final boolean joinLeave;
    final String epoch;

    /** Unix time; 0: never. */
    long expireAtSeconds;

    /** What is done once everything before the subscription's end is written; null: it goes on. */
    @Nullable Runnable atEnd;

    ClientSubscription(
            Subscription reading,
            ClientInfo info,
            boolean positioned,
            boolean presence,
            boolean joinLeave,
            String epoch,
            long expireAtSeconds) {
        this.reading = reading;
        this.info = info;
        this.positioned = positioned;
        this.presence = presence;
        this.joinLeave = joinLeave;
        this.epoch = epoch;
        this.expireAtSeconds = expireAtSeconds;
    }

    String channel() {
        return reading.channelName();
    }

    ChannelOptions options() {
        return reading.options();
    }

    /** Laps of one channel by one connection, over its subscriptions to it. */
    static final class Laps {
        private long firstNanos;
        private int count;

        /**
         * Counts one more. Returns false when there were too many for resubscribing to be of use.
         */
        boolean forgiven(long nowNanos) {
            if (count == 0 || nowNanos - firstNanos > LAPS_WITHIN_NANOS) {
                firstNanos = nowNanos;
                count = 0;
            }
            return ++count <= LAPS_FORGIVEN;
        }
    }
}
