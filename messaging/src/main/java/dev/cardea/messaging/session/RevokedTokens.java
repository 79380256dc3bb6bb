package dev.cardea.messaging.session;

import dev.cardea.messaging.auth.Revocation;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Ends what a revoked token holds already: its connection, with a code that clients come back
 * after, and its subscriptions. Who connects later is looked at by {@link ConnectFlow}. Thread
 * safe.
 *
 * <p>A token's id leads to no connection, so all are looked at; however many are revoked meanwhile,
 * the connections are looked at once more, not once for each.
 */
public final class RevokedTokens {
    private final Node node;
    private @Nullable CompletableFuture<@Nullable Void> running;
    private @Nullable CompletableFuture<@Nullable Void> next;

    private RevokedTokens(Node node) {
        this.node = node;
    }

    /** From now on ends what is revoked. */
    public static void watch(Node node) {
        node.revocations().onAdded(new RevokedTokens(node)::end);
    }

    /** Complete when every connection that is meant has been told to end. */
    private CompletionStage<?> end(Revocation revocation) {
        return switch (revocation) {
            case Revocation.OfUser(String user, _, _, _) -> look(node.sessions().of(user));
            case Revocation.OfToken _ -> lookAtAll();
        };
    }

    private CompletionStage<?> lookAtAll() {
        CompletableFuture<@Nullable Void> mine = new CompletableFuture<>();
        synchronized (this) {
            if (running != null) {
                if (next == null) next = mine;
                return next;
            }
            running = mine;
        }
        lookAtAll(mine);
        return mine;
    }

    private void lookAtAll(CompletableFuture<@Nullable Void> mine) {
        var _ =
                look(node.sessions().all())
                        .whenComplete((_, _) -> {
                            CompletableFuture<@Nullable Void> following;
                            synchronized (this) {
                                following = next;
                                running = following;
                                next = null;
                            }
                            mine.complete(null);
                            if (following != null) lookAtAll(following);
                        });
    }

    private static CompletableFuture<Void> look(Collection<Session> sessions) {
        List<CompletableFuture<?>> looked = new ArrayList<>();
        for (Session session : sessions) {
            CompletableFuture<Boolean> one = new CompletableFuture<>();
            looked.add(one);
            try {
                session.execute(own -> {
                    try {
                        endIfRevoked(own);
                    } finally {
                        one.complete(true);
                    }
                });
            } catch (RejectedExecutionException _) {
                one.complete(true); // the loop has ended, and its connections with it
            }
        }
        return CompletableFuture.allOf(looked.toArray(CompletableFuture<?>[]::new));
    }

    private static void endIfRevoked(Session session) {
        var revocations = session.node().revocations();
        if (revocations.cover(session.credentials().token(), session.user(), "")) {
            session.disconnect(Disconnect.EXPIRED);
            return;
        }
        for (ClientSubscription subscription : session.subscriptions().all()) {
            if (subscription.serverSide) continue; // came with the connection's token
            String channel = subscription.channel();
            if (revocations.cover(subscription.token(), session.user(), channel)) {
                session.unsubscribe(channel, Unsubscribed.EXPIRED);
            }
        }
    }
}
