package dev.cardea.messaging.session;

import dev.cardea.messaging.auth.Authenticator.Credentials;
import dev.cardea.messaging.auth.Fault;
import dev.cardea.messaging.auth.Verdict;
import dev.cardea.wire.centrifuge.Command;
import dev.cardea.wire.centrifuge.ConnectResult;
import dev.cardea.wire.centrifuge.Reply;
import dev.cardea.wire.centrifuge.SubscribeResult;
import java.util.Map;

/** The connect command from its token to its reply. */
final class ConnectFlow {
    private final Session session;
    private final Node node;
    private final Command.Connect command;
    private final long staleAtNanos;

    /**
     * @param staleAtNanos when a connection that isn't open by then is closed
     */
    ConnectFlow(Session session, Command.Connect command, long staleAtNanos) {
        this.session = session;
        this.node = session.node();
        this.command = command;
        this.staleAtNanos = staleAtNanos;
    }

    void begin() {
        session.admit(command.name(), command.version(), command.headers());
        session.await(
                node.authenticator().connect(session.client(), session.peer(), command),
                this::judged,
                () -> refuse(Refusal.INTERNAL));
    }

    private void judged(Verdict<Credentials> verdict) {
        switch (verdict) {
            case Verdict.Granted<Credentials>(Credentials granted) -> open(granted);
            case Verdict.Expired<Credentials> _ -> refuse(Refusal.TOKEN_EXPIRED);
            case Verdict.Invalid<Credentials> _, Verdict.Mismatched<Credentials> _ ->
                    session.disconnect(Disconnect.INVALID_TOKEN);
            case Verdict.Missing<Credentials> _ -> session.disconnect(Disconnect.BAD_REQUEST);
            case Verdict.Forbidden<Credentials> _ ->
                    session.disconnect(Disconnect.PERMISSION_DENIED);
            case Verdict.Failed<Credentials>(Fault why) ->
                    Admission.fail(session, command.id(), why, staleAtNanos);
        }
    }

    /** The connection can't be used after this; the client closes it. */
    private void refuse(Refusal refusal) {
        Admission.refuse(session, command.id(), refusal, staleAtNanos);
    }

    private void open(Credentials granted) {
        if (session.isClosing()) return;
        long expireAt = granted.expireAtSeconds();
        if (expireAt > 0 && session.secondsUntil(expireAt) <= 0) {
            refuse(Refusal.EXPIRED);
            return;
        }
        if (!session.throttle().admitsConnect(granted.user(), session.nowNanos())) {
            refuse(Refusal.TOO_MANY_REQUESTS);
            return;
        }
        if (!enter(granted)) {
            session.disconnect(Disconnect.CONNECTION_LIMIT);
            return;
        }
        Admission.enter(session, granted, staleAtNanos);
        // Asked when whoever revokes the token would find the connection already.
        if (node.revocations().cover(granted.token(), granted.user(), "")) {
            Admission.refuseEntry(session, command.id(), Refusal.TOKEN_EXPIRED);
            return;
        }
        new FirstSubscriptions(session, command, this::opened).begin();
    }

    /** Returns false if the user has as many connections as it may. */
    private boolean enter(Credentials granted) {
        String user = granted.user();
        if (!node.options().personalChannel().singleConnection() || user.isEmpty())
            return node.sessions().add(session, user, node.options().userConnectionLimit());
        for (Session other : node.sessions().addAlone(session, user))
            other.execute(own -> own.disconnect(Disconnect.CONNECTION_LIMIT));
        return true;
    }

    private void opened(Map<String, SubscribeResult> subscriptions, Runnable start) {
        Admission.open(session, new Reply.Connect(command.id(), result(subscriptions)), start);
    }

    private ConnectResult result(Map<String, SubscribeResult> subscriptions) {
        Credentials credentials = session.credentials();
        // What the backend renews doesn't expire as far as the client can tell.
        boolean expires = credentials.expireAtSeconds() > 0 && node.hooks().refresh() == null;
        // The transport's own pings are no business of the protocol's.
        long pingIntervalNanos =
                session.outlet().pingsNatively() ? 0 : node.options().pingIntervalNanos();
        return new ConnectResult(
                session.client(),
                node.version(),
                expires,
                expires ? session.secondsUntil(credentials.expireAtSeconds()) : 0,
                credentials.data(),
                subscriptions,
                (int) (pingIntervalNanos / 1_000_000_000L),
                pingIntervalNanos > 0 && session.direction() != Direction.DOWN,
                session.direction() == Direction.BOTH ? "" : session.sessionId(),
                node.id(),
                node.options().includeServerTime() ? node.unixMillis().getAsLong() : 0);
    }
}
