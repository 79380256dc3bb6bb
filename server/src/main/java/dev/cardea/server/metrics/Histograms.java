package dev.cardea.server.metrics;

import dev.cardea.messaging.session.Durations;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/** Shows {@link Durations}, which are counted anyway, as Prometheus' histograms. */
final class Histograms {
    private Histograms() {}

    /**
     * @param series asked for with each scrape
     */
    static void register(
            PrometheusMeterRegistry registry,
            String name,
            String what,
            Supplier<Map<Labels, Durations>> series) {
        Collector collector =
                () -> {
                    HistogramSnapshot.Builder snapshot =
                            HistogramSnapshot.builder().name(name).help(what);
                    series.get().forEach((labels, each) -> snapshot.dataPoint(point(labels, each)));
                    return snapshot.build();
                };
        registry.getPrometheusRegistry().register(collector);
    }

    /** Those that are told apart by one label. */
    static Map<Labels, Durations> by(String label, Map<String, Durations> durations) {
        Map<Labels, Durations> labelled = new TreeMap<>();
        durations.forEach((value, each) -> labelled.put(Labels.of(label, value), each));
        return labelled;
    }

    private static HistogramDataPointSnapshot point(Labels labels, Durations durations) {
        long[] counts = durations.counts();
        double[] bounds = new double[counts.length];
        System.arraycopy(Durations.boundsSeconds(), 0, bounds, 0, counts.length - 1);
        bounds[counts.length - 1] = Double.POSITIVE_INFINITY;
        return HistogramDataPointSnapshot.builder()
                .labels(labels)
                .classicHistogramBuckets(ClassicHistogramBuckets.of(bounds, counts))
                .sum(durations.seconds())
                .build();
    }
}
