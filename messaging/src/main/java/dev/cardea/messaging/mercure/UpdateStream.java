package dev.cardea.messaging.mercure;

import dev.cardea.messaging.broker.Broker;
import dev.cardea.messaging.broker.Broker.HistoryQuery;
import dev.cardea.messaging.hub.Channel;
import dev.cardea.messaging.hub.ChannelOptions;
import dev.cardea.messaging.hub.Delivery;
import dev.cardea.messaging.hub.Hub;
import dev.cardea.messaging.hub.Outlet;
import dev.cardea.messaging.hub.Shard;
import dev.cardea.messaging.hub.Subscription;
import dev.cardea.messaging.hub.TimerWheel;
import dev.cardea.messaging.hub.Wanted;
import dev.cardea.messaging.log.Encoding;
import dev.cardea.messaging.log.Entry;
import dev.cardea.messaging.log.Frame;
import dev.cardea.messaging.log.StreamSlice;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.centrifuge.Publication;
import dev.cardea.wire.centrifuge.StreamPosition;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One channel of a broker from its oldest publication on: what history has of it is read, then what
 * arrives, each once and in order, whatever happens to the broker or to this node's replica. It is
 * a subscriber like any, at home on one event loop; {@link #arrived} may be called by any thread.
 */
final class UpdateStream {
    private static final int READ_AT_ONCE = 500;
    private static final int BATCH_BYTES = 1024 * 1024;
    private static final long SECOND_NANOS = 1_000_000_000;

    /** Nobody is kept waiting for longer. */
    private static final long PATIENCE_NANOS = 5 * SECOND_NANOS;

    /** Who takes what the stream brings. On the loop. */
    interface Taker {
        void take(Bytes data);

        /** Something that came before what is taken next is gone. */
        void lost();
    }

    /** Who wants to be told that all up to there has been taken. */
    private record Waiting(
            StreamPosition until, long deadlineNanos, CompletableFuture<Void> arrived) {}

    private final String channel;
    private final ChannelOptions options;
    private final Broker broker;
    private final Hub channels;
    private final Shard shard;
    private final Taker taker;
    private final Delivery delivery;
    private final List<Waiting> waiting = new ArrayList<>();

    private @Nullable Subscription subscription;

    /** Where it stands. */
    private String epoch = "";

    private long offset;
    private volatile boolean hasBegun;

    UpdateStream(
            String channel,
            ChannelOptions options,
            Broker broker,
            Hub channels,
            Shard shard,
            Taker taker) {
        this.channel = channel;
        this.options = options;
        this.broker = broker;
        this.channels = channels;
        this.shard = shard;
        this.taker = taker;
        this.delivery = new Delivery(shard, new In(), new Owner(), BATCH_BYTES);
    }

    /** On the loop, once it runs. */
    void start(long nowNanos) {
        subscription = subscribe(nowNanos);
        shard.timers().set(new EverySecond(), nowNanos + SECOND_NANOS);
        follow();
    }

    /** Everything that was kept when this node came has been taken. From any thread. */
    boolean hasBegun() {
        return hasBegun;
    }

    /**
     * Complete once everything that the stream has now was taken; fails if that isn't soon. From
     * any thread.
     */
    CompletionStage<Void> arrived() {
        CompletableFuture<Void> arrived = new CompletableFuture<>();
        long deadline = shard.loop().nowNanos() + PATIENCE_NANOS;
        var _ =
                broker.history(channel, options, HistoryQuery.TOP)
                        .whenComplete(
                                onLoop(
                                        slice -> {
                                            waiting.add(
                                                    new Waiting(slice.top(), deadline, arrived));
                                            release();
                                        },
                                        arrived::completeExceptionally));
        return arrived;
    }

    // ---- following ----

    private Subscription subscribe(long nowNanos) {
        return channels.subscribe(
                channel, options, delivery, Wanted.everything(new Whole()), nowNanos);
    }

    private void follow() {
        var _ =
                broker.follow(channel, options)
                        .whenComplete((_, failure) ->
                                shard.loop()
                                        .execute(() -> {
                                            if (failure == null) read();
                                            else later(this::followAgain);
                                        }));
    }

    private void followAgain() {
        broker.unfollow(channel); // a follow that has failed needs it, too
        follow();
    }

    /** What comes behind the place where it stands. */
    private void read() {
        var _ =
                broker.history(channel, options, new HistoryQuery(offset, READ_AT_ONCE, false))
                        .whenComplete(onLoop(this::take, _ -> later(this::read)));
    }

    private void take(StreamSlice slice) {
        StreamPosition top = slice.top();
        if (!top.epoch().equals(epoch)) {
            boolean wasThere = !epoch.isEmpty();
            boolean isBehind = offset != 0;
            epoch = top.epoch();
            offset = 0;
            if (wasThere) taker.lost();
            if (isBehind) {
                read();
                return;
            }
        }
        List<Publication> publications = slice.publications();
        if (slice.previous() != offset) taker.lost();
        for (Publication publication : publications) taker.take(publication.data());
        offset = publications.isEmpty() ? top.offset() : publications.getLast().offset();
        if (offset == top.offset()) goOn();
        else read();
    }

    /** From here on with what arrives in the replica. */
    private void goOn() {
        hasBegun = true;
        release();
        Channel replica = channels.find(channel);
        Subscription now = subscription;
        if (replica == null || now == null) return;
        if (!replica.log().top().epoch().equals(epoch)) {
            later(this::read); // it hasn't heard yet that the stream is another
            return;
        }
        now.cursor().recoveredTo(offset, offset);
        delivery.start(now);
    }

    /**
     * The replica doesn't have what comes next, or the stream is another: what is missing is read.
     */
    private void readAnew(long nowNanos) {
        Subscription before = subscription;
        subscription = subscribe(nowNanos); // first: the channel stays the same one
        if (before != null) channels.unsubscribe(before, nowNanos);
        read();
    }

    private void release() {
        waiting.removeIf(each -> {
            boolean isThere =
                    !each.until().epoch().equals(epoch)
                            || Long.compareUnsigned(each.until().offset(), offset) <= 0;
            if (hasBegun && isThere) complete(each.arrived());
            return hasBegun && isThere;
        });
    }

    @SuppressWarnings("NullAway") // the value of a stage of Void is null by definition
    private static void complete(CompletableFuture<Void> stage) {
        stage.complete(null);
    }

    private <T> BiConsumer<@Nullable T, @Nullable Throwable> onLoop(
            Consumer<T> taken, Consumer<Throwable> failed) {
        return (value, failure) ->
                shard.loop()
                        .execute(() -> {
                            if (value != null) taken.accept(value);
                            else
                                failed.accept(
                                        failure != null
                                                ? failure
                                                : new IllegalStateException("no answer"));
                        });
    }

    private void later(Runnable task) {
        TimerWheel.Timer again =
                new TimerWheel.Timer() {
                    @Override
                    protected void expired(long nowNanos) {
                        task.run();
                    }
                };
        shard.timers().set(again, shard.loop().nowNanos() + SECOND_NANOS);
    }

    private final class EverySecond extends TimerWheel.Timer {
        @Override
        protected void expired(long nowNanos) {
            shard.timers().set(this, nowNanos + SECOND_NANOS); // first: what follows may throw
            waiting.removeIf(each -> {
                boolean isLate = nowNanos - each.deadlineNanos() >= 0;
                if (isLate) each.arrived().completeExceptionally(new TimeoutException());
                return isLate;
            });
        }
    }

    // ---- as a subscriber ----

    /** A publication's data, as it is. */
    private static final class Whole implements Encoding {
        @Override
        public int index() {
            return MAX - 1;
        }

        @Override
        public Frame encode(String channel, Entry entry) {
            Publication publication = entry.publication();
            return new Frame(publication == null ? new byte[0] : publication.data().toArray());
        }

        @Override
        public boolean inRuns() {
            return false; // each has an offset of its own
        }
    }

    private final class Owner implements Delivery.Owner {
        @Override
        public int writeControl(Outlet outlet, int roomBytes) {
            return 0;
        }

        @Override
        public boolean hasControl() {
            return false;
        }

        @Override
        public void controlSent(long nowNanos) {}

        @Override
        @SuppressWarnings("ReferenceEquality") // the very one
        public void lapped(Subscription lapped, long nowNanos) {
            if (lapped == subscription) readAnew(nowNanos);
        }

        @Override
        public void reachedBarrier(Subscription subscription, long nowNanos) {}

        @Override
        public void stalled(boolean stalled, long nowNanos) {}

        @Override
        public void shedAsSlowest() {}
    }

    /** Takes everything at once. */
    private final class In implements Outlet {
        private long takenBytes;

        @Override
        public boolean isWritable() {
            return true;
        }

        @Override
        public void write(Frame frame) {
            takenBytes += frame.lengthBytes();
            if (subscription != null) offset = subscription.cursor().offset();
            taker.take(Bytes.wrap(frame.bytes()));
        }

        @Override
        public void message(ByteBuffer payload) {}

        @Override
        public void flush() {
            release();
        }

        @Override
        public int pendingBytes() {
            return 0;
        }

        @Override
        public long takenBytes() {
            return takenBytes;
        }

        @Override
        public void pauseReads(boolean paused) {}

        @Override
        public void close(int code, String reason) {}

        @Override
        public void abort() {}
    }
}
