package dev.cardea.server.nats;

import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import io.nats.client.Message;
import io.nats.client.Subscription;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** The channels that this node listens to, over whichever connection there is. Thread safe. */
final class Listening {
    private final Subjects subjects;
    private final Executor blocking;
    private final BiConsumer<String, Message> heard;

    /** Guarded by this, as what follows. */
    private final Map<String, Subscription> channels = new HashMap<>();

    private @Nullable Dispatcher dispatcher;
    private @Nullable Connection connection;
    private List<CompletableFuture<@Nullable Void>> unconfirmed = new ArrayList<>();
    private boolean isConfirming;

    /** Those that nobody has looked at since NATS knows of them. */
    private final ConcurrentLinkedQueue<String> fresh = new ConcurrentLinkedQueue<>();

    /**
     * @param blocking where NATS may be waited for
     * @param heard of a channel, in its order
     */
    Listening(Subjects subjects, Executor blocking, BiConsumer<String, Message> heard) {
        this.subjects = subjects;
        this.blocking = blocking;
        this.heard = heard;
    }

    /** To all that is listened to, over this one. */
    synchronized void over(Connection next) {
        connection = next;
        Dispatcher taking = next.createDispatcher();
        taking.setPendingLimits(-1, 256L * 1024 * 1024);
        dispatcher = taking;
        channels.replaceAll((channel, _) -> subscribe(taking, next, channel));
    }

    private Subscription subscribe(Dispatcher taking, Connection over, String channel) {
        return taking.subscribe(
                subjects.live(channel),
                message -> {
                    // What is left of an earlier connection's would come behind the next one's.
                    if (over.equals(current())) heard.accept(channel, message);
                });
    }

    private synchronized @Nullable Connection current() {
        return connection;
    }

    /** Complete when NATS knows. */
    CompletionStage<@Nullable Void> listen(String channel) {
        CompletableFuture<@Nullable Void> done = new CompletableFuture<>();
        synchronized (this) {
            Dispatcher taking = dispatcher;
            Connection over = connection;
            if (taking == null || over == null || over.getStatus() != Connection.Status.CONNECTED)
                return CompletableFuture.failedFuture(new Unreachable("not connected to NATS"));
            drop(channel);
            channels.put(channel, subscribe(taking, over, channel));
            unconfirmed.add(done);
            if (!isConfirming) blocking.execute(this::confirm);
            isConfirming = true;
        }
        return done.whenComplete((_, failure) -> {
            if (failure == null) fresh.add(channel);
            else ignore(channel);
        });
    }

    /** One round trip for all that have come meanwhile. */
    private void confirm() {
        while (true) {
            List<CompletableFuture<@Nullable Void>> those;
            Connection over;
            synchronized (this) {
                those = unconfirmed;
                over = connection;
                if (those.isEmpty() || over == null) {
                    isConfirming = false;
                    return;
                }
                unconfirmed = new ArrayList<>();
            }
            try {
                over.flush(Link.ANSWERS);
                those.forEach(each -> each.complete(null));
            } catch (TimeoutException | IllegalStateException e) {
                those.forEach(each -> each.completeExceptionally(e));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                those.forEach(each -> each.completeExceptionally(e));
            }
        }
    }

    synchronized void ignore(String channel) {
        drop(channel);
        channels.remove(channel);
    }

    private void drop(String channel) {
        Subscription subscription = channels.get(channel);
        Dispatcher taking = dispatcher;
        if (subscription == null || taking == null || !subscription.isActive()) return;
        if (taking.equals(subscription.getDispatcher())) taking.unsubscribe(subscription);
    }

    /**
     * Channels that are new since the last call. In a cluster the other members learn of a listener
     * a moment later than the one that it is connected with.
     */
    List<String> takeFresh() {
        List<String> taken = new ArrayList<>();
        for (String channel = fresh.poll(); channel != null; channel = fresh.poll())
            taken.add(channel);
        return taken;
    }
}
