package dev.cardea.server.turn;

import dev.cardea.wire.stun.StunError;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

/** TURN's numbers, described in {@code docs/metrics.md}. Labels are error codes and directions. */
final class TurnMetrics {
    private final MeterRegistry registry;
    private final TurnServer server;

    private TurnMetrics(MeterRegistry registry, TurnServer server) {
        this.registry = registry;
        this.server = server;
    }

    static void add(
            MeterRegistry registry, TurnServer server, List<TurnLoop> loops, TurnTotals totals) {
        TurnMetrics metrics = new TurnMetrics(registry, server);
        Gauge.builder("cardea_turn_allocations", server, each -> each.quotas().allocations())
                .description("Allocations that are open")
                .register(registry);
        metrics.counter(
                "cardea_turn_allocated",
                "Allocations since the start",
                _ -> totals.allocated().sum());
        for (StunError each : StunError.values()) {
            FunctionCounter.builder("cardea_turn_refused", server, _ -> totals.refused(each).sum())
                    .description("Requests refused, without those that every client begins with")
                    .tag("code", Integer.toString(each.code()))
                    .register(registry);
        }
        metrics.carried(loops, totals, "packets", "to_peers", TurnSums::packetsOut);
        metrics.carried(loops, totals, "packets", "to_clients", TurnSums::packetsIn);
        metrics.carried(loops, totals, "bytes", "to_peers", TurnSums::bytesOut);
        metrics.carried(loops, totals, "bytes", "to_clients", TurnSums::bytesIn);
        metrics.counter(
                "cardea_turn_dropped_packets",
                "Data of clients and peers that was not passed on",
                _ -> sum(loops, totals, TurnSums::dropped));
        metrics.counter(
                "cardea_turn_suppressed_answers",
                "Answers to sources that proved nothing and asked too often",
                _ -> loops.stream().mapToLong(each -> each.engine().suppressedAnswers()).sum());
    }

    private void counter(String name, String meaning, ToDoubleFunction<TurnServer> value) {
        FunctionCounter.builder(name, server, value).description(meaning).register(registry);
    }

    private void carried(
            List<TurnLoop> loops,
            TurnTotals totals,
            String what,
            String direction,
            ToLongFunction<TurnSums> part) {
        FunctionCounter.builder("cardea_turn_" + what, server, _ -> sum(loops, totals, part))
                .description("Relayed " + what)
                .tag("direction", direction)
                .register(registry);
    }

    private static long sum(
            List<TurnLoop> loops, TurnTotals totals, ToLongFunction<TurnSums> part) {
        long sum = part.applyAsLong(totals.ended());
        for (TurnLoop each : loops) sum += part.applyAsLong(each.open());
        return sum;
    }
}
