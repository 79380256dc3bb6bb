package dev.cardea.server.peerjs;

import dev.cardea.messaging.cluster.Cluster;
import dev.cardea.messaging.peerjs.OtherRealms;
import dev.cardea.messaging.peerjs.Realm;
import dev.cardea.messaging.peerjs.RealmCodec;
import dev.cardea.messaging.peerjs.RealmCounters;
import dev.cardea.messaging.peerjs.RealmMessage;
import dev.cardea.messaging.peerjs.RealmOptions;
import dev.cardea.messaging.peerjs.Registration;
import dev.cardea.messaging.session.Disconnect;
import dev.cardea.server.net.NettyLoop;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.Malformed;
import dev.cardea.wire.peerjs.ClientMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The realm on its event loop, with the way to those of other nodes. Thread safe. */
final class RealmLoop implements OtherRealms {
    private static final Logger LOG = LoggerFactory.getLogger(RealmLoop.class);
    private static final long TICK_MILLIS = 250;

    private final NettyLoop loop;
    private final Realm realm;
    private final RealmCounters counters = new RealmCounters();
    private volatile @Nullable Cluster cluster;

    /** A look at all peers that is due; null: none. */
    private final AtomicReference<@Nullable CompletableFuture<@Nullable Void>> look =
            new AtomicReference<>();

    /**
     * @param node this node's id
     */
    RealmLoop(NettyLoop loop, String node, RealmOptions options) {
        this.loop = loop;
        this.realm = new Realm(node, options, this, counters, loop.nowNanos());
    }

    RealmCounters counters() {
        return counters;
    }

    /** Peers that have their ids. */
    int count() {
        return realm.count();
    }

    int waitingCount() {
        return realm.waitingCount();
    }

    /** Begins to speak with other nodes. */
    void start(Cluster others) {
        cluster = others;
        var _ =
                loop.eventLoop()
                        .scheduleAtFixedRate(
                                this::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Netty would never tick again after anything that is thrown. */
    private void tick() {
        try {
            realm.tick(loop.nowNanos());
        } catch (RuntimeException | Error e) {
            LOG.error("tick_failed", e);
        }
    }

    // ---- connections, from their loops ----

    void open(Registration wanted) {
        loop.execute(() -> realm.open(wanted, loop.nowNanos()));
    }

    /**
     * @param done given, on this loop, for how long the next message is to wait
     */
    void receive(Registration from, ClientMessage message, int bytes, LongConsumer done) {
        loop.execute(() -> done.accept(realm.receive(from, message, bytes, loop.nowNanos())));
    }

    void left(Registration gone) {
        try {
            loop.execute(() -> realm.left(gone));
        } catch (RejectedExecutionException _) {
            // the server ends, and its loops one after the other
        }
    }

    /** The ids of all nodes. */
    void ids(Consumer<List<String>> done) {
        loop.execute(() -> realm.ids(done, loop.nowNanos()));
    }

    // ---- the application ----

    CompletionStage<@Nullable Void> disconnect(String user, Disconnect why) {
        return on(new CompletableFuture<>(), () -> realm.disconnect(user, why));
    }

    CompletionStage<@Nullable Void> refresh(String user, long lifetimeNanos) {
        return on(
                new CompletableFuture<>(),
                () -> realm.refresh(user, lifetimeNanos, loop.nowNanos()));
    }

    /** However many credentials are taken back meanwhile, all peers are looked at once more. */
    CompletionStage<@Nullable Void> endRevoked() {
        CompletableFuture<@Nullable Void> mine = new CompletableFuture<>();
        CompletableFuture<@Nullable Void> due = look.compareAndExchange(null, mine);
        if (due != null) return due;
        return on(
                mine,
                () -> {
                    look.set(null);
                    realm.endRevoked();
                });
    }

    private CompletionStage<@Nullable Void> on(
            CompletableFuture<@Nullable Void> done, Runnable task) {
        try {
            loop.execute(() -> {
                try {
                    task.run();
                } finally {
                    done.complete(null);
                }
            });
        } catch (RejectedExecutionException _) {
            done.complete(null); // the loop has ended, and its peers with it
        }
        return done;
    }

    // ---- the end ----

    /** What tells each of those that are open now; to be called from another thread. */
    List<Runnable> ends() {
        CompletableFuture<List<Runnable>> ends = new CompletableFuture<>();
        loop.execute(() -> {
            List<Runnable> all = new ArrayList<>();
            for (Registration each : realm.all())
                all.add(() -> loop.execute(() -> realm.moveOn(each)));
            ends.complete(all);
        });
        return ends.join();
    }

    void leave() {
        loop.execute(realm::leave);
    }

    // ---- other nodes ----

    /** What another node's realm says. */
    void heard(String from, Bytes what) {
        RealmMessage message;
        try {
            message = RealmCodec.read(what);
        } catch (Malformed _) {
            return; // of another version of the server
        }
        loop.execute(() -> realm.heard(from, message, loop.nowNanos()));
    }

    @Override
    public void toAll(RealmMessage message) {
        Cluster others = cluster;
        if (others != null) others.tellRealms(RealmCodec.write(message));
    }

    @Override
    public void toNode(String node, RealmMessage message) {
        Cluster others = cluster;
        if (others == null) return;
        CompletionStage<Boolean> told = others.tellRealm(node, RealmCodec.write(message));
        var _ =
                told.whenComplete((isKnown, failure) -> {
                    if (failure == null && Boolean.TRUE.equals(isKnown)) return;
                    loop.execute(() -> realm.undelivered(node, message, loop.nowNanos()));
                });
    }
}
