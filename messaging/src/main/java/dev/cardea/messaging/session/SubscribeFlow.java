package dev.cardea.messaging.session;

import dev.cardea.messaging.auth.Authenticator.SubscriptionGrant;
import dev.cardea.messaging.auth.Fault;
import dev.cardea.messaging.auth.TokenId;
import dev.cardea.messaging.auth.Verdict;
import dev.cardea.messaging.filter.TagsFilter;
import dev.cardea.messaging.hook.Hooks;
import dev.cardea.messaging.hub.ChannelOptions;
import dev.cardea.wire.centrifuge.Command;
import dev.cardea.wire.centrifuge.FilterNode;
import dev.cardea.wire.centrifuge.Reply;
import dev.cardea.wire.centrifuge.SubscribeRequest;
import org.jspecify.annotations.Nullable;

/** One subscribe command from its checks to its reply: validate, permit, join, reply. */
final class SubscribeFlow implements Joining.Initiator {
    private final Session session;
    private final Node node;
    private final int id;
    private final SubscribeRequest request;
    private final String channel;

    /** Neither a subscription token nor a hook has let the client in. */
    private boolean isByAccess;

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

    /** A private channel needs a token, and a user-limited one says itself whom it is for. */
    private void askHook(ChannelOptions options) {
        Namespaces namespaces = node.namespaces();
        boolean mayAsk =
                !namespaces.isPrivate(channel) && !namespaces.isUserLimited(channel, options);
        Hooks.Subscribe hook = mayAsk ? node.hooks().subscribe(channel, options) : null;
        if (hook != null) {
            session.ask(
                    id, hook.judge(session.caller(), request), grant -> granted(options, grant));
        } else if (Access.maySubscribe(session, session.credentials(), channel, options)) {
            isByAccess = true;
            register(options, SubscriptionGrant.PLAIN);
        } else {
            session.refuse(id, Refusal.PERMISSION_DENIED);
        }
    }

    private @Nullable Refusal refusal(@Nullable ChannelOptions options) {
        if (channel.length() > node.options().channelMaxLength()) return Refusal.BAD_REQUEST;
        if (session.subscriptions().has(channel)) return Refusal.ALREADY_SUBSCRIBED;
        if (session.subscriptions().size() >= node.options().channelLimit())
            return Refusal.LIMIT_EXCEEDED;
        if (options == null) return Refusal.UNKNOWN_CHANNEL;
        if (!node.namespaces().isValid(channel, options)) return Refusal.BAD_REQUEST;
        if (request.tf() != null && !isAllowed(request.tf(), options)) return Refusal.BAD_REQUEST;
        if (request.type() != 0) return Refusal.PERMISSION_DENIED;
        return null;
    }

    private static boolean isAllowed(FilterNode filter, ChannelOptions options) {
        return options.bandwidth().allowsTagsFilter() && TagsFilter.of(filter) != null;
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
        } else if (isRevoked(grant.token())) {
            session.refuse(id, Refusal.TOKEN_EXPIRED);
        } else {
            register(options, grant);
        }
    }

    private boolean isRevoked(TokenId token) {
        return node.revocations().cover(token, session.user(), channel);
    }

    private void register(ChannelOptions options, SubscriptionGrant grant) {
        if (session.isOpen())
            Joining.begin(
                    session,
                    Joining.Side.CLIENT,
                    options,
                    request,
                    grant,
                    Recovery.MAX_REPLY_BYTES,
                    this);
    }

    @Override
    public void joined(Joining joining, Recovery recovery) {
        ClientSubscription subscription = session.subscription(channel);
        if (subscription != null) subscription.isByAccess = isByAccess;
        session.reply(new Reply.Subscribe(id, joining.result(recovery)));
        joining.start();
        // Revoked meanwhile, by somebody who didn't find the subscription yet.
        if (isRevoked(joining.granted().grant().token())) {
            session.unsubscribe(channel, Unsubscribed.EXPIRED);
        }
    }

    @Override
    public void refused(Refusal why) {
        session.refuse(id, why);
    }
}
