package dev.cardea.messaging.session;

import dev.cardea.messaging.auth.Authenticator.SubscriptionGrant;
import dev.cardea.messaging.auth.Fault;
import dev.cardea.messaging.auth.Verdict;
import dev.cardea.messaging.hook.Hooks;
import dev.cardea.messaging.hub.ChannelOptions;
import dev.cardea.messaging.hub.Subscription;
import dev.cardea.wire.centrifuge.ClientInfo;
import dev.cardea.wire.centrifuge.Command;
import dev.cardea.wire.centrifuge.Reply;
import dev.cardea.wire.centrifuge.StreamPosition;
import dev.cardea.wire.centrifuge.SubscribeRequest;
import dev.cardea.wire.centrifuge.SubscribeResult;
import org.jspecify.annotations.Nullable;

/**
 * One subscribe command from its checks to its reply: validate, permit, register the cursor,
 * follow, read what was missed, join, reply, and let the cursor go.
 *
 * <p>The cursor is registered before anything is read, so nothing falls between what the reply
 * carries and what follows.
 */
final class SubscribeFlow {
    private final Session session;
    private final Node node;
    private final int id;
    private final SubscribeRequest request;
    private final String channel;

    SubscribeFlow(Session session, Command.Subscribe command) {
        this.session = session;
        this.node = session.node();
        this.id = command.id();
        this.request = command.request();
        this.channel = request.channel();
    }

    void begin(long nowNanos) {
        if (channel.isEmpty() || !(request.delta().isEmpty() || request.delta().equals("fossil"))) {
            session.disconnect(Disconnect.BAD_REQUEST);
            return;
        }
        ChannelOptions options = node.namespaces().of(channel);
        Refusal refusal = refusal(options);
        if (refusal != null || options == null)
            session.refuse(id, refusal == null ? Refusal.UNKNOWN_CHANNEL : refusal);
        else if (!request.token().isEmpty()) askToken(options);
        else askHook(options);
    }

    private void askHook(ChannelOptions options) {
        Hooks.Subscribe hook = node.hooks().subscribe(channel, options);
        if (hook != null) {
            session.ask(
                    id, hook.judge(session.caller(), request), grant -> granted(options, grant));
        } else if (isOpenToClient(options)) {
            register(options, SubscriptionGrant.PLAIN);
        } else {
            session.refuse(id, Refusal.PERMISSION_DENIED);
        }
    }

    private @Nullable Refusal refusal(@Nullable ChannelOptions options) {
        if (channel.length() > node.options().channelMaxLength()) return Refusal.BAD_REQUEST;
        if (session.subscription(channel) != null) return Refusal.ALREADY_SUBSCRIBED;
        if (session.subscriptions().size() >= node.options().channelLimit())
            return Refusal.LIMIT_EXCEEDED;
        if (options == null) return Refusal.UNKNOWN_CHANNEL;
        if (!ChannelNames.isValid(channel, options)) return Refusal.BAD_REQUEST;
        if (request.tf() != null) return Refusal.BAD_REQUEST; // no namespace allows a tags filter
        if (request.type() != 0) return Refusal.PERMISSION_DENIED;
        return null;
    }

    private boolean isOpenToClient(ChannelOptions options) {
        if (Namespaces.isPrivate(channel)) return false;
        ChannelOptions.Permissions may = options.permissions();
        boolean permitted =
                may.subscribeForClient()
                        && (!session.user().isEmpty() || may.subscribeForAnonymous());
        return permitted || node.options().insecure();
    }

    private void askToken(ChannelOptions options) {
        session.await(
                node.authenticator()
                        .subscribe(request.token(), channel, session.user(), session.client()),
                verdict -> {
                    switch (verdict) {
                        case Verdict.Granted(SubscriptionGrant grant) -> granted(options, grant);
                        case Verdict.Expired<?> _ -> session.refuse(id, Refusal.TOKEN_EXPIRED);
                        case Verdict.Invalid<?> _, Verdict.Missing<?> _, Verdict.Forbidden<?> _ ->
                                session.refuse(id, Refusal.PERMISSION_DENIED);
                        case Verdict.Mismatched<?> _ ->
                                session.disconnect(Disconnect.INVALID_TOKEN);
                        case Verdict.Failed<?>(Fault why) -> session.fail(id, why);
                    }
                },
                () -> session.refuse(id, Refusal.INTERNAL));
    }

    private void granted(ChannelOptions options, SubscriptionGrant grant) {
        if (grant.expireAtSeconds() > 0 && session.secondsUntil(grant.expireAtSeconds()) <= 0) {
            session.refuse(id, Refusal.EXPIRED);
        } else {
            register(options, grant);
        }
    }

    private void register(ChannelOptions options, SubscriptionGrant grant) {
        if (!session.isOpen()) return;
        Granted granted = Granted.of(options, request, grant);
        Subscription reading =
                node.hub()
                        .subscribe(
                                channel,
                                options,
                                session.delivery(),
                                session.encoding(),
                                granted.joinLeavePushes(),
                                session.nowNanos());
        session.await(
                node.broker().follow(channel, options),
                _ -> readMissed(reading, granted),
                () -> giveUp(reading, Refusal.INTERNAL));
    }

    private void readMissed(Subscription reading, Granted granted) {
        if (!session.isOpen()) {
            giveUp(reading, Refusal.INTERNAL);
        } else if (!granted.positioned()) {
            admit(reading, granted, Recovery.none(request, new StreamPosition(0, "")));
        } else {
            int limit = node.options().recoveryMaxPublicationLimit();
            session.await(
                    node.broker()
                            .history(
                                    channel,
                                    granted.options(),
                                    Recovery.query(granted, request, limit)),
                    slice -> admit(reading, granted, Recovery.of(granted, request, slice)),
                    () -> giveUp(reading, Refusal.INTERNAL));
        }
    }

    private void admit(Subscription reading, Granted granted, Recovery recovery) {
        if (!session.isOpen()) {
            giveUp(reading, Refusal.INTERNAL);
            return;
        }
        if (granted.recovers(request)) node.counters().recovery(recovery.recovered());
        if (isRefused(granted, recovery)) {
            giveUp(reading, Refusal.UNRECOVERABLE_POSITION);
            return;
        }
        ClientInfo info =
                new ClientInfo(
                        session.user(),
                        session.client(),
                        session.credentials().info(),
                        granted.grant().info());
        if (!granted.presence()) {
            finish(reading, granted, recovery, info);
            return;
        }
        session.await(
                node.broker().addPresence(channel, info),
                _ -> finish(reading, granted, recovery, info),
                () -> {
                    node.broker()
                            .removePresence(
                                    channel,
                                    session.client()); // it may have been added all the same
                    giveUp(reading, Refusal.INTERNAL);
                });
    }

    /** The client would rather hear an error than begin anew. */
    private boolean isRefused(Granted granted, Recovery recovery) {
        boolean refuses = (request.flag() & SubscribeRequest.FLAG_REFUSE_UNRECOVERED) != 0;
        return refuses && granted.recovers(request) && !granted.isCache() && !recovery.recovered();
    }

    private void finish(Subscription reading, Granted granted, Recovery recovery, ClientInfo info) {
        if (!session.isOpen()) {
            if (granted.presence()) node.broker().removePresence(channel, session.client());
            giveUp(reading, Refusal.INTERNAL);
            return;
        }
        if (granted.positioned())
            reading.cursor().recoveredTo(recovery.deliveredTo(), recovery.top().offset());
        session.add(
                new ClientSubscription(
                        reading,
                        info,
                        granted.positioned(),
                        granted.presence(),
                        granted.joinLeave(),
                        recovery.top().epoch(),
                        granted.grant().expireAtSeconds()));
        if (granted.joinLeave()) node.broker().publishJoin(channel, granted.options(), info);
        session.reply(new Reply.Subscribe(id, result(granted, recovery)));
        session.delivery().start(reading); // behind the reply
    }

    private SubscribeResult result(Granted granted, Recovery recovery) {
        long expireAt = granted.grant().expireAtSeconds();
        return new SubscribeResult(
                expireAt > 0,
                expireAt > 0 ? session.secondsUntil(expireAt) : 0,
                granted.recoverable(),
                granted.positioned() ? recovery.top().epoch() : "",
                recovery.publications(),
                recovery.recovered(),
                granted.positioned() ? recovery.offset() : 0,
                granted.positioned(),
                granted.grant().data(),
                recovery.wasRecovering(),
                false);
    }

    private void giveUp(Subscription reading, Refusal refusal) {
        node.hub().unsubscribe(reading, session.nowNanos());
        node.broker().unfollow(channel);
        session.refuse(id, refusal);
    }
}
