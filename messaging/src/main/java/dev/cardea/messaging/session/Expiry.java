package dev.cardea.messaging.session;

import dev.cardea.messaging.auth.Fault;
import dev.cardea.messaging.hook.Answer;
import dev.cardea.messaging.hook.Hooks;
import dev.cardea.messaging.hook.Hooks.Renewal;
import dev.cardea.wire.Bytes;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * When a connection and its subscriptions end, and who is asked before. What the client renews with
 * a token has a time of grace behind its expiry; what a hook renews is asked for at the expiry, and
 * ends when the grace is over without an answer.
 */
final class Expiry {
    private static final long NEVER = Heartbeat.NEVER;

    /**
     * A backend that can't be reached is asked again after so long; nobody loses by its failure.
     */
    private static final long ASKED_AGAIN_SECONDS = 60;

    private final Session session;
    private final ClientOptions options;
    private boolean isBeingRenewed;

    Expiry(Session session) {
        this.session = session;
        this.options = session.node().options();
    }

    private Hooks hooks() {
        return session.node().hooks();
    }

    // ---- when ----

    /** The connection has expired, and nobody has renewed it in time. */
    boolean isOver(long nowNanos) {
        return nowNanos >= endNanos(nowNanos);
    }

    private long endNanos(long nowNanos) {
        return nanos(
                session.credentials().expireAtSeconds(),
                options.expiredCloseDelayNanos(),
                nowNanos);
    }

    /** When something is to be done about the connection's expiry. */
    long nanos(long nowNanos) {
        boolean asks = hooks().refresh() != null && !isBeingRenewed;
        return asks
                ? nanos(session.credentials().expireAtSeconds(), 0, nowNanos)
                : endNanos(nowNanos);
    }

    /** When something is to be done about the expiry of some subscription. */
    long firstNanos(Subscriptions subscriptions, long nowNanos) {
        long first = NEVER;
        for (ClientSubscription subscription : subscriptions.view()) {
            if (subscription.expireAtSeconds == 0 || subscription.isEnding()) continue;
            boolean asks = subscription.isRenewedByHook() && !subscription.isBeingRenewed;
            long grace = asks ? 0 : options.expiredSubCloseDelayNanos();
            first = Math.min(first, nanos(subscription.expireAtSeconds, grace, nowNanos));
        }
        return first;
    }

    /** When this one ends. */
    long nanosOf(ClientSubscription subscription, long nowNanos) {
        return nanos(subscription.expireAtSeconds, options.expiredSubCloseDelayNanos(), nowNanos);
    }

    private long nanos(long expireAtSeconds, long graceNanos, long nowNanos) {
        if (expireAtSeconds <= 0) return NEVER;
        // Far enough is never; a connection doesn't live that long, and the sums below can't
        // overflow.
        long unixMillis = session.node().unixMillis().getAsLong();
        if (expireAtSeconds - unixMillis / 1000 > 1L << 32) return NEVER;
        return nowNanos + (expireAtSeconds * 1000 - unixMillis) * 1_000_000 + graceNanos;
    }

    // ---- hooks ----

    void askHooks(Subscriptions subscriptions, long nowNanos) {
        Hooks.Refresh refresh = hooks().refresh();
        long expiresNanos = nanos(session.credentials().expireAtSeconds(), 0, nowNanos);
        if (refresh != null && !isBeingRenewed && nowNanos >= expiresNanos) renew(refresh);
        if (nowNanos < firstNanos(subscriptions, nowNanos)) return;
        for (ClientSubscription subscription : subscriptions.all()) {
            Hooks.SubRefresh hook = subscription.renewal;
            if (hook == null || subscription.isBeingRenewed || subscription.isEnding()) continue;
            if (nowNanos >= nanos(subscription.expireAtSeconds, 0, nowNanos))
                renew(subscription, hook);
        }
    }

    private void renew(Hooks.Refresh hook) {
        isBeingRenewed = true;
        ask(
                hook.renew(session.caller()),
                renewal -> {
                    isBeingRenewed = false;
                    if (isPast(renewal)) session.disconnect(Disconnect.EXPIRED);
                    else
                        RefreshFlow.renew(
                                session,
                                session.credentials()
                                        .renewed(renewal.expireAtSeconds(), info(renewal)));
                });
    }

    private void renew(ClientSubscription subscription, Hooks.SubRefresh hook) {
        subscription.isBeingRenewed = true;
        ask(
                hook.renew(session.caller(), subscription.channel()),
                renewal -> {
                    subscription.isBeingRenewed = false;
                    if (!session.subscriptions().has(subscription) || subscription.isEnding())
                        return;
                    if (isPast(renewal)) {
                        SubscriptionEnd.forExpiry(session, subscription);
                    } else {
                        subscription.renewed(renewal.expireAtSeconds(), info(renewal));
                        session.upkeep().lookAfter(subscription, session.nowNanos());
                    }
                });
    }

    private void ask(CompletionStage<Answer<Renewal>> asked, Consumer<Renewal> then) {
        Runnable again = () -> then.accept(new Renewal(false, inAMinute(), null));
        session.awaitAside(
                asked,
                answer -> {
                    if (!session.isOpen()) return;
                    switch (answer) {
                        case Answer.Given<Renewal>(Renewal renewal) -> then.accept(renewal);
                        case Answer.Failed<Renewal>(Fault.End(int code, String reason)) ->
                                session.disconnect(new Disconnect(code, reason));
                        case Answer.Failed<Renewal>(Fault.Error _) -> again.run();
                    }
                },
                () -> {
                    if (session.isOpen()) again.run();
                });
    }

    private long inAMinute() {
        return session.node().unixMillis().getAsLong() / 1000 + ASKED_AGAIN_SECONDS;
    }

    private boolean isPast(Renewal renewal) {
        long at = renewal.expireAtSeconds();
        return renewal.expired() || (at > 0 && session.secondsUntil(at) <= 0);
    }

    private static Bytes info(Renewal renewal) {
        return renewal.info() == null ? Bytes.EMPTY : renewal.info();
    }
}
