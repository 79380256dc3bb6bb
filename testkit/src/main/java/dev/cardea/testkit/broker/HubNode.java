package dev.cardea.testkit.broker;

import dev.cardea.messaging.broker.Broker;
import dev.cardea.messaging.broker.NodeBroker;
import dev.cardea.messaging.hub.Hub;
import dev.cardea.messaging.log.MemoryBudget;
import dev.cardea.messaging.mercure.MappedNamespace;
import dev.cardea.messaging.mercure.MercureHub;
import dev.cardea.messaging.mercure.MercureOptions;
import dev.cardea.messaging.mercure.Retention;
import dev.cardea.messaging.session.NameRules;
import dev.cardea.testkit.ChannelSettings;
import dev.cardea.testkit.ScriptedSubscriber;
import dev.cardea.testkit.SimulatedLoop;
import dev.cardea.testkit.Simulation;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.mercure.Topic;
import dev.cardea.wire.mercure.Update;
import dev.cardea.wire.mercure.Url;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One of several nodes that share a Mercure hub, mapped to the namespace {@code news}. */
public final class HubNode {
    static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration DAY = Duration.ofDays(1);
    private static final Duration RENEWAL = Duration.ofSeconds(10);

    private final Simulation simulation;
    private final SimulatedLoop loop;
    private final NodeBroker node;
    private final MercureHub hub;
    private final MappedNamespace mapped;
    private final Hub channels;
    private int uuids;

    /**
     * @param joins this node's broker
     * @param size updates that are kept
     */
    HubNode(Simulation simulation, String id, int size, Function<Hub, NodeBroker> joins) {
        this.simulation = simulation;
        this.loop = simulation.addLoop(0, 1 << 30);
        this.channels = new Hub(_ -> new MemoryBudget(1 << 30), () -> "of " + id, 1_000);
        var shard = loop.shard();
        this.hub =
                new MercureHub(
                        Objects.requireNonNull(
                                Url.parse("https://hub.example.com/.well-known/mercure", null)),
                        new Retention(100_000, 1 << 30, DAY.toNanos(), size, 1 << 30),
                        new MercureOptions(true, 0, 0, Duration.ofSeconds(5).toNanos(), 64 * 1024),
                        List.of(shard),
                        () -> id + "-" + ++uuids,
                        simulation::unixMillis,
                        simulation.random());
        channels.setShards(List.of(shard));
        this.node = joins.apply(channels);
        Broker broker = node.broker();
        hub.shareThrough(broker, channels, shard, RENEWAL.toNanos());
        this.mapped =
                new MappedNamespace(
                        broker,
                        hub,
                        "news",
                        NameRules.DEFAULT,
                        _ -> ChannelSettings.of("news").history(100, DAY).build(),
                        simulation::nowNanos);
        simulation.on(loop, () -> hub.startTimers(shard));
        simulation.runUntil(hub::hasBegun, PATIENCE);
    }

    MercureHub hub() {
        return hub;
    }

    /** The broker as sessions of the node see it. */
    Broker broker() {
        return mapped;
    }

    CompletionStage<String> publish(String id, String data, String... topics) {
        List<Topic> all = List.of(topics).stream().map(hub::topic).toList();
        return mapped.publish(new Update(all, false, id, "", Update.NO_RETRY, Bytes.utf8(data)));
    }

    /** Subscribes, once the hub can tell where it stood. */
    ScriptedSubscriber subscribe(String query, @Nullable String lastEventId) {
        return ScriptedSubscriber.of(simulation, loop, hub, query, lastEventId, null);
    }

    void close() {
        node.close();
    }
}
