package dev.cardea.server.redis;

import io.lettuce.core.RedisFuture;
import io.lettuce.core.pubsub.RedisPubSubListener;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.lettuce.core.pubsub.api.async.RedisPubSubAsyncCommands;
import io.netty.util.concurrent.EventExecutor;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What one connection listens to. Belongs to one thread; wishes that come together leave in one
 * write. Messages are handed on in the thread that reads the connection, in order.
 */
final class Subscriptions {
    private static final int CHANNELS_AT_ONCE = 500;

    /** How names are listened to. */
    enum Kind {
        /** Whoever is asked tells of all: one SUBSCRIBE has many names. */
        EVERYWHERE(CHANNELS_AT_ONCE),

        /** The server of the name's slot tells of it: a SSUBSCRIBE has names of one slot. */
        BY_SLOT(1);

        private final int namesAtOnce;

        Kind(int namesAtOnce) {
            this.namesAtOnce = namesAtOnce;
        }
    }

    private record Wish(String name, boolean wants) {}

    private final EventExecutor owner;
    private final Kind kind;
    private final BiConsumer<String, byte[]> receiver;
    private final Consumer<String> dropped;

    /** Listened to whenever there is a connection. */
    private final Set<String> wanted = new HashSet<>();

    private final Map<String, ArrayDeque<CompletableFuture<Void>>> unconfirmed = new HashMap<>();

    /** How many answers will say that a name isn't listened to any more, as was wished. */
    private final Map<String, Integer> leaving = new HashMap<>();

    private final ArrayDeque<Wish> wishes = new ArrayDeque<>();
    private boolean leaves;
    private @Nullable StatefulRedisPubSubConnection<byte[], byte[]> live;
    private @Nullable RedisFuture<String> ping;
    private long pingedNanos;

    /**
     * @param always names that are always listened to
     * @param dropped told of a name that the server doesn't tell of any more, or refuses to
     */
    Subscriptions(
            EventExecutor owner,
            Kind kind,
            List<String> always,
            BiConsumer<String, byte[]> receiver,
            Consumer<String> dropped) {
        this.owner = owner;
        this.kind = kind;
        this.wanted.addAll(always);
        this.receiver = receiver;
        this.dropped = dropped;
    }

    boolean isLive() {
        return live != null;
    }

    /**
     * @param confirmed complete once what is published to that name arrives
     */
    void listen(String name, CompletableFuture<Void> confirmed) {
        if (live == null) {
            confirmed.completeExceptionally(new Unreachable("not connected to Redis"));
            return;
        }
        wanted.add(name);
        await(name, confirmed);
        wish(new Wish(name, true));
    }

    void ignore(String name) {
        if (wanted.remove(name) && live != null) wish(new Wish(name, false));
    }

    /** The same as after a reconnect, of a name that another connection has listened to. */
    void adopt(
            String name,
            Collection<CompletableFuture<Void>> waiting,
            Consumer<List<String>> resumed) {
        wanted.add(name);
        waiting.forEach(each -> await(name, each));
        if (live != null) resume(List.of(name), resumed);
    }

    /** Lets go of a name. */
    Collection<CompletableFuture<Void>> release(String name) {
        ignore(name);
        return Objects.requireNonNullElse(unconfirmed.remove(name), new ArrayDeque<>());
    }

    private void await(String name, CompletableFuture<Void> confirmed) {
        unconfirmed.computeIfAbsent(name, _ -> new ArrayDeque<>()).add(confirmed);
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
        StatefulRedisPubSubConnection<byte[], byte[]> now = live;
        List<Wish> run = new ArrayList<>();
        for (Wish wish = wishes.poll(); wish != null; wish = wishes.poll()) {
            boolean isAlike = run.isEmpty() || run.getFirst().wants() == wish.wants();
            if (now != null && (!isAlike || run.size() == kind.namesAtOnce)) {
                send(now.async(), run);
                run.clear();
            }
            run.add(wish);
        }
        if (now == null) return;
        if (!run.isEmpty()) send(now.async(), run);
        now.flushCommands();
    }

    private void send(RedisPubSubAsyncCommands<byte[], byte[]> commands, List<Wish> alike) {
        byte[][] all = alike.stream().map(wish -> Keys.bytes(wish.name())).toArray(byte[][]::new);
        boolean wants = alike.getFirst().wants();
        switch (kind) {
            case EVERYWHERE -> {
                var _ = wants ? commands.subscribe(all) : commands.unsubscribe(all);
            }
            case BY_SLOT -> {
                String name = alike.getFirst().name();
                if (!wants) leaving.merge(name, 1, Integer::sum);
                var _ =
                        (wants ? commands.ssubscribe(all) : commands.sunsubscribe(all))
                                .whenComplete((_, failure) -> {
                                    if (failure != null && wants) refused(name);
                                });
            }
        }
    }

    private void refused(String name) {
        owner.execute(() -> {
            if (live != null && wanted.contains(name)) dropped.accept(name);
        });
    }

    private void left(String name) {
        Integer asked = leaving.remove(name);
        if (asked == null) refused(name); // its slot is elsewhere now
        else if (asked > 1) leaving.put(name, asked - 1);
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
        connection.setAutoFlushCommands(false);
        live = connection;
        ping = null;
        connection.addListener(new Heard());
        List<String> all = List.copyOf(wanted);
        for (int from = 0; from < all.size(); from += CHANNELS_AT_ONCE)
            resume(all.subList(from, Math.min(all.size(), from + CHANNELS_AT_ONCE)), resumed);
    }

    private void resume(List<String> names, Consumer<List<String>> resumed) {
        List<CompletableFuture<Void>> each = new ArrayList<>();
        for (String name : names) {
            CompletableFuture<Void> confirmed = new CompletableFuture<>();
            each.add(confirmed);
            Collection<CompletableFuture<Void>> waiting = unconfirmed.remove(name);
            if (waiting != null) ride(waiting, confirmed);
            await(name, confirmed);
            wish(new Wish(name, true));
        }
        var _ =
                CompletableFuture.allOf(each.toArray(CompletableFuture<?>[]::new))
                        .thenRun(() -> resumed.accept(names));
    }

    /** Whoever waits for the name waits for this one, then. */
    private static void ride(
            Collection<CompletableFuture<Void>> waiting, CompletableFuture<Void> confirmed) {
        var _ =
                confirmed.whenComplete((_, failure) -> {
                    for (CompletableFuture<Void> each : waiting) {
                        if (failure == null) complete(each);
                        else each.completeExceptionally(failure);
                    }
                });
    }

    /** The connection is no good any more; what was wished for and not confirmed has failed. */
    void close() {
        StatefulRedisPubSubConnection<byte[], byte[]> now = live;
        live = null;
        wishes.clear();
        List<CompletableFuture<Void>> failed = new ArrayList<>();
        unconfirmed.values().forEach(failed::addAll);
        unconfirmed.clear();
        leaving.clear();
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
        now.flushCommands();
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
        public void smessage(byte[] channel, byte[] message) {
            message(channel, message);
        }

        @Override
        public void message(byte[] pattern, byte[] channel, byte[] message) {}

        @Override
        public void subscribed(byte[] channel, long count) {
            String name = new String(channel, StandardCharsets.UTF_8);
            owner.execute(() -> confirm(name));
        }

        @Override
        public void ssubscribed(byte[] channel, long count) {
            subscribed(channel, count);
        }

        @Override
        public void sunsubscribed(byte[] channel, long count) {
            String name = new String(channel, StandardCharsets.UTF_8);
            owner.execute(() -> left(name));
        }

        @Override
        public void psubscribed(byte[] pattern, long count) {}

        @Override
        public void unsubscribed(byte[] channel, long count) {}

        @Override
        public void punsubscribed(byte[] pattern, long count) {}
    }
}
