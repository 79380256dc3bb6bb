package dev.cardea.messaging.broker;

import dev.cardea.messaging.hub.ChannelOptions;
import dev.cardea.wire.centrifuge.Publication;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Keeps what is published while the broker is away, where the namespace says so, and publishes it
 * when it is back: once, for it has an idempotency key, and in each channel in the order in which
 * it came. Thread safe.
 */
public final class PublishQueue extends ForwardingBroker {
    private static final long MAX_BYTES = 16 * 1024 * 1024;

    /**
     * What a namespace's queue takes.
     *
     * @param size publications; 0: a publish fails at once
     * @param timeoutNanos a publish fails that has waited for so long
     */
    public record Limit(int size, long timeoutNanos) {
        public static final Limit NONE = new Limit(0, 0);
    }

    private record Held(
            ChannelOptions options,
            Publication publication,
            PublishOptions how,
            CompletableFuture<Published> done,
            long expiresNanos) {
        long bytes() {
            return publication.data().length();
        }
    }

    /** One channel's; guarded by itself. */
    private static final class Line {
        private final ArrayDeque<Held> held = new ArrayDeque<>();
        private boolean isPublishing;
    }

    /** What one namespace holds; guarded by itself. */
    private static final class Room {
        private int size;
        private long bytes;

        synchronized boolean take(Held held, Limit limit) {
            if (size >= limit.size() || bytes + held.bytes() > MAX_BYTES) return false;
            size++;
            bytes += held.bytes();
            return true;
        }

        synchronized void give(Held held) {
            size--;
            bytes -= held.bytes();
        }
    }

    private final Function<String, Limit> limits;
    private final Supplier<String> newKey;
    private final LongSupplier nowNanos;
    private final Map<String, Line> lines = new ConcurrentHashMap<>();
    private final Map<String, Room> rooms = new ConcurrentHashMap<>();

    /**
     * @param limits by the namespace's name
     * @param newKey makes idempotency keys that nobody else makes
     * @param nowNanos monotonic time
     */
    public PublishQueue(
            Broker behind,
            Function<String, Limit> limits,
            Supplier<String> newKey,
            LongSupplier nowNanos) {
        super(behind);
        this.limits = limits;
        this.newKey = newKey;
        this.nowNanos = nowNanos;
    }

    @Override
    public CompletionStage<Published> publish(
            String channel, ChannelOptions options, Publication publication, PublishOptions how) {
        Limit limit = limits.apply(options.namespace());
        if (limit.size() == 0) return super.publish(channel, options, publication, how);
        Held held =
                new Held(
                        options,
                        publication,
                        once(how),
                        new CompletableFuture<>(),
                        nowNanos.getAsLong() + limit.timeoutNanos());
        Line line = lines.get(channel);
        if (line != null && queue(channel, line, held, limit)) return held.done();
        return super.publish(channel, options, publication, held.how())
                .exceptionallyCompose(failure -> {
                    Line here = lines.computeIfAbsent(channel, _ -> new Line());
                    if (!queue(channel, here, held, limit)) {
                        forget(channel);
                        return CompletableFuture.failedStage(failure);
                    }
                    return held.done();
                });
    }

    /** What fails and is kept comes after what was given behind it. */
    @Override
    public boolean keepsOrder(String channel, ChannelOptions options) {
        return limits.apply(options.namespace()).size() == 0 && super.keepsOrder(channel, options);
    }

    private PublishOptions once(PublishOptions how) {
        if (!how.idempotencyKey().isEmpty()) return how;
        return new PublishOptions(
                newKey.get(), how.skipHistory(), how.delta(), how.version(), how.versionEpoch());
    }

    /** False: there is no room, or no queue any more. */
    private boolean queue(String channel, Line line, Held held, Limit limit) {
        Room room = rooms.computeIfAbsent(held.options().namespace(), _ -> new Room());
        boolean[] isQueued = new boolean[1];
        lines.computeIfPresent(
                channel,
                (_, current) -> {
                    if (current == line && room.take(held, limit)) {
                        isQueued[0] = true;
                        synchronized (line) {
                            line.held.add(held);
                        }
                    }
                    return current;
                });
        return isQueued[0];
    }

    private void forget(String channel) {
        lines.computeIfPresent(
                channel,
                (_, line) -> {
                    synchronized (line) {
                        return line.held.isEmpty() && !line.isPublishing ? null : line;
                    }
                });
    }

    /** To be called about once a second: tries again, and fails what has waited too long. */
    public void tick() {
        for (Map.Entry<String, Line> each : lines.entrySet()) {
            expire(each.getValue());
            goOn(each.getKey(), each.getValue());
        }
    }

    private void expire(Line line) {
        long now = nowNanos.getAsLong();
        List<Held> expired = new ArrayList<>();
        synchronized (line) {
            if (line.isPublishing) return; // it may just be done
            Iterator<Held> all = line.held.iterator();
            while (all.hasNext()) {
                Held held = all.next();
                if (held.expiresNanos() - now > 0) continue;
                all.remove();
                expired.add(held);
            }
        }
        for (Held held : expired) {
            give(held);
            held.done().completeExceptionally(new Expired());
        }
    }

    /** The oldest; each of the others when the one before it is published. */
    private void goOn(String channel, Line line) {
        Held next;
        synchronized (line) {
            next = line.isPublishing ? null : line.held.peek();
            line.isPublishing |= next != null;
        }
        if (next == null) {
            forget(channel);
            return;
        }
        var _ =
                super.publish(channel, next.options(), next.publication(), next.how())
                        .whenComplete((published, failure) -> {
                            synchronized (line) {
                                line.isPublishing = false;
                                if (failure == null) line.held.remove();
                            }
                            if (failure != null) return; // again at the next tick
                            give(next);
                            next.done().complete(published);
                            goOn(channel, line);
                        });
    }

    private void give(Held held) {
        Room room = rooms.get(held.options().namespace());
        if (room != null) room.give(held);
    }

    /** It has waited for the broker as long as it may. */
    private static final class Expired extends RuntimeException {
        private static final long serialVersionUID = 1;

        Expired() {
            super("the broker wasn't back in time", null, false, false);
        }
    }
}
