package dev.cardea.messaging.session;

import dev.cardea.messaging.auth.Authenticator.SubscriptionGrant;
import dev.cardea.messaging.hook.Hooks;
import dev.cardea.messaging.hub.ChannelOptions;
import dev.cardea.messaging.hub.Delivery;
import dev.cardea.messaging.hub.Subscription;
import dev.cardea.messaging.log.StreamSlice;
import dev.cardea.wire.centrifuge.ClientInfo;
import dev.cardea.wire.centrifuge.Publication;
import dev.cardea.wire.centrifuge.StreamPosition;
import dev.cardea.wire.centrifuge.SubscribeRequest;
import dev.cardea.wire.centrifuge.SubscribeResult;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One subscription that was granted, until it exists: register the cursor, follow, read what was
 * missed, enter presence, publish the join. Whoever began it then says so to the client, and lets
 * the cursor go.
 *
 * <p>The cursor is registered before anything is read, so nothing falls between what the reply
 * carries and what follows.
 */
final class Joining {
    /** Whose wish the subscription is. */
    enum Side {
        /** Commands behind wait until it is done. */
        CLIENT,
        /** Goes on beside the client's commands. */
        SERVER
    }

    /** Who began it. */
    interface Initiator {
        /** The subscription exists; its cursor moves once {@link #start} is called. */
        void joined(Joining joining, Recovery recovery);

        /** There is none. The connection may have ended. */
        void refused(Refusal why);
    }

    private final Session session;
    private final Node node;
    private final Side side;
    private final String channel;
    private final SubscribeRequest request;
    private final Granted granted;
    private final int replyBytes;
    private final Initiator initiator;
    private final Subscriptions subscriptions;
    private final Subscription reading;

    /** Renews what came without a token; null: nobody but the client. */
    private final Hooks.@Nullable SubRefresh renewal;

    /** What the broker has given of the stream's past; null: nothing was asked for. */
    private @Nullable StreamSlice missed;

    /** The server doesn't want it any more. */
    private @Nullable Unsubscribed unwanted;

    private Joining(
            Session session,
            Side side,
            SubscribeRequest request,
            Granted granted,
            Delivery delivery,
            int replyBytes,
            Initiator initiator) {
        this.session = session;
        this.node = session.node();
        this.side = side;
        this.channel = request.channel();
        this.request = request;
        this.granted = granted;
        this.replyBytes = replyBytes;
        this.initiator = initiator;
        this.subscriptions = session.subscriptions();
        this.renewal =
                request.token().isEmpty()
                        ? node.hooks().subRefresh(channel, granted.options())
                        : null;
        this.reading =
                node.hub()
                        .subscribe(
                                channel,
                                granted.options(),
                                delivery,
                                granted.wanted(session.encoding()),
                                session.nowNanos());
    }

    /**
     * The session isn't subscribed to the channel, nor about to be.
     *
     * @param replyBytes of recovered publications that the reply has room for
     */
    static void begin(
            Session session,
            Side side,
            ChannelOptions options,
            SubscribeRequest request,
            SubscriptionGrant grant,
            int replyBytes,
            Initiator initiator) {
        Access access = Access.ofSubscriber(session, request.channel(), options, grant.allow());
        Delivery delivery = session.output().deliveryFor(request.channel());
        Granted asked = Granted.of(options, request, grant, access, session.encoding());
        Granted granted =
                session.output().lanes().isLossy(delivery) ? asked.withoutStream() : asked;
        Joining joining =
                new Joining(session, side, request, granted, delivery, replyBytes, initiator);
        joining.subscriptions.coming(joining);
        joining.follow();
    }

    String channel() {
        return channel;
    }

    /** Ends the subscription as soon as it is there. */
    void endAtOnce(Unsubscribed why) {
        if (unwanted == null) unwanted = why;
    }

    private boolean isOver() {
        return !session.admitsTo(subscriptions);
    }

    private <T> void await(CompletionStage<T> stage, Consumer<T> then) {
        await(stage, then, () -> giveUp(Refusal.INTERNAL));
    }

    private <T> void await(CompletionStage<T> stage, Consumer<T> then, Runnable otherwise) {
        switch (side) {
            case CLIENT -> session.await(stage, then, otherwise);
            case SERVER -> session.awaitAside(stage, then, otherwise);
        }
    }

    private void follow() {
        await(node.broker().follow(channel, granted.options()), _ -> readMissed());
    }

    private void readMissed() {
        if (isOver()) {
            giveUp(Refusal.INTERNAL);
        } else if (!granted.positioned()) {
            admit(Recovery.none(request, new StreamPosition(0, "")));
        } else {
            int limit = node.options().recoveryMaxPublicationLimit();
            await(
                    node.broker()
                            .history(
                                    channel,
                                    granted.options(),
                                    Recovery.query(granted, request, limit)),
                    slice -> {
                        missed = slice;
                        admit(Recovery.of(granted, request, slice, replyBytes));
                    });
        }
    }

    private void admit(Recovery recovery) {
        if (isOver()) {
            giveUp(Refusal.INTERNAL);
            return;
        }
        if (granted.recovers(request)) node.counters().recovery(recovery.recovered());
        if (isRefused(recovery)) {
            giveUp(Refusal.UNRECOVERABLE_POSITION);
            return;
        }
        ClientInfo info =
                new ClientInfo(
                        session.user(),
                        session.client(),
                        session.credentials().info(),
                        granted.grant().info());
        if (!granted.presence()) {
            finish(recovery, info);
            return;
        }
        await(
                node.broker().addPresence(channel, info),
                _ -> finish(recovery, info),
                () -> {
                    leavePresence(); // it may have been added all the same
                    giveUp(Refusal.INTERNAL);
                });
    }

    private void leavePresence() {
        node.broker().removePresence(channel, session.client());
    }

    /** The client would rather hear an error than begin anew. */
    private boolean isRefused(Recovery recovery) {
        boolean refuses = (request.flag() & SubscribeRequest.FLAG_REFUSE_UNRECOVERED) != 0;
        return refuses && granted.recovers(request) && !granted.isCache() && !recovery.recovered();
    }

    private void finish(Recovery recovery, ClientInfo info) {
        if (isOver()) {
            if (granted.presence()) leavePresence();
            giveUp(Refusal.INTERNAL);
            return;
        }
        if (granted.positioned()) readOnFrom(recovery.deliveredTo(), recovery);
        if (!recovery.publications().isEmpty())
            reading.cursor().repliedWith(recovery.publications().getLast().offset());
        subscriptions.came(this);
        ClientSubscription subscription =
                new ClientSubscription(
                        reading,
                        info,
                        side == Side.SERVER,
                        granted.positioned(),
                        granted.recoverable(),
                        granted.presence(),
                        granted.joinLeave(),
                        recovery.top().epoch(),
                        renewal,
                        granted.grant().expireAtSeconds());
        subscription.grantedBy(granted.grant());
        session.add(subscription);
        if (granted.joinLeave())
            JoinLeave.joined(node, session.shard(), channel, granted.options(), info);
        initiator.joined(this, recovery);
    }

    /** The client has been told, or the message to it is queued: publications may follow. */
    void start() {
        session.output().start(reading);
        if (unwanted != null) SubscriptionEnd.pushed(session, channel, unwanted);
    }

    /**
     * What the recovery found follows as publications instead of going into a reply. Before {@link
     * #start}. Returns the offset that the client stands at.
     */
    long deliverRecovered(Recovery recovery) {
        if (!granted.positioned()) return 0;
        long from =
                recovery.publications().isEmpty()
                        ? recovery.deliveredTo()
                        : recovery.publications().getFirst().offset() - 1;
        readOnFrom(from, recovery);
        reading.cursor().repliedWith(0); // none of them
        return from;
    }

    /** What lies behind follows, from the log; a replica that is new doesn't have it yet. */
    private void readOnFrom(long offset, Recovery recovery) {
        long top = recovery.top().offset();
        if (offset != top && missed != null && recovery.recovered())
            reading.backfill(missed, session.nowNanos());
        reading.cursor().recoveredTo(offset, top);
    }

    Granted granted() {
        return granted;
    }

    /** For a reply, with what was recovered in it. */
    SubscribeResult result(Recovery recovery) {
        return result(recovery, recovery.offset(), recovery.publications());
    }

    /** For a reply, with what was recovered behind it. */
    SubscribeResult resultAhead(Recovery recovery) {
        return result(recovery, deliverRecovered(recovery), List.of());
    }

    private SubscribeResult result(Recovery recovery, long offset, List<Publication> publications) {
        long expireAt = renewal == null ? granted.grant().expireAtSeconds() : 0;
        return new SubscribeResult(
                expireAt > 0,
                expireAt > 0 ? session.secondsUntil(expireAt) : 0,
                granted.recoverable(),
                granted.positioned() ? recovery.top().epoch() : "",
                granted.deltas() == null
                        ? publications
                        : granted.deltas().form().chain(publications),
                recovery.recovered(),
                granted.positioned() ? offset : 0,
                granted.positioned(),
                granted.grant().data(),
                recovery.wasRecovering(),
                granted.deltas() != null);
    }

    private void giveUp(Refusal refusal) {
        subscriptions.came(this);
        node.hub().unsubscribe(reading, session.nowNanos());
        session.output().lanes().close(reading.delivery());
        node.broker().unfollow(channel);
        initiator.refused(refusal);
    }
}
