package dev.cardea.interop;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.centrifugal.centrifuge.Client;
import io.github.centrifugal.centrifuge.ConnectingEvent;
import io.github.centrifugal.centrifuge.DisconnectedEvent;
import io.github.centrifugal.centrifuge.DuplicateSubscriptionException;
import io.github.centrifugal.centrifuge.EventListener;
import io.github.centrifugal.centrifuge.JoinEvent;
import io.github.centrifugal.centrifuge.LeaveEvent;
import io.github.centrifugal.centrifuge.Options;
import io.github.centrifugal.centrifuge.PublicationEvent;
import io.github.centrifugal.centrifuge.ReplyError;
import io.github.centrifugal.centrifuge.ResultCallback;
import io.github.centrifugal.centrifuge.SubscribedEvent;
import io.github.centrifugal.centrifuge.Subscription;
import io.github.centrifugal.centrifuge.SubscriptionEventListener;
import io.github.centrifugal.centrifuge.SubscriptionOptions;
import io.github.centrifugal.centrifuge.UnsubscribedEvent;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Somebody in one channel: a client of the Java SDK (which speaks Protobuf), and all it was told.
 */
final class Person implements AutoCloseable {
    /** What a subscribe led to. */
    record Arrival(boolean wasRecovering, boolean recovered) {}

    /** A publication: its offset and its data as text. */
    record Said(long offset, String text) {}

    final Tape<Said> heard = new Tape<>();
    final Tape<Arrival> arrivals = new Tape<>();
    final Tape<String> joins = new Tape<>();
    final Tape<String> leaves = new Tape<>();
    final Tape<Integer> losses = new Tape<>();
    final Tape<Integer> ends = new Tape<>();
    final Tape<Integer> refusals = new Tape<>();
    private final Client client;
    private final Subscription subscription;

    Person(String url, String channel, @Nullable String token)
            throws DuplicateSubscriptionException {
        var options = new Options();
        options.setMinReconnectDelay(20);
        options.setMaxReconnectDelay(200);
        if (token != null) options.setToken(token);
        client = new Client(url, options, new ClientEvents());
        subscription =
                client.newSubscription(channel, new SubscriptionOptions(), new ChannelEvents());
        subscription.subscribe();
        client.connect();
    }

    /** Waits until the subscription stands. */
    Person in() {
        arrivals.count(1);
        return this;
    }

    void say(String json) throws InterruptedException {
        this.<Object>result(done -> subscription.publish(json.getBytes(UTF_8), done::onDone));
    }

    int refusalOfSaying(String json) throws InterruptedException {
        var future = new CompletableFuture<Integer>();
        subscription.publish(
                json.getBytes(UTF_8),
                (error, result) ->
                        future.complete(error instanceof ReplyError reply ? reply.getCode() : 0));
        return get(future);
    }

    List<String> present() throws InterruptedException {
        return this.<io.github.centrifugal.centrifuge.PresenceResult>result(subscription::presence)
                .getClients()
                .values()
                .stream()
                .map(info -> info.getUser())
                .sorted()
                .toList();
    }

    io.github.centrifugal.centrifuge.HistoryResult history(int limit, boolean reverse)
            throws InterruptedException {
        var options =
                new io.github.centrifugal.centrifuge.HistoryOptions.Builder()
                        .withLimit(limit)
                        .withReverse(reverse)
                        .build();
        return result(done -> subscription.history(options, done));
    }

    private <T> T result(Consumer<ResultCallback<T>> call) throws InterruptedException {
        var future = new CompletableFuture<T>();
        call.accept((error, result) -> {
            if (error != null) future.completeExceptionally(error);
            else future.complete(result);
        });
        return get(future);
    }

    private static <T> T get(CompletableFuture<T> future) throws InterruptedException {
        try {
            return future.get(10, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        try {
            client.close(5000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private final class ClientEvents extends EventListener {
        @Override
        public void onConnecting(Client client, ConnectingEvent event) {
            if (event.getCode() != 0) losses.add(event.getCode());
        }

        @Override
        public void onDisconnected(Client client, DisconnectedEvent event) {
            ends.add(event.getCode());
        }
    }

    private final class ChannelEvents extends SubscriptionEventListener {
        @Override
        public void onSubscribed(Subscription in, SubscribedEvent event) {
            arrivals.add(new Arrival(event.wasRecovering(), event.getRecovered()));
        }

        @Override
        public void onUnsubscribed(Subscription in, UnsubscribedEvent event) {
            refusals.add(event.getCode());
        }

        @Override
        public void onPublication(Subscription in, PublicationEvent event) {
            heard.add(new Said(event.getOffset(), new String(event.getData(), UTF_8)));
        }

        @Override
        public void onJoin(Subscription in, JoinEvent event) {
            joins.add(event.getInfo().getUser());
        }

        @Override
        public void onLeave(Subscription in, LeaveEvent event) {
            leaves.add(event.getInfo().getUser());
        }
    }
}
