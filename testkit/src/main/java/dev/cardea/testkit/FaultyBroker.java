package dev.cardea.testkit;

import dev.cardea.messaging.broker.Broker;
import dev.cardea.messaging.hub.ChannelOptions;
import dev.cardea.messaging.log.StreamSlice;
import dev.cardea.messaging.presence.PresenceEvent;
import dev.cardea.wire.centrifuge.ClientInfo;
import dev.cardea.wire.centrifuge.Publication;
import dev.cardea.wire.centrifuge.StreamPosition;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * A broker as if behind a network: calls take effect late, those of one channel in their order;
 * their results come later still, out of turn; some calls fail, before or after they took effect; a
 * channel's state can be lost.
 */
public final class FaultyBroker implements Broker {
    private static final Duration LONGEST_WAY = Duration.ofMillis(30);

    /** What a call that fails comes back with. */
    public static final class Unreachable extends RuntimeException {
        Unreachable() {
            super("the broker could not be reached", null, false, false);
        }
    }

    private final Broker behind;
    private final Simulation simulation;
    private final SplittableRandom random;
    private final Map<String, Long> lastEffectNanos = new HashMap<>();
    private final Map<String, StreamPosition> lost = new HashMap<>();
    private double failing;

    public FaultyBroker(Broker behind, Simulation simulation) {
        this.behind = behind;
        this.simulation = simulation;
        this.random = simulation.random();
    }

    /** So many of all calls fail, 0 to 1; half of those take effect all the same. */
    public void fail(double share) {
        failing = share;
    }

    /** The channel's stream begins anew: another epoch, no publications, offset 0. */
    public void loseState(String channel, StreamPosition top) {
        lost.put(channel, top);
    }

    private <T> CompletionStage<T> call(String channel, Supplier<CompletionStage<T>> effect) {
        boolean fails = random.nextDouble() < failing;
        boolean failsBefore = fails && random.nextBoolean();
        CompletableFuture<T> result = new CompletableFuture<>();
        long earliest = simulation.nowNanos() + wayNanos();
        long effectNanos =
                Math.max(earliest, lastEffectNanos.getOrDefault(channel, Long.MIN_VALUE));
        lastEffectNanos.put(channel, effectNanos);
        simulation.after(
                Duration.ofNanos(effectNanos - simulation.nowNanos()),
                () -> {
                    CompletionStage<T> stage =
                            failsBefore
                                    ? CompletableFuture.failedFuture(new Unreachable())
                                    : effect.get();
                    simulation.after(
                            Duration.ofNanos(wayNanos()), () -> complete(result, stage, fails));
                });
        return result;
    }

    private static <T> void complete(
            CompletableFuture<T> result, CompletionStage<T> stage, boolean fails) {
        if (fails) {
            result.completeExceptionally(new Unreachable());
            return;
        }
        var _ =
                stage.whenComplete((value, failure) -> {
                    if (failure != null) result.completeExceptionally(failure);
                    else result.complete(value);
                });
    }

    private long wayNanos() {
        return random.nextInt(4) == 0 ? 0 : random.nextLong(LONGEST_WAY.toNanos());
    }

    @Override
    public CompletionStage<Void> follow(String channel, ChannelOptions options) {
        return call(channel, () -> behind.follow(channel, options));
    }

    @Override
    public void unfollow(String channel) {
        behind.unfollow(channel);
    }

    @Override
    public CompletionStage<Published> publish(
            String channel, ChannelOptions options, Publication publication, PublishOptions how) {
        return call(channel, () -> behind.publish(channel, options, publication, how));
    }

    @Override
    public boolean keepsOrder(String channel, ChannelOptions options) {
        return true;
    }

    @Override
    public CompletionStage<Void> publishEvents(
            String channel, ChannelOptions options, List<PresenceEvent> events) {
        return call(channel, () -> behind.publishEvents(channel, options, events));
    }

    @Override
    public CompletionStage<StreamSlice> history(
            String channel, ChannelOptions options, HistoryQuery query) {
        return call(
                channel,
                () -> {
                    StreamPosition top = lost.get(channel);
                    return top == null
                            ? behind.history(channel, options, query)
                            : CompletableFuture.completedFuture(new StreamSlice(List.of(), top));
                });
    }

    @Override
    public CompletionStage<Void> removeHistory(String channel, ChannelOptions options) {
        return call(channel, () -> behind.removeHistory(channel, options));
    }

    @Override
    public CompletionStage<Void> addPresence(String channel, ClientInfo member) {
        return call(channel, () -> behind.addPresence(channel, member));
    }

    @Override
    public CompletionStage<Void> removePresence(String channel, String client) {
        return call(channel, () -> behind.removePresence(channel, client));
    }

    @Override
    public CompletionStage<Map<String, ClientInfo>> presence(String channel) {
        return call(channel, () -> behind.presence(channel));
    }

    @Override
    public CompletionStage<PresenceStats> presenceStats(String channel) {
        return call(channel, () -> behind.presenceStats(channel));
    }
}
