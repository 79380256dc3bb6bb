package dev.cardea.messaging.session;

import dev.cardea.messaging.auth.Authenticator.Credentials;
import dev.cardea.messaging.auth.Authenticator.SubscriptionGrant;
import dev.cardea.messaging.auth.Fault;
import dev.cardea.messaging.auth.Verdict;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.centrifuge.Command;
import dev.cardea.wire.centrifuge.Push;
import dev.cardea.wire.centrifuge.Reply;
import java.util.Set;

/** A new token for what would expire: the connection, or a subscription. */
final class RefreshFlow {
    private RefreshFlow() {}

    static void connection(Session session, Command.Refresh command) {
        // Where the backend renews connections, clients have no business to.
        if (command.token().isEmpty() || session.node().hooks().refresh() != null) {
            session.disconnect(Disconnect.BAD_REQUEST);
            return;
        }
        session.await(
                session.node().authenticator().refresh(command.token()),
                verdict -> {
                    switch (verdict) {
                        case Verdict.Granted<Credentials>(Credentials granted) ->
                                refreshed(session, command.id(), granted);
                        case Verdict.Expired<Credentials> _ ->
                                session.disconnect(Disconnect.EXPIRED);
                        case Verdict.Invalid<Credentials> _,
                                Verdict.Mismatched<Credentials> _,
                                Verdict.Missing<Credentials> _,
                                Verdict.Forbidden<Credentials> _ ->
                                session.disconnect(Disconnect.INVALID_TOKEN);
                        case Verdict.Failed<Credentials>(Fault why) ->
                                session.fail(command.id(), why);
                    }
                },
                () -> session.refuse(command.id(), Refusal.INTERNAL));
    }

    private static void refreshed(Session session, int id, Credentials granted) {
        if (!granted.user().equals(session.user())) {
            session.disconnect(Disconnect.INVALID_TOKEN);
            return;
        }
        boolean isRevoked = session.node().revocations().cover(granted.token(), session.user(), "");
        boolean expires = granted.expireAtSeconds() > 0;
        int ttlSeconds = expires ? session.secondsUntil(granted.expireAtSeconds()) : 0;
        if (isRevoked || (expires && ttlSeconds <= 0)) {
            session.disconnect(Disconnect.EXPIRED);
            return;
        }
        if (changesChannels(session, granted)) {
            session.disconnect(Disconnect.INSUFFICIENT_STATE); // it gets them when it comes back
            return;
        }
        renew(session, granted);
        endWhatIsNotAllowedAnyMore(session);
        String version = session.node().version();
        session.reply(new Reply.Refresh(id, session.client(), version, expires, ttlSeconds));
    }

    /** The connection goes on, with what its new token or its hook says of it. */
    static void renew(Session session, Credentials granted) {
        Credentials before = session.credentials();
        Bytes meta = granted.meta().isEmpty() ? before.meta() : granted.meta();
        session.credentials(
                new Credentials(
                        before.user(),
                        granted.info(),
                        granted.expireAtSeconds(),
                        meta,
                        before.data(),
                        granted.subscriptions(),
                        granted.capabilities(),
                        granted.token()));
        if (!granted.info().equals(before.info()))
            for (ClientSubscription each : session.subscriptions().all())
                each.connectionInfo(granted.info());
        session.upkeep().renewed(session.nowNanos());
    }

    /** The server wants it. A time that has passed ends the connection. */
    static void byServer(Session session, long expireAtSeconds, Bytes info) {
        if (!session.isOpen()) return;
        int ttlSeconds = expireAtSeconds > 0 ? session.secondsUntil(expireAtSeconds) : 0;
        if (expireAtSeconds > 0 && ttlSeconds <= 0) {
            session.disconnect(Disconnect.EXPIRED);
            return;
        }
        renew(session, session.credentials().renewed(expireAtSeconds, info));
        session.push(new Push.Refresh(expireAtSeconds > 0, ttlSeconds));
    }

    /** The new token may allow less than the one before. */
    private static void endWhatIsNotAllowedAnyMore(Session session) {
        for (ClientSubscription subscription : session.subscriptions().all()) {
            boolean isAllowed =
                    !subscription.isByAccess
                            || Access.maySubscribe(
                                    session,
                                    session.credentials(),
                                    subscription.channel(),
                                    subscription.options());
            if (!isAllowed) session.unsubscribe(subscription.channel(), Unsubscribed.SERVER);
        }
    }

    /** The new token is for other server-side subscriptions than the connection has by the old. */
    private static boolean changesChannels(Session session, Credentials granted) {
        Set<String> now = granted.subscriptions().keySet();
        for (String channel : now) if (!session.subscriptions().has(channel)) return true;
        for (String channel : session.credentials().subscriptions().keySet()) {
            ClientSubscription before = session.subscription(channel);
            if (before != null && before.serverSide && !now.contains(channel)) return true;
        }
        return false;
    }

    static void subscription(Session session, Command.SubRefresh command) {
        if (command.channel().isEmpty()) {
            session.disconnect(Disconnect.BAD_REQUEST);
            return;
        }
        ClientSubscription subscription = session.subscription(command.channel());
        if (subscription == null) {
            session.refuse(command.id(), Refusal.PERMISSION_DENIED);
            return;
        }
        if (subscription.isRenewedByHook()) {
            session.disconnect(Disconnect.BAD_REQUEST);
            return;
        }
        if (command.token().isEmpty() || command.type() != 0) {
            session.refuse(command.id(), Refusal.BAD_REQUEST);
            return;
        }
        session.await(
                session.node()
                        .authenticator()
                        .subscribe(
                                command.token(),
                                command.channel(),
                                session.user(),
                                session.client()),
                verdict -> {
                    switch (verdict) {
                        case Verdict.Granted<SubscriptionGrant>(SubscriptionGrant grant) ->
                                refreshed(session, command.id(), subscription, grant);
                        case Verdict.Expired<SubscriptionGrant> _ ->
                                session.refuse(command.id(), Refusal.TOKEN_EXPIRED);
                        case Verdict.Missing<SubscriptionGrant> _,
                                Verdict.Forbidden<SubscriptionGrant> _ ->
                                session.refuse(command.id(), Refusal.PERMISSION_DENIED);
                        case Verdict.Invalid<SubscriptionGrant> _,
                                Verdict.Mismatched<SubscriptionGrant> _ ->
                                session.disconnect(Disconnect.INVALID_TOKEN);
                        case Verdict.Failed<SubscriptionGrant>(Fault why) ->
                                session.fail(command.id(), why);
                    }
                },
                () -> session.refuse(command.id(), Refusal.INTERNAL));
    }

    private static void refreshed(
            Session session, int id, ClientSubscription subscription, SubscriptionGrant grant) {
        boolean expires = grant.expireAtSeconds() > 0;
        int ttlSeconds = expires ? session.secondsUntil(grant.expireAtSeconds()) : 0;
        if (expires && ttlSeconds <= 0) {
            session.refuse(id, Refusal.EXPIRED);
            return;
        }
        if (session.node()
                .revocations()
                .cover(grant.token(), session.user(), subscription.channel())) {
            session.refuse(id, Refusal.TOKEN_EXPIRED);
            return;
        }
        subscription.grantedBy(grant);
        subscription.renewed(grant.expireAtSeconds(), grant.info());
        session.upkeep().lookAfter(subscription, session.nowNanos());
        session.reply(new Reply.SubRefresh(id, expires, ttlSeconds));
    }
}
