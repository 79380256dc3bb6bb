package dev.cardea.messaging.session;

import dev.cardea.messaging.auth.Authenticator.SubscriptionGrant;
import dev.cardea.messaging.auth.Fault;
import dev.cardea.messaging.auth.Verdict;
import dev.cardea.messaging.hook.Hooks;
import dev.cardea.messaging.hub.ChannelOptions;
import dev.cardea.wire.centrifuge.Command;
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
        } else if (isOpenTo(session, channel, options)) {
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
        if (!ChannelNames.isValid(channel, options)) return Refusal.BAD_REQUEST;
        if (request.tf() != null) return Refusal.BAD_REQUEST; // no namespace allows a tags filter
        if (request.type() != 0) return Refusal.PERMISSION_DENIED;
        return null;
    }

    /** Whether the namespace alone lets the client in, without a token or a hook. */
    static boolean isOpenTo(Session session, String channel, ChannelOptions options) {
        if (Namespaces.isPrivate(channel)) return false;
        ChannelOptions.Permissions may = options.permissions();
        boolean permitted =
                may.subscribeForClient()
                        && (!session.user().isEmpty() || may.subscribeForAnonymous());
        return permitted || session.node().options().insecure();
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
        session.reply(new Reply.Subscribe(id, joining.result(recovery)));
        joining.start();
    }

    @Override
    public void refused(Refusal why) {
        session.refuse(id, why);
    }
}
