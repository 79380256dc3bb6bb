package dev.cardea.messaging.session;

import dev.cardea.messaging.auth.Authenticator.Credentials;
import dev.cardea.messaging.auth.Fault;
import dev.cardea.wire.centrifuge.Reply;
import java.util.ArrayList;
import java.util.List;

/** How a connection comes in, or is told that it may not: the states before it is open. */
final class Admission {
    private Admission() {}

    static void refuse(Session session, int id, Refusal refusal, long deadlineNanos) {
        if (!(session.state() instanceof State.Fresh)) return;
        session.state(new State.Refused(deadlineNanos));
        session.refuse(id, refusal);
    }

    static void fail(Session session, int id, Fault why, long deadlineNanos) {
        if (!(session.state() instanceof State.Fresh)) return;
        if (why instanceof Fault.Error) session.state(new State.Refused(deadlineNanos));
        session.fail(id, why);
    }

    /** Let in: what it is subscribed to from the start is still to come. */
    static void enter(Session session, Credentials granted, long deadlineNanos) {
        session.credentials(granted);
        session.state(new State.Entering(new Subscriptions(), deadlineNanos, new ArrayList<>(0)));
        session.node().counters().connected(session.peer().transport(), 1);
    }

    /** It was let in, but for a reason that the client is told it can't be served. */
    static void refuseEntry(Session session, int id, Refusal refusal) {
        if (!(session.state()
                instanceof
                State.Entering(Subscriptions left, long deadlineNanos, List<Runnable> waits)))
            return;
        ConnectionEnd.leave(session, left);
        session.node().sessions().remove(session, session.user());
        session.node().counters().connected(session.peer().transport(), -1);
        session.state(new State.Refused(deadlineNanos));
        waits.forEach(Runnable::run); // they see that it is too late
        session.refuse(id, refusal);
    }

    /** The reply to the connect command is queued first, then {@code start} is run. */
    static void open(Session session, Reply reply, Runnable start) {
        if (!(session.state()
                instanceof State.Entering(Subscriptions subscriptions, _, List<Runnable> waits)))
            return;
        session.state(new State.Open(subscriptions));
        session.upkeep().begin(session.nowNanos());
        session.reply(reply);
        start.run();
        waits.forEach(Runnable::run);
    }
}
