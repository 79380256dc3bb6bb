package dev.cardea.server.turn;

import dev.cardea.server.net.Request;
import dev.cardea.server.net.Responder;
import dev.cardea.server.net.Response;
import dev.cardea.wire.ByteWriter;
import dev.cardea.wire.json.JsonWriter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Asks all loops what they know, for operators. */
final class TurnReports {
    /** What one answer has at most. */
    private static final int MAX_ALLOCATIONS = 10_000;

    private record Part(List<AllocationView> allocations, List<Journal.Event> events) {}

    private final List<TurnLoop> loops;
    private final String ports;

    TurnReports(List<TurnLoop> loops, String ports) {
        this.loops = loops;
        this.ports = ports;
    }

    /** {@code /api/turn/allocations}, of one user or of all. */
    void allocations(Request request, Responder responder) {
        String user = request.head().parameter("user");
        gather(
                user,
                (allocations, _) -> {
                    ByteWriter out = new ByteWriter(1024);
                    out.put('{');
                    AllocationView.number(out, "count", allocations.size());
                    JsonWriter.name(out, "allocations");
                    out.put('[');
                    allocations.stream().limit(MAX_ALLOCATIONS).forEach(each -> each.write(out));
                    responder.respond(Response.json(200, out.put(']').put('}').toBytes()));
                });
    }

    /** {@code /api/turn/explain?user=}: why a user's calls fail, or that they don't. */
    void explain(Request request, Responder responder) {
        String user = request.head().parameter("user");
        if (user == null || user.isEmpty()) {
            responder.respond(Response.text(400, "the parameter user is missing"));
            return;
        }
        gather(
                user,
                (allocations, events) ->
                        responder.respond(
                                Response.json(
                                        200,
                                        new Explanation(user, allocations, events, ports).json())));
    }

    private void gather(
            @Nullable String user, BiConsumer<List<AllocationView>, List<Journal.Event>> then) {
        List<CompletableFuture<Part>> parts = new ArrayList<>();
        for (TurnLoop each : loops) {
            parts.add(CompletableFuture.supplyAsync(() -> part(each, user), each.eventLoop()));
        }
        var _ =
                CompletableFuture.allOf(parts.toArray(CompletableFuture[]::new))
                        .thenRun(() -> {
                            List<AllocationView> allocations = new ArrayList<>();
                            List<Journal.Event> events = new ArrayList<>();
                            for (CompletableFuture<Part> each : parts) {
                                allocations.addAll(each.join().allocations());
                                events.addAll(each.join().events());
                            }
                            allocations.sort(
                                    Comparator.comparingLong(AllocationView::ageSeconds)
                                            .reversed());
                            events.sort(Comparator.comparingLong(Journal.Event::unixMillis));
                            then.accept(allocations, events);
                        });
    }

    private static Part part(TurnLoop loop, @Nullable String user) {
        long nowNanos = System.nanoTime();
        List<AllocationView> allocations =
                loop.engine().allocations().stream()
                        .filter(each -> user == null || each.user().equals(user))
                        .map(each -> AllocationView.of(each, nowNanos))
                        .toList();
        return new Part(allocations, user == null ? List.of() : loop.journal().of(user));
    }
}
