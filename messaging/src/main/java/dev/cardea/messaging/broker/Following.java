package dev.cardea.messaging.broker;

import dev.cardea.messaging.broker.Origin.Piece;
import dev.cardea.messaging.hub.Channel;
import dev.cardea.messaging.hub.ChannelOptions;
import dev.cardea.messaging.log.ChannelLog.Replicated;
import dev.cardea.wire.centrifuge.Publication;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * One channel that this node follows. What arrives is either the next of what the replica has, or
 * the stream is read; while it is read, what arrives waits, within bounds: what doesn't fit is read
 * too.
 */
final class Following {
    private static final int READ_AT_ONCE = 500;
    private static final int WAITING_AT_MOST = 1_000;
    private static final long WAITING_BYTES_AT_MOST = 4 * 1024 * 1024;

    private final Replicas replicas;
    private final String name;

    // Guarded by this; subscriptions and ready also by the map that this is in.
    private int subscriptions;
    private CompletableFuture<Void> ready = new CompletableFuture<>();

    /** The log's channel; null until the first subscription has come. */
    private @Nullable Channel local;

    private @Nullable ChannelOptions options;

    /** Where the replica stands; null: it hasn't begun, or there is no history. */
    private @Nullable Mark top;

    private boolean hasBegun;
    private boolean isReading;
    private boolean isDoubtful;
    private boolean hasEnded;

    private final ArrayDeque<Arrival> waiting = new ArrayDeque<>();
    private long waitingBytes;
    private long heardNanos;

    Following(Replicas replicas, String name) {
        this.replicas = replicas;
        this.name = name;
    }

    synchronized CompletionStage<Void> ready() {
        return ready;
    }

    /** One more subscription. */
    void add(ChannelOptions now) {
        boolean begins;
        boolean moved;
        synchronized (this) {
            subscriptions++;
            Channel found = replicas.hub().find(name);
            ChannelOptions before = options;
            begins = before == null || ready.isCompletedExceptionally();
            // The hub may have forgotten the channel and made another, whose log is no replica.
            moved =
                    found != local
                            || (before != null
                                    && before.log().hasHistory() != now.log().hasHistory());
            options = now;
            if (found != null) local = found;
            if (!begins && !moved) return;
            hasBegun = false;
            ready = new CompletableFuture<>();
        }
        if (begins) settle(replicas.origin().listen(name).thenCompose(_ -> stand()));
        else settle(stand());
    }

    /** Whether that was the last one. */
    boolean remove() {
        Channel known;
        synchronized (this) {
            if (--subscriptions > 0) return false;
            hasEnded = true;
            waiting.clear();
            known = replicas.hub().find(name); // with a reader that is about to follow
        }
        replicas.origin().ignore(name);
        if (known != null) known.log().endReplica();
        return true;
    }

    // ---- beginning ----

    /** Where the stream stands; null without history. */
    private CompletionStage<@Nullable Mark> stand() {
        ChannelOptions now = options();
        if (!now.log().hasHistory()) return CompletableFuture.completedFuture(null);
        return replicas.origin().read(name, now, 0, 0).thenApply(Piece::top);
    }

    private void settle(CompletionStage<@Nullable Mark> stage) {
        CompletableFuture<Void> settled;
        synchronized (this) {
            settled = ready;
        }
        var _ =
                stage.whenComplete((mark, failure) -> {
                    if (failure != null) {
                        settled.completeExceptionally(failure);
                    } else {
                        begin(mark);
                        complete(settled);
                    }
                });
    }

    @SuppressWarnings("NullAway") // the value of a stage of Void is null by definition
    private static void complete(CompletableFuture<Void> stage) {
        stage.complete(null);
    }

    private void begin(@Nullable Mark mark) {
        synchronized (this) {
            if (hasEnded) return;
            hasBegun = true;
            top = mark;
            heardNanos = replicas.nowNanos();
            if (mark != null && local != null) local.log().replicateFrom(mark.position());
            isReading = true; // for the while that what has waited is looked at
        }
        goOn();
    }

    private synchronized ChannelOptions options() {
        return Objects.requireNonNull(options);
    }

    // ---- what arrives ----

    void arrived(Arrival arrival) {
        Mark from;
        synchronized (this) {
            if (hasEnded) return;
            if (!hasBegun || isReading || isDoubtful) {
                if (!(arrival instanceof Arrival.Doubt)) hold(arrival);
                else if (isReading) isDoubtful = true; // read once more
                return;
            }
            if (take(arrival)) return;
            from = beginReading();
        }
        if (from != null) read(from);
    }

    /** While the stream is read anew. */
    private void hold(Arrival arrival) {
        waitingBytes += bytes(arrival);
        if (waiting.size() >= WAITING_AT_MOST || waitingBytes > WAITING_BYTES_AT_MOST) {
            waiting.clear();
            waitingBytes = 0;
        }
        waiting.add(arrival);
    }

    private static long bytes(Arrival arrival) {
        return switch (arrival) {
            case Arrival.Appended appended -> appended.publication().data().length();
            case Arrival.Passing passing -> passing.publication().data().length();
            case Arrival.Events events -> 256L * events.events().size();
            case Arrival.Doubt _ -> 0;
        };
    }

    /** False: it isn't the next of what the replica has, so that the stream has to be read. */
    private boolean take(Arrival arrival) {
        Channel channel = local;
        if (channel == null) return true;
        long now = replicas.nowNanos();
        switch (arrival) {
            case Arrival.Appended appended -> {
                if (top == null || appended.at().isSame(top)) return true;
                return isNext(appended, top) && append(channel, appended, now);
            }
            case Arrival.Passing(boolean isPatched, Publication publication) -> {
                var _ = channel.append(publication, true, isPatched, 0, "", now);
                shed(channel, now);
            }
            case Arrival.Events(var events) -> channel.appendEvents(events, now);
            case Arrival.Doubt _ -> {
                return top == null;
            }
        }
        return true;
    }

    private static boolean isNext(Arrival.Appended appended, Mark top) {
        return appended.at().epoch().equals(top.epoch())
                && top.isAt(appended.previousOffset(), appended.previousNonce());
    }

    private boolean append(Channel channel, Arrival.Appended appended, long now) {
        Mark at = appended.at();
        Replicated replicated =
                channel.replicate(
                        appended.publication(),
                        appended.previousOffset(),
                        at.position(),
                        appended.isPatched(),
                        now);
        if (replicated != Replicated.APPENDED) return false;
        top = at;
        heardNanos = now;
        shed(channel, now);
        return true;
    }

    private void shed(Channel channel, long now) {
        String namespace = channel.options().namespace();
        if (replicas.hub().budget(namespace).excessBytes() > 0) replicas.hub().shed(namespace, now);
    }

    // ---- reading what is missing ----

    void tick(long now, long checkNanos) {
        Mark from;
        synchronized (this) {
            if (hasEnded || !hasBegun || isReading || top == null) return;
            if (!isDoubtful && now - heardNanos < checkNanos) return;
            from = beginReading();
        }
        if (from != null) read(from);
    }

    private @Nullable Mark beginReading() {
        isDoubtful = false;
        isReading = true;
        return top;
    }

    private void read(Mark from) {
        var _ =
                replicas.origin()
                        .read(name, options(), from.offset(), READ_AT_ONCE)
                        .whenComplete((piece, failure) -> {
                            if (failure != null || piece == null) failed();
                            else took(from, piece);
                        });
    }

    /** Asked again at the next tick. */
    private synchronized void failed() {
        isReading = false;
        isDoubtful = true;
    }

    private void took(Mark from, Piece piece) {
        boolean isForked;
        synchronized (this) {
            if (hasEnded || local == null) return;
            heardNanos = replicas.nowNanos();
            if (!hasBegun || !from.equals(top)) return; // it has begun anew meanwhile
            if (!piece.top().epoch().equals(from.epoch())) {
                beginAnew(local, piece.top());
                isForked = false;
            } else {
                isForked = isForked(from, piece);
                if (!isForked) follow(local, from, piece);
            }
        }
        if (isForked) renew(from);
        else goOn();
    }

    /** The stream has been where the replica is, and was something else there. */
    private static boolean isForked(Mark from, Piece piece) {
        int ahead = Long.compareUnsigned(piece.top().offset(), from.offset());
        if (ahead < 0) return true;
        if (ahead == 0) return piece.top().nonce() != from.nonce();
        if (piece.publications().isEmpty()) return false;
        Arrival.Appended first = piece.publications().getFirst();
        return first.previousOffset() == from.offset()
                && !from.isAt(first.previousOffset(), first.previousNonce());
    }

    private void follow(Channel channel, Mark from, Piece piece) {
        if (piece.top().offset() == from.offset()) return;
        long now = replicas.nowNanos();
        for (Arrival.Appended appended : piece.publications()) {
            Mark stands = Objects.requireNonNull(top);
            if (!isNext(appended, stands) || !append(channel, appended, now)) {
                beginAnew(channel, piece.top()); // the broker doesn't keep what is missing
                return;
            }
        }
        Mark stands = Objects.requireNonNull(top);
        if (piece.publications().isEmpty()) beginAnew(channel, piece.top());
        else if (stands.offset() != piece.top().offset()) isDoubtful = true; // there is more
    }

    /** Readers are told that they missed something; what they ask for then is the broker's. */
    private void beginAnew(Channel channel, Mark mark) {
        top = mark;
        channel.replicateAnewFrom(mark.position());
    }

    private void renew(Mark lost) {
        var _ =
                replicas.origin()
                        .renew(name, options(), lost)
                        .whenComplete((mark, failure) -> {
                            if (failure != null || mark == null) {
                                failed();
                                return;
                            }
                            synchronized (this) {
                                if (hasEnded || local == null) return;
                                beginAnew(local, mark);
                            }
                            goOn();
                        });
    }

    /** Has been read: what has waited is looked at, until it has to be read again. */
    private void goOn() {
        Mark from = null;
        synchronized (this) {
            isReading = false;
            List<Arrival> held = new ArrayList<>(waiting);
            waiting.clear();
            waitingBytes = 0;
            for (Arrival arrival : held) {
                if (isReading || isDoubtful) hold(arrival);
                else if (!isPassed(arrival) && !take(arrival)) {
                    from = beginReading();
                    hold(arrival);
                }
            }
            if (isDoubtful && !isReading && top != null) from = beginReading();
        }
        if (from != null) read(from);
    }

    /** It was among what has been read. */
    private boolean isPassed(Arrival arrival) {
        return arrival instanceof Arrival.Appended appended
                && top != null
                && appended.at().epoch().equals(top.epoch())
                && Long.compareUnsigned(appended.at().offset(), top.offset()) <= 0;
    }
}
