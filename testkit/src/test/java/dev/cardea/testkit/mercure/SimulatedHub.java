package dev.cardea.testkit.mercure;

import dev.cardea.messaging.mercure.MercureHub;
import dev.cardea.messaging.mercure.MercureOptions;
import dev.cardea.messaging.mercure.Retention;
import dev.cardea.messaging.mercure.Rights;
import dev.cardea.testkit.ScriptedSubscriber;
import dev.cardea.testkit.SimulatedLoop;
import dev.cardea.testkit.Simulation;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.mercure.Generation;
import dev.cardea.wire.mercure.SubscriptionDocument;
import dev.cardea.wire.mercure.Topic;
import dev.cardea.wire.mercure.TopicSelector;
import dev.cardea.wire.mercure.Update;
import dev.cardea.wire.mercure.Url;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A hub on simulated loops, with what tests ask of it. */
final class SimulatedHub {
    static final Retention PLENTY =
            new Retention(100_000, 1 << 30, Duration.ofDays(1).toNanos(), 1_000_000, 1 << 30);
    static final MercureOptions OPTIONS =
            new MercureOptions(
                    false,
                    Duration.ofSeconds(40).toNanos(),
                    0,
                    Duration.ofSeconds(5).toNanos(),
                    64 * 1024);

    final Simulation simulation;
    final MercureHub hub;
    private int uuids;

    SimulatedHub(long seed, int loops, Retention retention, MercureOptions options) {
        simulation = Simulation.seeded(seed);
        for (int i = 0; i < loops; i++) simulation.addLoop(1 << 30);
        hub =
                new MercureHub(
                        Objects.requireNonNull(
                                Url.parse("https://hub.example.com/.well-known/mercure", null)),
                        retention,
                        options,
                        simulation.loops().stream().map(SimulatedLoop::shard).toList(),
                        () -> "uuid-" + ++uuids,
                        simulation::unixMillis,
                        simulation.random());
        hub.startTimers(simulation.loops().getFirst().shard());
    }

    SimulatedHub(Retention retention) {
        this(1, 1, retention, OPTIONS);
    }

    static Retention retention(int topicSize) {
        return new Retention(topicSize, 1 << 30, Duration.ofDays(1).toNanos(), 1_000_000, 1 << 30);
    }

    String publish(String id, String data, String... topics) {
        return publish(id, data, false, topics);
    }

    String publishPrivately(String id, String data, String... topics) {
        return publish(id, data, true, topics);
    }

    private String publish(String id, String data, boolean isPrivate, String... topics) {
        List<Topic> all = Stream.of(topics).map(hub::topic).toList();
        Update update = new Update(all, isPrivate, id, "", Update.NO_RETRY, Bytes.utf8(data));
        return hub.append(update, false, simulation.nowNanos()).id();
    }

    List<SubscriptionDocument> subscriptions() {
        return hub.subscriptions().toCompletableFuture().join();
    }

    ScriptedSubscriber subscribe(String query) {
        return subscribe(query, null, null);
    }

    ScriptedSubscriber subscribe(String query, @Nullable String lastEventId) {
        return subscribe(query, lastEventId, null);
    }

    ScriptedSubscriber subscribe(
            String query, @Nullable String lastEventId, @Nullable Rights rights) {
        return subscribe(simulation.loops().getFirst(), query, lastEventId, rights);
    }

    ScriptedSubscriber subscribe(
            SimulatedLoop loop,
            String query,
            @Nullable String lastEventId,
            @Nullable Rights rights) {
        return ScriptedSubscriber.of(simulation, loop, hub, query, lastEventId, rights);
    }

    static Rights mayRead(String... topics) {
        return new Rights.Builder()
                .subscribe(Stream.of(topics).map(TopicSelector::topic).toList(), Bytes.EMPTY)
                .build(Generation.ZERO, Bytes.EMPTY, 0);
    }

    static List<String> data(ScriptedSubscriber subscriber) {
        return subscriber.events().stream()
                .filter(event -> !event.type().equals("cardea-gap"))
                .map(ScriptedSubscriber.Event::data)
                .toList();
    }

    static long gaps(ScriptedSubscriber subscriber) {
        return subscriber.events().stream()
                .filter(event -> event.type().equals("cardea-gap"))
                .count();
    }
}
