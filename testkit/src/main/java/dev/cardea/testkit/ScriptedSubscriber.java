package dev.cardea.testkit;

import dev.cardea.messaging.mercure.MercureHub;
import dev.cardea.messaging.mercure.Rights;
import dev.cardea.messaging.mercure.Subscriber;
import dev.cardea.wire.mercure.SubscribeQuery;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Somebody who reads a Mercure hub's events, as a browser's EventSource would, and keeps them. */
public final class ScriptedSubscriber {
    /**
     * @param type empty: none
     * @param id empty: none
     */
    public record Event(String type, String id, String data) {}

    private final Simulation simulation;
    private final SimulatedLoop loop;
    private final StringBuilder stream = new StringBuilder();
    private final SimulatedOutlet outlet;
    private @Nullable Subscriber subscriber;

    private ScriptedSubscriber(Simulation simulation, SimulatedLoop loop) {
        this.simulation = simulation;
        this.loop = loop;
        this.outlet = new SimulatedOutlet(loop, this::receive, this::writable, () -> {});
    }

    /**
     * Subscribes, on one of the simulation's loops, as soon as the hub can tell where it stands.
     *
     * @param query as in the hub's URL
     * @param lastEventId of the header; null: none
     */
    public static ScriptedSubscriber of(
            Simulation simulation,
            SimulatedLoop loop,
            MercureHub hub,
            String query,
            @Nullable String lastEventId,
            @Nullable Rights rights) {
        ScriptedSubscriber scripted = new ScriptedSubscriber(simulation, loop);
        SubscribeQuery read =
                SubscribeQuery.read(query, hub.selectors()::of).withLastEventId(lastEventId);
        CompletableFuture<Void> place = hub.awaitPlace(read).toCompletableFuture();
        Runnable begin =
                () -> {
                    Subscriber made = hub.subscribe(loop.shard(), read, rights);
                    scripted.subscriber = made;
                    made.begin(scripted.outlet, simulation.nowNanos());
                };
        if (place.isDone()) {
            simulation.on(loop, begin);
        } else {
            var _ = place.whenComplete((_, _) -> loop.execute(begin));
        }
        return scripted;
    }

    private void receive(ByteBuffer message) {
        stream.append(StandardCharsets.UTF_8.decode(message.duplicate()));
    }

    private Subscriber subscriber() {
        if (subscriber == null) throw new AssertionError("not subscribed");
        return subscriber;
    }

    private void writable() {
        subscriber().writable(simulation.nowNanos());
    }

    /** The connection is cut. What was on its way is lost. */
    public void cut() {
        simulation.on(
                loop,
                () -> {
                    subscriber().close(simulation.nowNanos());
                    if (outlet.closing() == null) outlet.abort();
                });
    }

    public SimulatedOutlet outlet() {
        return outlet;
    }

    public String id() {
        return subscriber().id();
    }

    public @Nullable String answeredLastEventId() {
        return subscriber().answeredLastEventId();
    }

    /** Everything that was received, as it came. */
    public String stream() {
        return stream.toString();
    }

    public List<Event> events() {
        List<Event> events = new ArrayList<>();
        for (String block : stream.toString().split("\n\n", -1)) {
            String type = "";
            String id = "";
            List<String> data = new ArrayList<>();
            for (String line : block.split("\n", -1)) {
                if (line.startsWith("event: ")) type = line.substring(7);
                if (line.startsWith("id: ")) id = line.substring(4);
                if (line.startsWith("data: ")) data.add(line.substring(6));
            }
            if (!data.isEmpty()) events.add(new Event(type, id, String.join("\n", data)));
        }
        return events;
    }

    /** The newest identifier; null: none came. */
    public @Nullable String lastEventId() {
        String last = null;
        for (Event event : events()) if (!event.id().isEmpty()) last = event.id();
        return last;
    }
}
