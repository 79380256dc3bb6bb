package dev.cardea.messaging.session;

import dev.cardea.messaging.auth.Authenticator.SubscriptionGrant;
import dev.cardea.messaging.hub.ChannelOptions;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.centrifuge.Push;
import dev.cardea.wire.centrifuge.StreamPosition;
import dev.cardea.wire.centrifuge.SubscribeRequest;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A subscription that the server wants while the connection is open. The client hears of it by a
 * push; a push carries no publications, so what it missed follows as publications.
 */
final class ServerSubscribe implements Joining.Initiator {
    private final Session session;
    private final String channel;
    private final SubscriptionGrant grant;
    private final SubscribeRequest request;
    private final CompletableFuture<Optional<Refusal>> done = new CompletableFuture<>();

    ServerSubscribe(
            Session session,
            String channel,
            SubscriptionGrant grant,
            @Nullable StreamPosition since) {
        this.session = session;
        this.channel = channel;
        this.grant = grant;
        this.request = since == null ? SubscribeRequest.to(channel) : recover(channel, since);
    }

    /** What a client may ask for a subscription that isn't its own wish: to recover it. */
    static SubscribeRequest recover(String channel, StreamPosition since) {
        return new SubscribeRequest(
                channel,
                "",
                true,
                since.epoch(),
                since.offset(),
                Bytes.EMPTY,
                false,
                false,
                false,
                "",
                null,
                0,
                0);
    }

    CompletableFuture<Optional<Refusal>> done() {
        return done;
    }

    void begin() {
        if (!session.isOpen() || session.subscriptions().has(channel)) {
            done.complete(Optional.empty());
            return;
        }
        ChannelOptions options = session.node().namespaces().of(channel);
        if (options == null) {
            done.complete(Optional.of(Refusal.UNKNOWN_CHANNEL));
        } else if (session.subscriptions().size() >= session.node().options().channelLimit()) {
            session.disconnect(Disconnect.CHANNEL_LIMIT);
            done.complete(Optional.of(Refusal.LIMIT_EXCEEDED));
        } else {
            Joining.begin(
                    session,
                    Joining.Side.SERVER,
                    options,
                    request,
                    grant,
                    Recovery.MAX_REPLY_BYTES,
                    this);
        }
    }

    @Override
    public void joined(Joining joining, Recovery recovery) {
        Granted granted = joining.granted();
        long offset = joining.deliverRecovered(recovery);
        session.push(
                new Push.Subscribe(
                        channel,
                        granted.recoverable(),
                        granted.positioned() ? recovery.top().epoch() : "",
                        offset,
                        granted.positioned(),
                        grant.data()));
        joining.start();
        done.complete(Optional.empty());
    }

    @Override
    public void refused(Refusal why) {
        done.complete(session.isClosing() ? Optional.empty() : Optional.of(why));
    }
}
