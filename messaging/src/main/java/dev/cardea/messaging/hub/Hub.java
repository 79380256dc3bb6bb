package dev.cardea.messaging.hub;

import dev.cardea.messaging.log.ChannelLog;
import dev.cardea.messaging.log.Cursor;
import dev.cardea.messaging.log.MemoryBudget;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * All channels of this node that somebody needs. Thread safe; the methods that take a shard are for
 * its loop only.
 *
 * <p>A channel is made when it is first subscribed to, or published to with history, and forgotten
 * when it has neither readers nor history, or its stream's position has outlived {@code
 * history_meta_ttl}.
 */
public final class Hub {
    /** Channels whose names begin with it are the node's own: no client and no caller has them. */
    public static final String OWN = "\0";

    private static final int SWEPT_AT_ONCE = 2_000;

    /** The same while too many are kept. */
    private static final int SWEPT_AT_ONCE_IN_NEED = 20_000;

    private static final int SHED_STEPS = 16;

    private final Map<String, Channel> channels = new ConcurrentHashMap<>();
    private final Map<String, MemoryBudget> budgets = new ConcurrentHashMap<>();
    private final Map<Shard, PresenceGatherer> gatherers = new ConcurrentHashMap<>();
    private final AtomicBoolean shedding = new AtomicBoolean();
    private final Function<String, MemoryBudget> budgetOfNamespace;
    private final Supplier<String> newEpoch;
    private final int maxIdleStreams;

    /** Channels with a reader; changed inside the map's operations. */
    private final AtomicInteger heldChannels = new AtomicInteger();

    private volatile List<Shard> shards = List.of();
    private Iterator<Channel> sweep = List.<Channel>of().iterator();

    /**
     * @param budgetOfNamespace the share of memory that a namespace's publications may take
     * @param newEpoch makes a stream's epoch: 8 random characters
     * @param maxIdleStreams channels that nobody reads, with history or with a stream's position
     *     alone; past this many positions are forgotten before their time
     */
    public Hub(
            Function<String, MemoryBudget> budgetOfNamespace,
            Supplier<String> newEpoch,
            int maxIdleStreams) {
        this.maxIdleStreams = maxIdleStreams;
        this.budgetOfNamespace = budgetOfNamespace;
        this.newEpoch = newEpoch;
    }

    /** Before the first channel is made, and before the loops run. */
    public void setShards(List<Shard> shards) {
        this.shards = List.copyOf(shards);
        shards.getFirst().sweeps(this);
    }

    public List<Shard> shards() {
        return shards;
    }

    public @Nullable Channel find(String name) {
        return channels.get(name);
    }

    public Collection<Channel> channels() {
        return channels.values();
    }

    /** The channel, made if need be. */
    public Channel open(String name, ChannelOptions options, long nowNanos) {
        Channel known = channels.get(name);
        return known != null
                ? known
                : channels.computeIfAbsent(name, n -> create(n, options, nowNanos));
    }

    private Channel create(String name, ChannelOptions options, long nowNanos) {
        ChannelLog log =
                new ChannelLog(
                        name, options.log(), budget(options.namespace()), newEpoch.get(), nowNanos);
        return new Channel(name, options, log, shards.size());
    }

    public MemoryBudget budget(String namespace) {
        return budgets.computeIfAbsent(namespace, budgetOfNamespace);
    }

    public Map<String, MemoryBudget> budgets() {
        return budgets;
    }

    /**
     * Registers a reader, whose cursor stands at the head. From here on nothing that is appended is
     * lost to it; it reads once {@link Delivery#start} is called.
     */
    public Subscription subscribe(
            String name, ChannelOptions options, Delivery delivery, Wanted wanted, long nowNanos) {
        Shard shard = delivery.shard();
        assert shard.loop().isCurrent() : "subscribe to " + name + " on another thread";
        Channel channel =
                channels.compute(
                        name,
                        (n, known) -> {
                            Channel held = known != null ? known : create(n, options, nowNanos);
                            held.adopt(options);
                            if (!held.isHeld()) heldChannels.incrementAndGet();
                            held.hold();
                            return held;
                        });
        // First the loop can be woken, then the window keeps entries: what is appended in between
        // wakes for nothing.
        LocalChannel local = channel.local(shard, nowNanos);
        long head = channel.log().addReader();
        Cursor cursor = wanted.cursor(channel.log(), head, local.judges());
        Subscription subscription = new Subscription(local, delivery, cursor);
        local.add(subscription);
        return subscription;
    }

    /** The loop's own; on that loop. */
    public PresenceGatherer gatherer(Shard shard) {
        return gatherers.computeIfAbsent(shard, PresenceGatherer::new);
    }

    public void unsubscribe(Subscription subscription, long nowNanos) {
        LocalChannel local = subscription.channel();
        Shard shard = local.shard();
        assert shard.loop().isCurrent() : "unsubscribe on another thread";
        subscription.delivery().forget(subscription);
        local.remove(subscription);
        Channel channel = local.channel();
        if (local.isEmpty()) channel.dropLocal(shard);
        channel.log().removeReader();
        channels.computeIfPresent(
                channel.name(),
                (_, held) -> {
                    held.release();
                    if (!held.isHeld()) heldChannels.decrementAndGet();
                    return isForgotten(held, nowNanos) ? null : held;
                });
    }

    private boolean isForgotten(Channel channel, long nowNanos) {
        if (channel.isHeld()) return false;
        synchronized (
                channel.log()) { // appends hold it too: none may slip in between the look and the
            // end
            if (!channel.log().isIdle(nowNanos)) return false;
            boolean outlived =
                    nowNanos - channel.log().lastAppendNanos()
                            >= channel.options().historyMetaTtlNanos();
            if (channel.log().keepsPosition() && !outlived && !isShortOfPlace()) return false;
            channel.retire();
            return true;
        }
    }

    private boolean isShortOfPlace() {
        return channels.size() - heldChannels.get() > maxIdleStreams;
    }

    /**
     * Looks after a part of all channels: expires history, forgets what nobody needs. Called by one
     * loop's timer.
     */
    void sweep(long nowNanos) {
        if (!sweep.hasNext()) sweep = channels.values().iterator();
        int looks = isShortOfPlace() ? SWEPT_AT_ONCE_IN_NEED : SWEPT_AT_ONCE;
        for (int i = 0; i < looks && sweep.hasNext(); i++) {
            Channel channel = sweep.next();
            channel.log().trim(channel.passed(), nowNanos);
            if (channel.isHeld()) continue;
            channels.computeIfPresent(
                    channel.name(), (_, held) -> isForgotten(held, nowNanos) ? null : held);
        }
    }

    /**
     * Brings a namespace back under its budget: what was appended first goes first, over all its
     * channels. Costs a few looks at each channel, and frees so much that it isn't needed again
     * soon.
     */
    public void shed(String namespace, long nowNanos) {
        MemoryBudget budget = budget(namespace);
        if (budget.excessBytes() <= 0 || !shedding.compareAndSet(false, true)) return;
        try {
            long oldest = nowNanos;
            for (Channel channel : channels.values()) {
                if (channel.options().namespace().equals(namespace))
                    oldest = channel.log().oldestNanos(oldest);
            }
            long step = Math.max(1, (nowNanos - oldest) / SHED_STEPS);
            long target = -budget.limitBytes() / SHED_STEPS;
            for (int i = 1; i <= SHED_STEPS && budget.excessBytes() > target; i++) {
                for (Channel channel : channels.values()) {
                    if (channel.options().namespace().equals(namespace))
                        channel.log().shed(oldest + i * step);
                }
            }
        } finally {
            shedding.set(false);
        }
    }
}
