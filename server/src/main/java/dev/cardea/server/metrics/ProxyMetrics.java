package dev.cardea.server.metrics;

import dev.cardea.server.proxy.ProxyCounters;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.concurrent.TimeUnit;

/** How the application's backend answers, by what it is asked and the proxy's name. */
final class ProxyMetrics {
    private final MeterRegistry registry;
    private final ProxyCounters counters;

    ProxyMetrics(MeterRegistry registry, ProxyCounters counters) {
        this.registry = registry;
        this.counters = counters;
        FunctionCounter.builder(
                        "cardea.disconnect.notices.dropped",
                        counters,
                        ProxyCounters::droppedNotices)
                .description("Connection ends that the backend wasn't told of")
                .register(registry);
    }

    /** Proxies are known from the start; what is registered already is left as it is. */
    void addSeen() {
        for (ProxyCounters.Calls calls : counters.all()) {
            Tags tags = Tags.of("kind", calls.kind(), "name", calls.name());
            FunctionTimer.builder(
                            "cardea.proxy.calls",
                            calls,
                            ProxyCounters.Calls::finished,
                            each -> each.seconds() * 1e9,
                            TimeUnit.NANOSECONDS)
                    .description("Calls of the backend, and what they took")
                    .tags(tags)
                    .register(registry);
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
