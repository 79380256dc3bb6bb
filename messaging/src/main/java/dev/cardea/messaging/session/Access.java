package dev.cardea.messaging.session;

import dev.cardea.messaging.auth.Authenticator.Credentials;
import dev.cardea.messaging.auth.Capability;
import dev.cardea.messaging.hub.ChannelOptions;
import dev.cardea.messaging.hub.ChannelOptions.Permissions;
import java.util.Set;

/**
 * What one client may do in a channel without asking anybody: what its namespace lets users do,
 * what the connection's token allows, and what the subscription's token allows. One of them is
 * enough.
 */
final class Access {
    private final Session session;
    private final String channel;
    private final Permissions namespace;
    private final boolean isSubscriber;
    private final Set<Capability> bySubscription;

    private Access(
            Session session,
            String channel,
            ChannelOptions options,
            boolean isSubscriber,
            Set<Capability> bySubscription) {
        this.session = session;
        this.channel = channel;
        this.namespace = options.permissions();
        this.isSubscriber = isSubscriber;
        this.bySubscription = bySubscription;
    }

    /** Of a client that asks something of the channel. */
    static Access to(Session session, String channel, ChannelOptions options) {
        ClientSubscription subscription = session.subscription(channel);
        return new Access(
                session,
                channel,
                options,
                subscription != null,
                subscription == null ? Set.of() : subscription.allowed());
    }

    /** Of a client that is about to be subscribed, with what its token allows. */
    static Access ofSubscriber(
            Session session, String channel, ChannelOptions options, Set<Capability> allowed) {
        return new Access(session, channel, options, true, allowed);
    }

    /**
     * Subscribing without a subscription token: none opens a private channel, and a user-limited
     * one is for its users, whatever the namespace lets others do.
     */
    static boolean maySubscribe(
            Session session, Credentials who, String channel, ChannelOptions options) {
        Namespaces namespaces = session.node().namespaces();
        if (namespaces.isPrivate(channel)) return false;
        if (session.node().options().insecure()) return true;
        if (who.capabilities().allow(Capability.SUBSCRIBE, channel)) return true;
        String user = who.user();
        if (namespaces.isUserLimited(channel, options)) return namespaces.isFor(user, channel);
        Permissions may = options.permissions();
        return may.subscribeForClient() && (!user.isEmpty() || may.subscribeForAnonymous());
    }

    boolean mayPublish() {
        return may(
                Capability.PUBLISH,
                namespace.publishForClient(),
                namespace.publishForSubscriber(),
                namespace.publishForAnonymous());
    }

    boolean mayReadHistory() {
        return may(
                Capability.HISTORY,
                namespace.historyForClient(),
                namespace.historyForSubscriber(),
                namespace.historyForAnonymous());
    }

    boolean maySeePresence() {
        return may(
                Capability.PRESENCE,
                namespace.presenceForClient(),
                namespace.presenceForSubscriber(),
                namespace.presenceForAnonymous());
    }

    private boolean may(
            Capability capability, boolean forClient, boolean forSubscriber, boolean forAnonymous) {
        Credentials who = session.credentials();
        boolean asUser = forClient || (forSubscriber && isSubscriber);
        return (asUser && (!who.user().isEmpty() || forAnonymous))
                || bySubscription.contains(capability)
                || who.capabilities().allow(capability, channel)
                || session.node().options().insecure();
    }
}
