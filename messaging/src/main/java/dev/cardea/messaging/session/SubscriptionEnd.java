package dev.cardea.messaging.session;

import dev.cardea.messaging.hub.Subscription;
import dev.cardea.wire.centrifuge.Command;
import dev.cardea.wire.centrifuge.Push;
import dev.cardea.wire.centrifuge.Reply;

/**
 * How subscriptions of an open connection end. Where both sides still agree on the stream, the end
 * is a barrier: what was published before is delivered first, and nothing follows.
 */
final class SubscriptionEnd {
    private SubscriptionEnd() {}

    /** The client wants it. Commands behind wait until it is done. */
    static void commanded(Session session, Command.Unsubscribe command) {
        if (command.channel().isEmpty()) {
            session.disconnect(Disconnect.BAD_REQUEST);
            return;
        }
        ClientSubscription subscription = session.subscription(command.channel());
        if (subscription == null) {
            session.reply(new Reply.Unsubscribe(command.id()));
            return;
        }
        session.input().hold();
        begin(
                session,
                subscription,
                () -> {
                    session.reply(new Reply.Unsubscribe(command.id()));
                    session.input().release();
                });
    }

    /** The server wants it. */
    static void pushed(Session session, String channel, Unsubscribed why) {
        if (session.isClosing()) return;
        Joining coming = session.subscriptions().findComing(channel);
        if (coming != null) coming.endAtOnce(why);
        ClientSubscription subscription = session.subscription(channel);
        if (subscription == null || subscription.isEnding()) return;
        begin(session, subscription, () -> push(session, channel, why));
    }

    private static void begin(Session session, ClientSubscription subscription, Runnable then) {
        subscription.atEnd(then);
        session.output().setBarrier(subscription.reading);
    }

    /** It has read all that it was still to read. */
    static void reached(Session session, Subscription reading) {
        ClientSubscription subscription = session.subscription(reading.channelName());
        if (subscription == null || subscription.reading != reading) return;
        session.remove(subscription);
        subscription.runAtEnd();
    }

    /**
     * At once: we don't know any more what the client has, so it has to subscribe again, or to
     * connect again where the subscription is the server's.
     */
    static void forInsufficientState(Session session, ClientSubscription subscription) {
        session.remove(subscription);
        if (subscription.serverSide) session.disconnect(Disconnect.INSUFFICIENT_STATE);
        else push(session, subscription.channel(), Unsubscribed.INSUFFICIENT_STATE);
    }

    /** Nobody has brought a new token in time. */
    static void forExpiry(Session session, ClientSubscription subscription) {
        if (subscription.serverSide) session.disconnect(Disconnect.SUBSCRIPTION_EXPIRED);
        else pushed(session, subscription.channel(), Unsubscribed.EXPIRED);
    }

    private static void push(Session session, String channel, Unsubscribed why) {
        session.node().counters().unsubscribed(why);
        session.push(new Push.Unsubscribe(channel, why.code(), why.reason()));
    }
}
