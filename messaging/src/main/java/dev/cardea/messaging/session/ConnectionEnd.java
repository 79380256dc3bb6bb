package dev.cardea.messaging.session;

import java.util.List;

/**
 * How connections end: like {@link SubscriptionEnd} with a barrier. What was published or answered
 * before is still written, unless the peer has gone or doesn't read.
 */
final class ConnectionEnd {
    private ConnectionEnd() {}

    static void begin(Session session, Disconnect why) {
        switch (session.state()) {
            case State.Closed _ -> {}
            case State.Closing _ -> {
                if (why.isAbrupt()) now(session, why);
            }
            case State.Entering _ -> now(session, why); // nothing was answered yet
            case State.Open _, State.Fresh _, State.Refused _ -> {
                if (why.isAbrupt()) now(session, why);
                else deliverFirst(session, why);
            }
        }
    }

    private static void deliverFirst(Session session, Disconnect why) {
        Subscriptions subscriptions = session.subscriptions();
        long deadlineNanos = session.nowNanos() + session.upkeep().writeTimeoutNanos();
        session.state(new State.Closing(why, subscriptions, deadlineNanos));
        for (ClientSubscription subscription : subscriptions.all())
            session.output().setBarrier(subscription.reading);
        session.upkeep().wakeBy(deadlineNanos);
        nowIfDone(session);
    }

    /** Ends a connection that is closing once nothing is left to be delivered. */
    static void nowIfDone(Session session) {
        if (!(session.state() instanceof State.Closing(Disconnect why, Subscriptions left, long _)))
            return;
        if (left.isEmpty() && session.output().mayEnd()) now(session, why);
    }

    static void now(Session session, Disconnect why) {
        Node node = session.node();
        if (!why.isAbrupt()) session.output().writeRest();
        Subscriptions left = session.subscriptions();
        boolean wasOpen = node.sessions().remove(session, session.user());
        List<Runnable> waits =
                session.state() instanceof State.Entering(_, _, List<Runnable> onceOpen)
                        ? onceOpen
                        : List.of();
        session.state(new State.Closed());
        waits.forEach(Runnable::run); // they see that it is too late
        leave(session, left);
        if (wasOpen) {
            node.counters().connected(session.peer().transport(), -1);
            node.hooks().disconnected(session.caller(), why.code(), why.reason());
        }
        node.counters().disconnected(why);
        session.upkeep().end();
        session.input().clear();
        session.output().end();
        if (why.equals(Disconnect.CONNECTION_CLOSED)) session.outlet().abort();
        else session.outlet().close(why.code(), why.reason());
    }

    static void leave(Session session, Subscriptions left) {
        left.all().forEach(session::leave);
    }
}
