package dev.cardea.server.redis;

import io.lettuce.core.RedisFuture;
import io.lettuce.core.pubsub.RedisPubSubListener;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.lettuce.core.pubsub.api.async.RedisPubSubAsyncCommands;
import io.netty.util.concurrent.EventExecutor;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The connection that listens. Belongs to the shard's own thread, which others leave their wishes
 * with: those that come together leave as one SUBSCRIBE. Messages are handed on in the thread that
 * reads the connection, in order.
 */
final class Subscriptions {
    private static final int CHANNELS_AT_ONCE = 500;

    private record Wish(String name, boolean wants) {}

    private final EventExecutor owner;
    private final BiConsumer<String, byte[]> receiver;

    /** Listened to whenever there is a connection. */
    private final Set<String> wanted = new HashSet<>();

    private final Map<String, ArrayDeque<CompletableFuture<Void>>> unconfirmed = new HashMap<>();
    private final ArrayDeque<Wish> wishes = new ArrayDeque<>();
    private boolean leaves;
    private @Nullable StatefulRedisPubSubConnection<byte[], byte[]> live;
    private @Nullable RedisFuture<String> ping;
    private long pingedNanos;

    /**
     * @param always names that are always listened to
     */
    Subscriptions(EventExecutor owner, List<String> always, BiConsumer<String, byte[]> receiver) {
        this.owner = owner;
        this.wanted.addAll(always);
        this.receiver = receiver;
    }

    // ---- from any thread ----

    /** Complete once what is published to that name arrives. */
    CompletionStage<Void> listen(String name) {
        CompletableFuture<Void> confirmed = new CompletableFuture<>();
        owner.execute(() -> begin(name, confirmed));
        return confirmed;
    }

    void ignore(String name) {
        owner.execute(() -> {
            if (wanted.remove(name) && live != null) wish(new Wish(name, false));
        });
    }

    // ---- on the owner ----

    boolean isLive() {
        return live != null;
    }

    private void begin(String name, CompletableFuture<Void> confirmed) {
        if (live == null) {
            confirmed.completeExceptionally(new Unreachable("not connected to Redis"));
            return;
        }
        wanted.add(name);
        unconfirmed.computeIfAbsent(name, _ -> new ArrayDeque<>()).add(confirmed);
        wish(new Wish(name, true));
    }

    private void wish(Wish wish) {
        wishes.add(wish);
        if (leaves) return;
        leaves = true;
        owner.execute(this::leave);
    }

    /** In the order of the wishes, as few commands as that takes. */
    private void leave() {
        leaves = false;
        List<byte[]> run = new ArrayList<>();
        Wish before = null;
        for (Wish wish = wishes.poll(); wish != null; wish = wishes.poll()) {
            boolean isAlike = before != null && before.wants() == wish.wants();
            if (before != null && (!isAlike || run.size() == CHANNELS_AT_ONCE)) {
                send(before, run);
                run.clear();
            }
            run.add(Keys.bytes(wish.name()));
            before = wish;
        }
        if (before != null) send(before, run);
    }

    private void send(Wish like, List<byte[]> names) {
        StatefulRedisPubSubConnection<byte[], byte[]> now = live;
        if (now == null) return;
        RedisPubSubAsyncCommands<byte[], byte[]> commands = now.async();
        byte[][] all = names.toArray(byte[][]::new);
        var _ = like.wants() ? commands.subscribe(all) : commands.unsubscribe(all);
    }

    private void confirm(String name) {
        ArrayDeque<CompletableFuture<Void>> waiting = unconfirmed.get(name);
        if (waiting == null) return;
        CompletableFuture<Void> first = waiting.poll();
        if (waiting.isEmpty()) unconfirmed.remove(name);
        if (first != null) complete(first);
    }

    @SuppressWarnings("NullAway") // the value of a stage of Void is null by definition
    private static void complete(CompletableFuture<Void> stage) {
        stage.complete(null);
    }

    /**
     * Listens to everything again.
     *
     * @param resumed told of names that are listened to again; something may have been missed
     */
    void connected(
            StatefulRedisPubSubConnection<byte[], byte[]> connection,
            Consumer<List<String>> resumed) {
        live = connection;
        ping = null;
        connection.addListener(new Heard());
        List<String> all = List.copyOf(wanted);
        for (int from = 0; from < all.size(); from += CHANNELS_AT_ONCE) {
            List<String> some = all.subList(from, Math.min(all.size(), from + CHANNELS_AT_ONCE));
            List<CompletableFuture<Void>> each = new ArrayList<>();
            for (String name : some) {
                CompletableFuture<Void> confirmed = new CompletableFuture<>();
                each.add(confirmed);
                unconfirmed.computeIfAbsent(name, _ -> new ArrayDeque<>()).add(confirmed);
                wish(new Wish(name, true));
            }
            var _ =
                    CompletableFuture.allOf(each.toArray(CompletableFuture<?>[]::new))
                            .thenRun(() -> resumed.accept(some));
        }
    }

    /** The connection is no good any more; what was wished for and not confirmed has failed. */
    void close() {
        StatefulRedisPubSubConnection<byte[], byte[]> now = live;
        live = null;
        wishes.clear();
        List<CompletableFuture<Void>> failed = new ArrayList<>();
        unconfirmed.values().forEach(failed::addAll);
        unconfirmed.clear();
        failed.forEach(each ->
                each.completeExceptionally(new Unreachable("lost the connection to Redis")));
        if (now != null) {
            var _ = now.closeAsync();
        }
    }

    /** Once a second. False: the server has been silent for so long. */
    boolean probe(long nowNanos, long patienceNanos) {
        StatefulRedisPubSubConnection<byte[], byte[]> now = live;
        if (now == null) return true;
        RedisFuture<String> asked = ping;
        if (asked != null && !asked.toCompletableFuture().isDone())
            return nowNanos - pingedNanos <= patienceNanos;
        ping = now.async().ping();
        pingedNanos = nowNanos;
        return true;
    }

    /** In the thread that reads the connection. */
    private final class Heard implements RedisPubSubListener<byte[], byte[]> {
        @Override
        public void message(byte[] channel, byte[] message) {
            receiver.accept(new String(channel, StandardCharsets.UTF_8), message);
        }

        @Override
        public void message(byte[] pattern, byte[] channel, byte[] message) {}

        @Override
        public void subscribed(byte[] channel, long count) {
            String name = new String(channel, StandardCharsets.UTF_8);
            owner.execute(() -> confirm(name));
        }

        @Override
        public void psubscribed(byte[] pattern, long count) {}

        @Override
        public void unsubscribed(byte[] channel, long count) {}

        @Override
        public void punsubscribed(byte[] pattern, long count) {}
    }
}
