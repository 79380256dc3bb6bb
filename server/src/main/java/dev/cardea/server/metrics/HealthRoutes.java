package dev.cardea.server.metrics;

import dev.cardea.server.config.HealthConfig;
import dev.cardea.server.net.HttpRoutes;
import dev.cardea.server.net.Response;
import dev.cardea.wire.Bytes;
import java.util.function.BooleanSupplier;

/**
 * The answers for whoever watches: {@code /health} while the process serves at all, {@code
 * /health/ready} while it is to get new connections. Without its broker it is degraded, and says
 * so.
 */
public final class HealthRoutes {
    private static final Response YES = Response.json(200, Bytes.utf8("{}"));

    /**
     * Its clients stay connected, and another node would be no better off: nothing that a load
     * balancer should act on.
     */
    private static final Response WITHOUT_BROKER = degraded("\"broker\":\"unreachable\"");

    private static final Response WITHOUT_DISK = degraded("\"persistence\":\"failing\"");

    private static final Response NO = Response.text(503, "shutting down");

    private HealthRoutes() {}

    private static Response degraded(String why) {
        return Response.json(200, Bytes.utf8("{\"status\":\"degraded\"," + why + "}"));
    }

    /**
     * @param hasDisk what the broker needs is this node's own disk, not something that nodes share
     */
    public static void add(
            HttpRoutes.Builder routes,
            HealthConfig health,
            BooleanSupplier isReady,
            BooleanSupplier hasBroker,
            boolean hasDisk) {
        if (!health.enabled()) return;
        Response degraded = hasDisk ? WITHOUT_DISK : WITHOUT_BROKER;
        routes.get(
                health.handlerPrefix(),
                (_, responder) -> responder.respond(hasBroker.getAsBoolean() ? YES : degraded));
        String ready =
                (health.handlerPrefix().equals("/") ? "" : health.handlerPrefix()) + "/ready";
        routes.get(ready, (_, responder) -> responder.respond(isReady.getAsBoolean() ? YES : NO));
    }
}
