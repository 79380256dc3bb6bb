package dev.cardea.messaging.session;

import dev.cardea.messaging.hub.SlowConsumer;
import dev.cardea.wire.centrifuge.Push;

/** What becomes of a reader that its channel's log has lapped (namespace option slow_consumer). */
final class LappedReader {
    private LappedReader() {}

    static void lapped(Session session, ClientSubscription subscription, Laps laps, long nowNanos) {
        SlowConsumer policy = subscription.options().slowConsumer();
        session.node().counters().lapped(policy);
        switch (policy) {
            case LATEST -> {
                subscription.reading.cursor().jumpToLatest();
                session.delivery().start(subscription.reading);
            }
            case SKIP -> {
                long skipped = subscription.reading.cursor().skipToTail();
                session.push(new Push.Message(Notice.skipped(subscription.channel(), skipped)));
                session.delivery().start(subscription.reading);
            }
            case RECOVER -> {
                boolean hasHistory = subscription.options().log().hasHistory();
                if (hasHistory && laps.forgives(subscription.channel(), nowNanos))
                    SubscriptionEnd.forInsufficientState(session, subscription);
                else session.disconnect(Disconnect.SLOW);
            }
            case DISCONNECT -> session.disconnect(Disconnect.SLOW);
        }
    }
}
