package dev.cardea.server.redis;

import dev.cardea.server.redis.Ear.Patience;
import dev.cardea.server.redis.Ear.Wiring;
import dev.cardea.server.redis.Slots.Member;
import io.netty.util.concurrent.EventExecutor;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Listens to a cluster's masters, to each for the names of its slots. When slots move, names move
 * after them, and are read once more. Belongs to the shard's thread.
 */
final class SlotEars implements AutoCloseable {
    private static final long AGAIN_MILLIS = 200;
    private static final int MAX_ECHO_TRIES = 1_000_000;

    private final EventExecutor owner;
    private final Slots slots;
    private final Patience patience;

    /** Names of this node alone begin so. */
    private final String ownName;

    private final BiConsumer<String, byte[]> speaks;
    private final BiConsumer<String, byte[]> receiver;
    private final Consumer<List<String>> resumed;
    private final Runnable changed;

    private final Map<String, Ear> byMaster = new HashMap<>();

    /** The master that each name is listened to at. */
    private final Map<String, String> places = new HashMap<>();

    private boolean isRefreshing;
    private boolean isClosed;

    /**
     * @param speaks says something to a name, by its slot
     */
    SlotEars(
            EventExecutor owner,
            Slots slots,
            Patience patience,
            String ownName,
            BiConsumer<String, byte[]> speaks,
            BiConsumer<String, byte[]> receiver,
            Consumer<List<String>> resumed,
            Runnable changed) {
        this.owner = owner;
        this.slots = slots;
        this.patience = patience;
        this.ownName = ownName;
        this.speaks = speaks;
        this.receiver = receiver;
        this.resumed = resumed;
        this.changed = changed;
    }

    boolean isUp() {
        for (Ear ear : byMaster.values()) if (!ear.isUp()) return false;
        return true;
    }

    void listen(String name, CompletableFuture<Void> confirmed) {
        String master = slots.masterOf(name);
        boolean isNew = !byMaster.containsKey(master == null ? "" : master);
        Ear ear = master == null ? null : ear(master);
        if (ear == null || master == null) {
            confirmed.completeExceptionally(new Unreachable("no member has the slot"));
            return;
        }
        places.put(name, master);
        // One that isn't connected yet doesn't fail for that: it was made for this very name.
        if (isNew) ear.adopt(name, List.of(confirmed));
        else ear.listen(name, confirmed);
    }

    void ignore(String name) {
        Ear ear = byMaster.get(places.getOrDefault(name, ""));
        places.remove(name);
        if (ear != null) ear.ignore(name);
    }

    private @Nullable Ear ear(String master) {
        Ear known = byMaster.get(master);
        if (known != null) return known;
        Member member = slots.member(master);
        String echo = echo(master);
        if (member == null || echo == null) return null;
        Ear ear =
                new Ear(
                        member,
                        owner,
                        new Wiring(Subscriptions.Kind.BY_SLOT, () -> slots.subscriptions(member)),
                        patience,
                        List.of(echo),
                        echo,
                        message -> speaks.accept(echo, message),
                        receiver,
                        resumed,
                        this::dropped,
                        changed);
        byMaster.put(master, ear);
        ear.connect();
        return ear;
    }

    /** A name in a slot of that master; most often one of the first few is. */
    private @Nullable String echo(String master) {
        for (int i = 0; i < MAX_ECHO_TRIES; i++) {
            String echo = ownName + ":" + i;
            if (master.equals(slots.masterOf(echo))) return echo;
        }
        return null;
    }

    /** A member doesn't tell of a name any more: its slot has moved, or is just moving. */
    private void dropped(String name) {
        refresh();
        var _ = owner.schedule(() -> again(name), AGAIN_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** As it may be the same member after all, or one that had the slot before the others knew. */
    private void again(String name) {
        String place = places.getOrDefault(name, "");
        Ear ear = byMaster.get(place);
        if (ear == null || isClosed) return;
        settle();
        if (place.equals(places.get(name))) ear.adopt(name, List.of());
    }

    private void refresh() {
        if (isRefreshing || isClosed) return;
        isRefreshing = true;
        var _ =
                slots.refresh()
                        .whenCompleteAsync(
                                (_, _) -> {
                                    isRefreshing = false;
                                    settle();
                                },
                                owner);
    }

    /** Moves names to where their slots are, and closes what isn't of use any more. */
    private void settle() {
        if (isClosed) return;
        closeIf((master, ear) ->
                !master.equals(slots.masterOf(ear.echo()))); // it can't hear itself
        places.replaceAll((name, place) -> {
            String master = slots.masterOf(name);
            Ear before = byMaster.get(place);
            if (master == null || (master.equals(place) && before != null)) return place;
            Ear next = ear(master);
            if (next == null) return place;
            Collection<CompletableFuture<Void>> waiting =
                    before == null ? List.of() : before.release(name);
            next.adopt(name, waiting);
            return master;
        });
        Set<String> used = new HashSet<>(places.values());
        closeIf((master, ear) -> !used.contains(master) && !ear.isUp());
        changed.run();
    }

    private void closeIf(BiPredicate<String, Ear> isOver) {
        byMaster.entrySet()
                .removeIf(each -> {
                    if (!isOver.test(each.getKey(), each.getValue())) return false;
                    each.getValue().close();
                    return true;
                });
    }

    /** Once a second. */
    void tick(long nowNanos) {
        settle();
        if (!isUp()) refresh();
        // settle() may have closed some
        List.copyOf(byMaster.values()).forEach(ear -> ear.tick(nowNanos));
    }

    @Override
    public void close() {
        isClosed = true;
        byMaster.values().forEach(Ear::close);
    }
}
