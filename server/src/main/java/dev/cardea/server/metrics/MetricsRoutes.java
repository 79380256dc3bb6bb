package dev.cardea.server.metrics;

import dev.cardea.messaging.session.Node;
import dev.cardea.server.config.PrometheusConfig;
import dev.cardea.server.net.HttpRoutes;
import dev.cardea.server.net.Responder;
import dev.cardea.server.net.Response;
import dev.cardea.wire.Bytes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts the endpoint with metrics where the configuration wants it, if it does. */
public final class MetricsRoutes {
    private static final String PROMETHEUS_TEXT = "text/plain; version=0.0.4; charset=utf-8";
    private static final Logger log = LoggerFactory.getLogger(MetricsRoutes.class);

    private MetricsRoutes() {}

    public static void add(
            HttpRoutes.Builder routes, Node node, Measured measured, PrometheusConfig prometheus) {
        if (prometheus.enabled()) {
            ServerMetrics metrics = new ServerMetrics(node, measured);
            routes.get(
                    prometheus.handlerPrefix(),
                    (_, responder) -> Thread.startVirtualThread(() -> scrape(metrics, responder)));
        }
    }

    private static void scrape(ServerMetrics metrics, Responder responder) {
        try {
            responder.respond(Response.of(200, PROMETHEUS_TEXT, Bytes.utf8(metrics.scrape())));
        } catch (RuntimeException e) {
            log.error("scrape failed", e);
            responder.respond(Response.text(500, "internal server error"));
        }
    }
}
