package dev.cardea.messaging.session;

import dev.cardea.messaging.broker.Broker.HistoryQuery;
import dev.cardea.wire.centrifuge.StreamPosition;

/**
 * Whether the stream that a client follows is still the one that the broker has. A broker that lost
 * its state has begun another stream, or gone back.
 */
final class PositionCheck {
    private PositionCheck() {}

    static void all(Session session) {
        for (ClientSubscription subscription : session.subscriptions().all()) {
            if (subscription.positioned) check(session, subscription);
        }
    }

    private static void check(Session session, ClientSubscription subscription) {
        // What the client has by now; by the time of the answer it may have more than that says.
        long offset = subscription.reading.cursor().offset();
        var _ =
                session.node()
                        .broker()
                        .history(subscription.channel(), subscription.options(), HistoryQuery.TOP)
                        .whenComplete((slice, failure) -> {
                            if (failure != null) return; // asked again next time
                            session.execute(_ -> judge(session, subscription, offset, slice.top()));
                        });
    }

    private static void judge(
            Session session, ClientSubscription subscription, long offset, StreamPosition top) {
        if (!session.isOpen() || !session.subscriptions().has(subscription)) return;
        if (subscription.isEnding()) return;
        boolean goneBack = Long.compareUnsigned(top.offset(), offset) < 0;
        if (top.epoch().equals(subscription.epoch) && !goneBack) return;
        SubscriptionEnd.forInsufficientState(session, subscription);
    }
}
