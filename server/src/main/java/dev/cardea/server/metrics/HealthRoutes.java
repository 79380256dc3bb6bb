package dev.cardea.server.metrics;

import dev.cardea.server.config.HealthConfig;
import dev.cardea.server.net.HttpRoutes;
import dev.cardea.server.net.Response;
import dev.cardea.wire.Bytes;
import java.util.function.BooleanSupplier;

/**
 * The answers for whoever watches: {@code /health} while the process serves at all, {@code
 * /health/ready} while it is to get new connections.
 */
public final class HealthRoutes {
    private static final Response YES = Response.json(200, Bytes.utf8("{}"));
    private static final Response NO = Response.text(503, "shutting down");

    private HealthRoutes() {}

    public static void add(
            HttpRoutes.Builder routes, HealthConfig health, BooleanSupplier isReady) {
        if (!health.enabled()) return;
        routes.get(health.handlerPrefix(), (_, responder) -> responder.respond(YES));
        String ready =
                (health.handlerPrefix().equals("/") ? "" : health.handlerPrefix()) + "/ready";
        routes.get(ready, (_, responder) -> responder.respond(isReady.getAsBoolean() ? YES : NO));
    }
}
