package dev.cardea.messaging.session;

import dev.cardea.messaging.hub.TimerWheel;
import dev.cardea.wire.centrifuge.Reply;

/**
 * What a session does because time has passed: pings, expiry, presence, position checks, timeouts.
 * One timer for all of it.
 *
 * <p>The timer is only ever moved forward, which costs nothing; when it fires too early, it looks
 * what comes next.
 */
final class Upkeep extends TimerWheel.Timer {
    private static final long NEVER = Heartbeat.NEVER;

    /** A command that waits longer than this for the broker or authenticator won't be answered. */
    private static final long PENDING_LIMIT_NANOS = 30_000_000_000L;

    private static final long RETRY_NANOS = 1_000_000_000;

    private final Session session;
    private final ClientOptions options;
    private final Heartbeat heartbeat;
    private final Expiry expiry;
    private final WriteProgress progress = new WriteProgress();
    private long pendingUntilNanos = NEVER;
    private long presenceAtNanos = NEVER;
    private long positionCheckAtNanos = NEVER;

    Upkeep(Session session) {
        this.session = session;
        this.options = session.node().options();
        this.expiry = new Expiry(session);
        this.heartbeat =
                new Heartbeat(
                        options.pingIntervalNanos(),
                        options.pongTimeoutNanos(),
                        session.direction() != Direction.DOWN);
    }

    Heartbeat heartbeat() {
        return heartbeat;
    }

    /** The connection is open. */
    void begin(long nowNanos) {
        heartbeat.begin(nowNanos, session.node().random());
        presenceAtNanos = nowNanos + options.presenceUpdateIntervalNanos();
        long checkDelay = options.channelPositionCheckDelayNanos();
        if (checkDelay > 0) positionCheckAtNanos = nowNanos + checkDelay;
        wakeBy(nextNanos(nowNanos));
    }

    void lookAfter(ClientSubscription subscription, long nowNanos) {
        if (subscription.presence) wakeBy(presenceAtNanos);
        if (subscription.positioned) wakeBy(positionCheckAtNanos);
        wakeBy(expiry.nanosOf(subscription, nowNanos));
    }

    /** The connection lives for longer. */
    void renewed(long nowNanos) {
        wakeBy(expiry.nanos(nowNanos));
    }

    /** Pings now rather than later. */
    void ping(long nowNanos) {
        if (heartbeat.pingEarly(nowNanos)) session.reply(new Reply.Ping());
        wakeBy(heartbeat.deadlineNanos());
    }

    void pingSent(long nowNanos) {
        heartbeat.sent(nowNanos);
        wakeBy(heartbeat.deadlineNanos());
    }

    /** We stop reading, or read again. */
    void readsPaused(boolean paused, long nowNanos) {
        if (paused) {
            heartbeat.readsPaused();
        } else {
            heartbeat.readsResumed(nowNanos);
            wakeBy(heartbeat.deadlineNanos());
        }
    }

    /** The peer stopped taking bytes. */
    void stalled(long nowNanos) {
        progress.begin(session.outlet().takenBytes(), nowNanos + writeTimeoutNanos());
        wakeBy(progress.deadlineNanos());
    }

    void flows() {
        progress.end();
    }

    /** A command waits for somebody else. */
    void pending(long nowNanos) {
        pendingUntilNanos = nowNanos + PENDING_LIMIT_NANOS;
        wakeBy(pendingUntilNanos);
    }

    void notPending() {
        pendingUntilNanos = NEVER;
    }

    long writeTimeoutNanos() {
        return session.subscriptions().hasPatient()
                ? options.slowConsumerTimeoutNanos()
                : options.writeTimeoutNanos();
    }

    void wakeBy(long deadlineNanos) {
        if (deadlineNanos == NEVER || session.state() instanceof State.Closed) return;
        if (isSet() && deadlineNanos() <= deadlineNanos) return;
        session.shard().timers().set(this, deadlineNanos);
    }

    void end() {
        session.shard().timers().cancel(this);
    }

    /** What is due is tried again if it throws, but not with every tick. */
    @Override
    protected void expired(long nowNanos) {
        try {
            doWhatIsDue(nowNanos);
            wakeBy(nextNanos(nowNanos));
        } catch (RuntimeException | AssertionError e) {
            wakeBy(nowNanos + RETRY_NANOS);
            throw e;
        }
    }

    private void doWhatIsDue(long nowNanos) {
        if (progress.isStuck(session.outlet().takenBytes(), nowNanos, writeTimeoutNanos()))
            session.disconnect(Disconnect.WRITE_ERROR);
        switch (session.state()) {
            case State.Fresh(long deadlineNanos) -> closeStale(deadlineNanos, nowNanos);
            case State.Entering(_, long deadlineNanos, _) -> closeStale(deadlineNanos, nowNanos);
            case State.Refused(long deadlineNanos) -> closeStale(deadlineNanos, nowNanos);
            case State.Open(Subscriptions subscriptions) -> whileOpen(subscriptions, nowNanos);
            case State.Closing(Disconnect why, Subscriptions _, long deadlineNanos) -> {
                if (nowNanos >= deadlineNanos) ConnectionEnd.now(session, why);
            }
            case State.Closed _ -> {}
        }
    }

    private void closeStale(long deadlineNanos, long nowNanos) {
        if (nowNanos >= deadlineNanos) session.disconnect(Disconnect.STALE);
    }

    private void whileOpen(Subscriptions subscriptions, long nowNanos) {
        if (heartbeat.pongIsLate(nowNanos)) {
            session.disconnect(Disconnect.NO_PONG);
        } else if (nowNanos >= pendingUntilNanos) {
            session.disconnect(Disconnect.SERVER_ERROR);
        } else if (expiry.isOver(nowNanos)) {
            session.disconnect(Disconnect.EXPIRED);
        } else {
            expiry.askHooks(subscriptions, nowNanos);
            if (heartbeat.pingDue(nowNanos)) session.reply(new Reply.Ping());
            endExpired(subscriptions, nowNanos);
            renewPresence(subscriptions, nowNanos);
            checkPositions(nowNanos);
        }
    }

    private void endExpired(Subscriptions subscriptions, long nowNanos) {
        if (nowNanos < expiry.firstNanos(subscriptions, nowNanos)) return;
        for (ClientSubscription subscription : subscriptions.all()) {
            if (nowNanos >= expiry.nanosOf(subscription, nowNanos))
                SubscriptionEnd.forExpiry(session, subscription);
        }
    }

    private void renewPresence(Subscriptions subscriptions, long nowNanos) {
        if (nowNanos < presenceAtNanos) return;
        presenceAtNanos = nowNanos + options.presenceUpdateIntervalNanos();
        if (!subscriptions.hasPresent()) return;
        for (ClientSubscription subscription : subscriptions.all()) {
            if (subscription.presence)
                session.node().broker().addPresence(subscription.channel(), subscription.info);
        }
    }

    private void checkPositions(long nowNanos) {
        if (nowNanos < positionCheckAtNanos) return;
        positionCheckAtNanos = nowNanos + options.channelPositionCheckDelayNanos();
        PositionCheck.all(session);
    }

    private long nextNanos(long nowNanos) {
        long next = Math.min(progress.deadlineNanos(), stateNanos(nowNanos));
        return Math.min(next, pendingUntilNanos);
    }

    private long stateNanos(long nowNanos) {
        return switch (session.state()) {
            case State.Fresh(long deadlineNanos) -> deadlineNanos;
            case State.Entering(_, long deadlineNanos, _) -> deadlineNanos;
            case State.Refused(long deadlineNanos) -> deadlineNanos;
            case State.Closing(_, _, long deadlineNanos) -> deadlineNanos;
            case State.Open(Subscriptions subscriptions) -> openNanos(subscriptions, nowNanos);
            case State.Closed _ -> NEVER;
        };
    }

    private long openNanos(Subscriptions subscriptions, long nowNanos) {
        long next = heartbeat.deadlineNanos();
        if (subscriptions.hasPresent()) next = Math.min(next, presenceAtNanos);
        if (subscriptions.hasPositioned()) next = Math.min(next, positionCheckAtNanos);
        next = Math.min(next, expiry.nanos(nowNanos));
        return Math.min(next, expiry.firstNanos(subscriptions, nowNanos));
    }
}
