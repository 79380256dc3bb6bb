package dev.cardea.messaging.session;

import dev.cardea.messaging.auth.Authenticator.SubscriptionGrant;
import dev.cardea.messaging.auth.Capability;
import dev.cardea.messaging.auth.TokenId;
import dev.cardea.messaging.broker.Broker;
import dev.cardea.messaging.hook.Hooks;
import dev.cardea.messaging.hub.ChannelOptions;
import dev.cardea.messaging.hub.Shard;
import dev.cardea.messaging.hub.Subscription;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.centrifuge.ClientInfo;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A subscription that the client has been granted, as its session knows it. */
final class ClientSubscription {
    final Subscription reading;

    /** As other subscribers see it. */
    ClientInfo info;

    /** The server's wish, not the client's. */
    final boolean serverSide;

    final boolean positioned;
    final boolean recoverable;
    final boolean presence;
    final boolean joinLeave;
    final String epoch;

    /** A hook that renews it when it expires; null: the client brings a new token. */
    final Hooks.@Nullable SubRefresh renewal;

    /** The hook has been asked. */
    boolean isBeingRenewed;

    /** Unix time; 0: never. */
    long expireAtSeconds;

    /** Lasts only while {@link Access} lets the client subscribe. */
    boolean isByAccess;

    /** What its token allows, beyond what the namespace does. */
    private Set<Capability> allowed = Set.of();

    private TokenId token = TokenId.NONE;

    /** What is done once everything before the subscription's end is written; null: it goes on. */
    private @Nullable Runnable atEnd;

    ClientSubscription(
            Subscription reading,
            ClientInfo info,
            boolean serverSide,
            boolean positioned,
            boolean recoverable,
            boolean presence,
            boolean joinLeave,
            String epoch,
            Hooks.@Nullable SubRefresh renewal,
            long expireAtSeconds) {
        this.reading = reading;
        this.info = info;
        this.serverSide = serverSide;
        this.positioned = positioned;
        this.recoverable = recoverable;
        this.presence = presence;
        this.joinLeave = joinLeave;
        this.epoch = epoch;
        this.renewal = renewal;
        this.expireAtSeconds = expireAtSeconds;
    }

    /** Takes over what a token says, the first one's or that of a refresh. */
    void grantedBy(SubscriptionGrant grant) {
        expireAtSeconds = grant.expireAtSeconds();
        allowed = grant.allow();
        token = grant.token();
    }

    Set<Capability> allowed() {
        return allowed;
    }

    /** By what it can be revoked. */
    TokenId token() {
        return token;
    }

    String channel() {
        return reading.channelName();
    }

    ChannelOptions options() {
        return reading.options();
    }

    boolean isRenewedByHook() {
        return renewal != null;
    }

    /**
     * It goes on.
     *
     * @param channelInfo empty: as before
     */
    void renewed(long newExpireAtSeconds, Bytes channelInfo) {
        expireAtSeconds = newExpireAtSeconds;
        if (!channelInfo.isEmpty())
            info = new ClientInfo(info.user(), info.client(), info.connInfo(), channelInfo);
    }

    void connectionInfo(Bytes connInfo) {
        info = new ClientInfo(info.user(), info.client(), connInfo, info.chanInfo());
    }

    boolean isEnding() {
        return atEnd != null;
    }

    /** Also does this at its end, behind what was to be done before. */
    void atEnd(Runnable then) {
        Runnable before = atEnd;
        atEnd =
                before == null
                        ? then
                        : () -> {
                            before.run();
                            then.run();
                        };
    }

    void runAtEnd() {
        if (atEnd != null) atEnd.run();
    }

    /** Gives up everything that others know of it. */
    void leave(Node node, Shard shard, String client, long nowNanos) {
        Broker broker = node.broker();
        node.hub().unsubscribe(reading, nowNanos);
        broker.unfollow(channel());
        if (presence) {
            var _ =
                    broker.removePresence(channel(), client)
                            .whenComplete((_, _) -> publishLeave(node, shard));
        } else {
            publishLeave(node, shard);
        }
    }

    private void publishLeave(Node node, Shard shard) {
        if (joinLeave) JoinLeave.left(node, shard, channel(), options(), info);
    }
}
