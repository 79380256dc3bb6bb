package dev.cardea.messaging.session;

import dev.cardea.messaging.hub.SlowConsumer;
import dev.cardea.wire.centrifuge.Push;

/** What becomes of a reader that its channel's log has lapped (namespace option slow_consumer). */
final class LappedReader {
    private LappedReader() {}

    static void lapped(Session session, ClientSubscription subscription, Laps laps, long nowNanos) {
        SlowConsumer policy = subscription.options().slowConsumer();
        session.node().counters().lapped(policy);
        boolean hasLane = session.output().lanes().has(subscription.reading);
        if (hasLane) session.output().lanes().lapped(subscription.reading);
        switch (policy) {
            case LATEST -> {
                subscription.reading.cursor().jumpToLatest();
                session.output().start(subscription.reading);
            }
            case SKIP -> {
                long skipped = subscription.reading.cursor().skipToTail();
                session.push(new Push.Message(Notice.skipped(subscription.channel(), skipped)));
                session.output().start(subscription.reading);
            }
            case RECOVER -> {
                boolean hasHistory = subscription.options().log().hasHistory();
                // a channel that has a lane doesn't end the others
                if (hasLane || (hasHistory && laps.forgives(subscription.channel(), nowNanos)))
                    SubscriptionEnd.forInsufficientState(session, subscription);
                else session.disconnect(Disconnect.SLOW);
            }
            case DISCONNECT -> session.disconnect(Disconnect.SLOW);
        }
    }
}
