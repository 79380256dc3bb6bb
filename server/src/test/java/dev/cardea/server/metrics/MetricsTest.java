package dev.cardea.server.metrics;

import static dev.cardea.server.api.ApiServer.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cardea.server.api.ApiServer;
import dev.cardea.server.config.HealthConfig;
import dev.cardea.server.config.PrometheusConfig;
import dev.cardea.server.proxy.ProxyCounters;
import dev.cardea.server.proxy.ProxyKind;
import dev.cardea.testkit.websocket.CentrifugeSocket;
import dev.cardea.wire.centrifuge.Command;
import dev.cardea.wire.centrifuge.Reply;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.DoublePredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class MetricsTest {
    private static final Path PAGE = Path.of("../docs/metrics.md");

    private static ApiServer server() throws IOException {
        return ApiServer.with((routes, node, api, loops) -> {
            Measured measured = new Measured(api, aProxy(), loops, null);
            MetricsRoutes.add(routes, node, measured, new PrometheusConfig(true, "/metrics"));
            HealthRoutes.add(
                    routes, new HealthConfig(true, "/health"), () -> true, () -> true, false);
        });
    }

    private static ProxyCounters aProxy() {
        ProxyCounters counters = new ProxyCounters();
        counters.of(ProxyKind.RPC, "default");
        return counters;
    }

    @Test
    void whatHappensIsCounted() throws Exception {
        try (ApiServer server = server();
                CentrifugeSocket alice = server.connect("alice", "news", "chat:1")) {
            server.post("/api/publish", "{\"channel\":\"news\",\"data\":1}");
            alice.await(Reply.Pushed.class, SOON);
            server.post(
                    "/api/publish",
                    "{\"channel\":\"chat:1\",\"data\":\"" + "x".repeat(5000) + "\"}");
            alice.await(Reply.Pushed.class, SOON);
            alice.send(new Command.History(9, "news", 1, null, false)); // not available
            alice.answer(9, SOON);
            String metrics = server.get("/metrics");
            assertThat(metrics)
                    .contains("\ncardea_connections 1.0\n")
                    .contains("\ncardea_transport_connections{transport=\"websocket\"} 1.0\n")
                    .contains("\ncardea_users 1.0\n")
                    .contains("\ncardea_subscriptions 2.0\n")
                    .contains("\ncardea_channels 2.0\n")
                    .contains("\ncardea_commands_total{method=\"subscribe\"} 2.0\n")
                    .contains("\ncardea_commands_total{method=\"history\"} 1.0\n")
                    .containsPattern(
                            "\ncardea_running\\{java=\"25[^\"]*\",version=\"[^\"]+\"} 1.0\n")
                    .contains("\ncardea_publications_total 2.0\n")
                    .contains("\ncardea_errors_total{code=\"108\"} 1.0\n")
                    .contains("\ncardea_lapped_cursors_total{policy=\"recover\"} 0.0\n")
                    .contains("\ncardea_recoveries_total{recovered=\"false\"} 0.0\n")
                    .contains("\ncardea_stalled_connections 0.0\n")
                    .contains("\ncardea_event_loops 2.0\n")
                    .contains("\ncardea_event_loops_late 0.0\n")
                    .contains("\ncardea_api_calls_total{code=\"0\",method=\"publish\"} 2.0\n");
            assertThat(value(metrics, "cardea_publications_memory_bytes{namespace=\"chat\"}"))
                    .isBetween(5000.0, 20_000.0);
            assertThat(value(metrics, "cardea_heap_bytes")).isPositive();
            assertThat(value(metrics, "cardea_process_cpu_seconds_total")).isPositive();
        }
    }

    @Test
    void whatThingsTakeIsToldAsHistograms() throws Exception {
        try (ApiServer server = server();
                CentrifugeSocket alice = server.connect("alice", "news", "chat:1")) {
            server.post("/api/publish", "{\"channel\":\"news\",\"data\":1}");
            alice.await(Reply.Pushed.class, SOON);
            await(server, "cardea_event_loop_lag_seconds_count", ticks -> ticks > 10);
            String metrics = server.get("/metrics");
            assertThat(metrics)
                    .contains("# TYPE cardea_command_seconds histogram")
                    .contains("cardea_command_seconds_bucket{method=\"subscribe\",le=\"+Inf\"} 2\n")
                    .contains("cardea_command_seconds_count{method=\"subscribe\"} 2\n")
                    .contains("cardea_command_seconds_count{method=\"connect\"} 1\n")
                    .contains("cardea_command_seconds_count{method=\"publish\"} 0\n")
                    .contains("cardea_api_seconds_count{method=\"publish\"} 1\n")
                    .contains("cardea_proxy_calls_seconds_count{kind=\"rpc\",name=\"default\"} 0\n")
                    .doesNotContain("cardea_api_seconds_count{method=\"history\"}");
            assertThat(value(metrics, "cardea_command_seconds_sum{method=\"connect\"}"))
                    .isBetween(0.0, 5.0);
            assertThat(value(metrics, "cardea_event_loop_pending_tasks")).isNotNegative();
        }
    }

    @Test
    void deliveriesAreCountedPerConnection() throws Exception {
        try (ApiServer server = server();
                CentrifugeSocket alice = server.connect("alice", "news");
                CentrifugeSocket bob = server.connect("bob", "news")) {
            server.post("/api/publish", "{\"channel\":\"news\",\"data\":1}");
            alice.await(Reply.Pushed.class, SOON);
            bob.await(Reply.Pushed.class, SOON);
            // A loop tells its count at the end of the turn, which the clients don't wait for.
            await(server, "cardea_deliveries_total", count -> count == 2);
        }
    }

    @Test
    void endsAreCountedByCode() throws Exception {
        try (ApiServer server = server();
                CentrifugeSocket alice = server.connect("alice", "news")) {
            server.post("/api/unsubscribe", "{\"user\":\"alice\",\"channel\":\"news\"}");
            server.post("/api/disconnect", "{\"user\":\"alice\"}");
            alice.awaitEnd(SOON);
            assertThat(server.get("/metrics"))
                    .contains("\ncardea_unsubscribes_total{code=\"2000\"} 1.0\n")
                    .contains("\ncardea_disconnects_total{code=\"3503\"} 1.0\n")
                    .contains("\ncardea_connections 0.0\n");
        }
    }

    @Test
    void aClientThatDoesNotReadIsSeen() throws Exception {
        String large = "{\"channel\":\"news\",\"data\":\"" + "x".repeat(500_000) + "\"}";
        try (ApiServer server = server();
                CentrifugeSocket idle = server.connect("idle", "news")) {
            assertThat(idle.seen()).isNotEmpty();
            // The kernel's buffers take the first megabytes, and the loop tells once a second.
            long deadline = System.nanoTime() + SOON.toNanos();
            String metrics = server.get("/metrics");
            while (!metrics.contains("cardea_stalled_connections 1.0")) {
                assertThat(System.nanoTime()).as(metrics).isLessThan(deadline);
                server.post("/api/publish", large);
                metrics = server.get("/metrics");
            }
            double pending = value(metrics, "cardea_pending_bytes");
            assertThat(pending).isPositive();
            assertThat(value(metrics, "cardea_pending_bytes_max")).isEqualTo(pending);
            server.post("/api/publish", large);
            // The loop looks at what was published in its own time.
            await(server, "cardea_lag_publications", lag -> lag > 0);
        }
    }

    @Test
    void everyMetricIsOnThePageAndNothingElse() throws Exception {
        Set<String> there = new TreeSet<>();
        try (ApiServer server = server();
                CentrifugeSocket alice = server.connect("alice", "news", "chat:1")) {
            alice.send(new Command.History(9, "news", 1, null, false));
            alice.answer(9, SOON);
            server.post("/api/unsubscribe", "{\"user\":\"alice\",\"channel\":\"news\"}");
            server.post("/api/disconnect", "{\"user\":\"alice\"}");
            alice.awaitEnd(SOON);
            Matcher type = Pattern.compile("# TYPE (\\S+)").matcher(server.get("/metrics"));
            while (type.find()) there.add(type.group(1));
        }
        Set<String> described = new TreeSet<>();
        Matcher row =
                Pattern.compile("(?m)^\\| `(\\w+)(\\{[a-z,]+})?` \\|")
                        .matcher(Files.readString(PAGE));
        while (row.find()) described.add(row.group(1));
        assertThat(described).isEqualTo(there);
    }

    @Test
    void theDashboardShowsOnlyMetricsThatThereAre() throws Exception {
        String dashboard = Files.readString(Path.of("../deploy/grafana-dashboard.json"));
        String page = Files.readString(PAGE);
        Matcher used = Pattern.compile("cardea_\\w+").matcher(dashboard);
        int found = 0;
        for (; used.find(); found++) {
            String metric = used.group().replaceFirst("_bucket$", "");
            assertThat(page).contains("| `" + metric);
        }
        assertThat(found).isGreaterThan(15);
        assertThat(
                        new com.fasterxml.jackson.databind.ObjectMapper()
                                .readTree(dashboard)
                                .get("panels"))
                .isNotEmpty();
    }

    @Test
    void healthIsAnEmptyObject() throws Exception {
        try (ApiServer server = server()) {
            assertThat(server.get("/health")).isEqualTo("{}");
            assertThat(server.get("/health/ready")).isEqualTo("{}");
        }
    }

    @Test
    void nothingIsThereUnlessItIsTurnedOn() throws Exception {
        try (ApiServer server =
                ApiServer.with((routes, node, api, loops) -> {
                    MetricsRoutes.add(
                            routes,
                            node,
                            new Measured(api, new ProxyCounters(), loops, null),
                            new PrometheusConfig(false, "/metrics"));
                    HealthRoutes.add(
                            routes,
                            new HealthConfig(false, "/health"),
                            () -> true,
                            () -> true,
                            false);
                })) {
            assertThat(server.send(server.request("/metrics", "").GET()).statusCode())
                    .isEqualTo(404);
            assertThat(server.send(server.request("/health", "").GET()).statusCode())
                    .isEqualTo(404);
        }
    }

    private static void await(ApiServer server, String series, DoublePredicate wanted)
            throws Exception {
        long deadline = System.nanoTime() + SOON.toNanos();
        while (!wanted.test(value(server.get("/metrics"), series))) {
            assertThat(System.nanoTime()).as(series).isLessThan(deadline);
        }
    }

    private static double value(String metrics, String series) {
        Matcher line =
                Pattern.compile("(?m)^" + Pattern.quote(series) + " (\\S+)$").matcher(metrics);
        assertThat(line.find()).as("%s in %s", series, metrics).isTrue();
        return Double.parseDouble(line.group(1));
    }
}
