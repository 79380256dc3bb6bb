package dev.cardea.server.metrics;

import dev.cardea.messaging.hub.Hub;
import dev.cardea.messaging.hub.Shard;
import dev.cardea.messaging.hub.SlowConsumer;
import dev.cardea.messaging.log.MemoryBudget;
import dev.cardea.messaging.session.Counters;
import dev.cardea.messaging.session.Durations;
import dev.cardea.messaging.session.Node;
import dev.cardea.server.api.ApiCounters;
import dev.cardea.server.net.NettyLoops;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.model.snapshots.Labels;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.ToDoubleFunction;

/**
 * The node's numbers as Prometheus metrics, each described in {@code docs/metrics.md}. They are
 * read where they are counted anyway, when somebody asks. Labels are few: policies, codes,
 * namespaces, methods, and never a channel, user or client. Thread safe.
 */
final class ServerMetrics {
    private static final Duration LOOPS_WITHIN = Duration.ofSeconds(1);

    private final PrometheusMeterRegistry registry =
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Node node;
    private final ApiCounters api;
    private final ProxyMetrics proxies;
    private volatile Backlog backlog = Backlog.NONE;

    ServerMetrics(Node node, Measured measured) {
        this.node = node;
        this.api = measured.api();
        addHub(node.hub());
        addCounters(node.counters());
        addBacklog();
        addProcess();
        addLoops(measured.loops());
        addDurations(measured.loops().lags());
        counter("compressions", "Messages that were compressed", _ -> measured.compressions());
        measured.others().accept(registry);
        this.proxies = new ProxyMetrics(registry, measured.proxies());
    }

    private void addLoops(NettyLoops loops) {
        gauge(
                "event_loop_pending_tasks",
                "Tasks that wait for event loops",
                _ -> loops.pendingTasks());
    }

    private void addDurations(Durations lags) {
        Histograms.register(
                registry,
                "cardea_command_seconds",
                "What commands of clients took",
                () -> Histograms.by("method", node.counters().commandDurations()));
        Histograms.register(
                registry,
                "cardea_api_seconds",
                "What calls of the server API took",
                () -> Histograms.by("method", api.durations()));
        Histograms.register(
                registry,
                "cardea_event_loop_lag_seconds",
                "By how much the ticks of event loops came late",
                () -> Map.of(Labels.EMPTY, lags));
    }

    private void addHub(Hub hub) {
        gauge("users", "Users with at least one connection", _ -> node.sessions().users());
        gauge(
                "channels",
                "Channels with subscribers, history or a position",
                _ -> hub.channels().size());
        gauge("event_loops", "Event loops", _ -> hub.shards().size());
        counter(
                "deliveries",
                "Publications, joins and leaves given to connections",
                _ -> hub.shards().stream().mapToLong(Shard::deliveries).sum());
    }

    private void addCounters(Counters counters) {
        gauge("connections", "Connections of clients", _ -> counters.connections());
        gauge("subscriptions", "Subscriptions of all connections", _ -> counters.subscriptions());
        for (Map.Entry<String, LongAdder> each : counters.commandsByMethod().entrySet()) {
            LongAdder count = each.getValue();
            counter("commands", "Commands of clients", _ -> count.sum(), "method", each.getKey());
        }
        counter("publications", "Publications accepted", _ -> counters.publications());
        for (SlowConsumer policy : SlowConsumer.values()) {
            counter(
                    "lapped_cursors",
                    "Subscriptions that fell too far behind",
                    _ -> counters.lappedBy(policy),
                    "policy",
                    policy.name().toLowerCase(Locale.ROOT));
        }
        for (boolean recovered : new boolean[] {true, false}) {
            counter(
                    "recoveries",
                    "Subscriptions that asked to recover",
                    _ -> counters.recoveries(recovered),
                    "recovered",
                    Boolean.toString(recovered));
        }
    }

    private void addBacklog() {
        gauge(
                "stalled_connections",
                "Connections whose peer doesn't take what is written",
                _ -> backlog.stalledConnections());
        gauge(
                "lag_publications",
                "Publications that wait for stalled connections",
                _ -> backlog.lagPublications());
        gauge(
                "pending_bytes",
                "Bytes written that peers haven't taken",
                _ -> backlog.pendingBytes());
        gauge(
                "pending_bytes_max",
                "The same, of the connection with most",
                _ -> backlog.largestPendingBytes());
        gauge(
                "event_loops_late",
                "Event loops too busy to answer this scrape",
                _ -> backlog.lateLoops());
    }

    private void addProcess() {
        gauge(
                "running",
                "1; the labels tell what is running",
                _ -> 1,
                "version",
                node.version(),
                "java",
                Runtime.version().toString());
        gauge("uptime_seconds", "Time since the start", _ -> Jvm.uptimeSeconds());
        gauge("threads", "Threads of the platform", _ -> Jvm.threads());
        counter("gc_collections", "Garbage collections", _ -> Jvm.gcCollections());
        gauge(
                "event_loop_wait_seconds_max",
                "Time that the busiest event loop took to come to this scrape",
                _ -> backlog.longestWaitNanos() / 1e9);
        gauge("heap_bytes", "Heap in use, garbage included", _ -> Jvm.heapBytes());
        gauge("heap_max_bytes", "What the heap may grow to", _ -> Jvm.maxHeapBytes());
        gauge("direct_memory_bytes", "Memory of the JDK's direct buffers", _ -> Jvm.directBytes());
        gauge(
                "netty_direct_memory_bytes",
                "Memory of Netty's allocator",
                _ -> Jvm.nettyDirectBytes());
        gauge("process_resident_bytes", "Physical memory of the process", _ -> Jvm.residentBytes());
        counter("process_cpu_seconds", "CPU time of the process", _ -> Jvm.cpuNanos() / 1e9);
        counter("gc_seconds", "Time spent on garbage collection", _ -> Jvm.gcSeconds());
    }

    /** Asks the event loops, and writes everything in Prometheus' text format. Blocks. */
    String scrape() {
        backlog = Backlog.gather(node.hub().shards(), LOOPS_WITHIN).toCompletableFuture().join();
        addSeen();
        proxies.addSeen();
        return registry.scrape();
    }

    /** Codes, namespaces and outcomes become series when they are first seen. */
    private void addSeen() {
        Counters counters = node.counters();
        counters.connectionsByTransport()
                .forEach((transport, count) ->
                        gauge(
                                "transport_connections",
                                "Connections of clients by how they came",
                                _ -> count.sum(),
                                "transport",
                                transport));
        byCode("errors", "Error replies to clients", counters.errors());
        byCode("disconnects", "Connections that the server ended", counters.disconnects());
        byCode("unsubscribes", "Subscriptions that the server ended", counters.unsubscribes());
        for (Map.Entry<String, MemoryBudget> each : node.hub().budgets().entrySet()) {
            MemoryBudget budget = each.getValue();
            gauge(
                    "publications_memory_bytes",
                    "Memory of histories and delivery windows",
                    _ -> budget.usedBytes(),
                    "namespace",
                    each.getKey());
            gauge(
                    "publications_memory_limit_bytes",
                    "What the namespace's publications may take",
                    _ -> budget.limitBytes(),
                    "namespace",
                    each.getKey());
        }
        for (Map.Entry<ApiCounters.Outcome, LongAdder> each : api.calls().entrySet()) {
            LongAdder count = each.getValue();
            counter(
                    "api_calls",
                    "Calls of the server API; code 0 is success",
                    _ -> count.sum(),
                    "method",
                    each.getKey().method(),
                    "code",
                    Integer.toString(each.getKey().code()));
        }
    }

    private void byCode(String name, String what, Map<Integer, LongAdder> counts) {
        for (Map.Entry<Integer, LongAdder> each : counts.entrySet()) {
            LongAdder count = each.getValue();
            counter(name, what, _ -> count.sum(), "code", Integer.toString(each.getKey()));
        }
    }

    // The registry holds what it measures weakly: with this as the object, for as long as it lives.

    private void gauge(
            String name, String what, ToDoubleFunction<ServerMetrics> value, String... labels) {
        Gauge.builder("cardea_" + name, this, value)
                .description(what)
                .tags(labels)
                .register(registry);
    }

    private void counter(
            String name, String what, ToDoubleFunction<ServerMetrics> value, String... labels) {
        FunctionCounter.builder("cardea_" + name, this, value)
                .description(what)
                .tags(labels)
                .register(registry);
    }
}
