package dev.cardea.server.mercure;

import dev.cardea.messaging.mercure.MercureHub;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.ToDoubleFunction;

/** The hub's numbers, described in {@code docs/metrics.md}, with the names of other hubs. */
public final class MercureMetrics {
    private MercureMetrics() {}

    public static void add(MeterRegistry registry, MercureHub hub) {
        gauge(
                registry,
                hub,
                "mercure_subscribers_connected",
                "Subscribers that are there",
                MercureHub::subscriberCount);
        counter(
                registry,
                hub,
                "mercure_subscribers",
                "Subscribers since the start",
                MercureHub::subscribedTotal);
        counter(
                registry,
                hub,
                "mercure_updates",
                "Updates since the start",
                MercureHub::publishedTotal);
        counter(
                registry,
                hub,
                "cardea_mercure_visited_updates",
                "Updates looked at for what subscribers asked for",
                MercureHub::visitedTotal);
        gauge(
                registry,
                hub,
                "cardea_mercure_kept_updates",
                "Updates that are kept",
                MercureHub::keptUpdates);
        gauge(
                registry,
                hub,
                "cardea_mercure_kept_bytes",
                "What they take in memory",
                MercureHub::keptBytes);
    }

    private static void gauge(
            MeterRegistry registry,
            MercureHub hub,
            String name,
            String meaning,
            ToDoubleFunction<MercureHub> value) {
        Gauge.builder(name, hub, value).description(meaning).register(registry);
    }

    private static void counter(
            MeterRegistry registry,
            MercureHub hub,
            String name,
            String meaning,
            ToDoubleFunction<MercureHub> value) {
        FunctionCounter.builder(name, hub, value).description(meaning).register(registry);
    }
}
