package dev.cardea.messaging.session;

import dev.cardea.messaging.auth.Authenticator.Credentials;
import dev.cardea.messaging.auth.Fault;
import dev.cardea.messaging.auth.Verdict;
import dev.cardea.wire.centrifuge.Command;
import dev.cardea.wire.centrifuge.ConnectResult;
import dev.cardea.wire.centrifuge.Reply;
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
                    session.failConnect(command.id(), why, staleAtNanos);
        }
    }

    /** The connection can't be used after this; the client closes it. */
    private void refuse(Refusal refusal) {
        session.refuseConnect(command.id(), refusal, staleAtNanos);
    }

    private void open(Credentials granted) {
        if (session.isClosing()) return;
        boolean expires = granted.expireAtSeconds() > 0;
        int ttlSeconds = expires ? session.secondsUntil(granted.expireAtSeconds()) : 0;
        if (expires && ttlSeconds <= 0) {
            refuse(Refusal.EXPIRED);
            return;
        }
        if (!node.sessions().add(session, granted.user(), node.options().userConnectionLimit())) {
            session.disconnect(Disconnect.CONNECTION_LIMIT);
            return;
        }
        session.open(granted);
        session.reply(new Reply.Connect(command.id(), result(expires, ttlSeconds)));
    }

    private ConnectResult result(boolean expires, int ttlSeconds) {
        long pingIntervalNanos = node.options().pingIntervalNanos();
        return new ConnectResult(
                session.client(),
                node.version(),
                expires,
                ttlSeconds,
                session.credentials().data(),
                Map.of(),
                (int) (pingIntervalNanos / 1_000_000_000L),
                pingIntervalNanos > 0,
                "",
                node.id(),
                node.options().includeServerTime() ? node.unixMillis().getAsLong() : 0);
    }
}
