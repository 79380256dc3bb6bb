package dev.cardea.server.metrics;

import dev.cardea.messaging.session.Durations;
import dev.cardea.server.proxy.ProxyCounters;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.model.snapshots.Labels;
import java.util.LinkedHashMap;
import java.util.Map;

/** How the application's backend answers, by what it is asked and the proxy's name. */
final class ProxyMetrics {
    private final PrometheusMeterRegistry registry;
    private final ProxyCounters counters;

    ProxyMetrics(PrometheusMeterRegistry registry, ProxyCounters counters) {
        this.registry = registry;
        this.counters = counters;
        FunctionCounter.builder(
                        "cardea.disconnect.notices.dropped",
                        counters,
                        ProxyCounters::droppedNotices)
                .description("Connection ends that the backend wasn't told of")
                .register(registry);
        Histograms.register(
                registry,
                "cardea_proxy_calls_seconds",
                "Calls of the backend, and what they took",
                this::durations);
    }

    private Map<Labels, Durations> durations() {
        Map<Labels, Durations> durations = new LinkedHashMap<>();
        for (ProxyCounters.Calls calls : counters.all())
            durations.put(Labels.of("kind", calls.kind(), "name", calls.name()), calls.durations());
        return durations;
    }

    /** Proxies are known from the start; what is registered already is left as it is. */
    void addSeen() {
        for (ProxyCounters.Calls calls : counters.all()) {
            Tags tags = Tags.of("kind", calls.kind(), "name", calls.name());
            Gauge.builder("cardea.proxy.calls.underway", calls, ProxyCounters.Calls::underWay)
                    .description("Calls of the backend that it hasn't answered")
                    .tags(tags)
                    .register(registry);
            for (String reason : calls.reasons()) {
                FunctionCounter.builder(
                                "cardea.proxy.failures", calls, each -> each.failures(reason))
                        .description("Calls of the backend without an answer that means anything")
                        .tags(tags.and("reason", reason))
                        .register(registry);
            }
        }
    }
}
