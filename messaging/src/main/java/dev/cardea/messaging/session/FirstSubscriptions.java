package dev.cardea.messaging.session;

import dev.cardea.messaging.auth.Authenticator.Credentials;
import dev.cardea.messaging.auth.Authenticator.SubscriptionGrant;
import dev.cardea.messaging.hub.ChannelOptions;
import dev.cardea.wire.centrifuge.Command;
import dev.cardea.wire.centrifuge.StreamPosition;
import dev.cardea.wire.centrifuge.SubscribeRequest;
import dev.cardea.wire.centrifuge.SubscribeResult;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The server-side subscriptions that a connection begins with: those of its token or hook, its
 * user's personal channel, and those that the client asks for and might subscribe to anyway. They
 * are made side by side; the connect reply tells of all, or of none.
 */
final class FirstSubscriptions implements Joining.Initiator {
    interface Opened {
        /**
         * All are made.
         *
         * @param start lets their cursors move
         */
        void opened(Map<String, SubscribeResult> subscriptions, Runnable start);
    }

    private final Session session;
    private final Node node;
    private final Command.Connect command;
    private final Opened opened;
    private final Map<String, ChannelOptions> options = new HashMap<>();
    private final Map<String, SubscribeResult> results = new HashMap<>();
    private final List<Joining> made = new ArrayList<>();
    private int awaited = 1;
    private boolean holds;
    private @Nullable Refusal failure;

    FirstSubscriptions(Session session, Command.Connect command, Opened opened) {
        this.session = session;
        this.node = session.node();
        this.command = command;
        this.opened = opened;
    }

    void begin() {
        Credentials credentials = session.credentials();
        Map<String, SubscriptionGrant> grants = credentials.subscriptions();
        String personal = personalChannel(credentials.user());
        if (personal != null || !command.subs().isEmpty()) {
            grants = new HashMap<>(grants);
            if (personal != null) grants.putIfAbsent(personal, SubscriptionGrant.PLAIN);
        }
        for (String channel : grants.keySet()) {
            ChannelOptions known = node.namespaces().of(channel);
            if (known == null || channel.isEmpty()) {
                Admission.refuseEntry(session, command.id(), Refusal.UNKNOWN_CHANNEL);
                return;
            }
            options.put(channel, known);
        }
        if (mayAsk(credentials) && !addAsked(grants)) {
            session.disconnect(Disconnect.BAD_REQUEST);
        } else if (grants.size() > node.options().channelLimit()) {
            session.disconnect(Disconnect.CHANNEL_LIMIT);
        } else {
            join(grants);
        }
    }

    private @Nullable String personalChannel(String user) {
        ClientOptions.PersonalChannel personal = node.options().personalChannel();
        return personal.enabled() && !user.isEmpty() ? personal.of(user) : null;
    }

    /** A hook that let the client in without a token has the last word. */
    private boolean mayAsk(Credentials credentials) {
        if (command.subs().isEmpty()) return false;
        return !command.token().isEmpty() || credentials.equals(Credentials.ANONYMOUS);
    }

    /** Returns false if the client asks for what can't be. */
    private boolean addAsked(Map<String, SubscriptionGrant> grants) {
        for (String channel : command.subs().keySet()) {
            if (grants.containsKey(channel)) continue;
            if (channel.isEmpty() || channel.length() > node.options().channelMaxLength())
                return false;
            ChannelOptions known = node.namespaces().of(channel);
            if (known == null) return false;
            boolean mayHave =
                    node.namespaces().isValid(channel, known)
                            && node.hooks().subscribe(channel, known) == null
                            && Access.maySubscribe(session, session.credentials(), channel, known);
            if (!mayHave) continue; // passed over, as Centrifugo does
            grants.put(channel, SubscriptionGrant.PLAIN);
            options.put(channel, known);
        }
        return true;
    }

    private void join(Map<String, SubscriptionGrant> grants) {
        int replyBytes = Recovery.MAX_REPLY_BYTES / Math.max(1, grants.size());
        awaited += grants.size();
        grants.forEach((channel, grant) -> {
            ChannelOptions known = options.get(channel);
            if (known == null) throw new IllegalStateException(channel);
            Joining.begin(
                    session, Joining.Side.SERVER, known, request(channel), grant, replyBytes, this);
        });
        if (awaited > 1) {
            session.input().hold();
            holds = true;
        }
        oneLess();
    }

    private SubscribeRequest request(String channel) {
        SubscribeRequest asked = command.subs().get(channel);
        // What the client's transport has kept is newer than what it says itself.
        StreamPosition known = session.known().in(channel);
        if (known != null) return ServerSubscribe.recover(channel, known);
        if (asked == null || !asked.recover()) return SubscribeRequest.to(channel);
        return ServerSubscribe.recover(channel, new StreamPosition(asked.offset(), asked.epoch()));
    }

    @Override
    public void joined(Joining joining, Recovery recovery) {
        made.add(joining);
        boolean follows = session.known().in(joining.channel()) != null;
        results.put(
                joining.channel(),
                follows ? joining.resultAhead(recovery) : joining.result(recovery));
        oneLess();
    }

    @Override
    public void refused(Refusal why) {
        failure = why;
        oneLess();
    }

    private void oneLess() {
        if (--awaited > 0) return;
        session.forgetKnown();
        if (failure != null) Admission.refuseEntry(session, command.id(), failure);
        else opened.opened(results, () -> made.forEach(Joining::start));
        if (holds) session.input().release();
    }
}
