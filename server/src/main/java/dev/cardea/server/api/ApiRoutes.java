package dev.cardea.server.api;

import dev.cardea.messaging.api.ServerApi;
import dev.cardea.server.config.HttpApiConfig;
import dev.cardea.server.net.Endpoint;
import dev.cardea.server.net.HttpRoutes;
import dev.cardea.server.net.Response;
import dev.cardea.server.trace.Span;
import dev.cardea.server.trace.Traces;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts the HTTP API where the configuration wants it. */
public final class ApiRoutes {
    /**
     * The longest body of a call. It bounds everything inside, also to how many channels one
     * broadcast goes.
     */
    public static final int MAX_BODY_BYTES = 1024 * 1024;

    private static final Logger log = LoggerFactory.getLogger(ApiRoutes.class);

    private ApiRoutes() {}

    /** Adds the routes, unless the API is disabled. Without a key every call is refused. */
    public static void add(
            HttpRoutes.Builder routes,
            ServerApi api,
            HttpApiConfig config,
            ApiCounters counters,
            Traces traces) {
        if (config.disabled()) return;
        if (config.insecure()) {
            log.warn("http_api.insecure is set: whoever reaches the port may call the API");
        } else if (config.key().isEmpty()) {
            log.info("http_api.key is not set: every API call is refused");
        }
        ApiKey key = new ApiKey(config.key());
        ApiRunner runner = new ApiRunner(api, counters);
        boolean transportErrors = config.errorMode() == HttpApiConfig.ErrorMode.TRANSPORT;
        String prefix = withoutSlash(config.handlerPrefix());
        post(
                routes,
                prefix.isEmpty() ? "/" : prefix,
                new LegacyEndpoint(runner),
                key,
                config,
                traces);
        post(routes, prefix + "/batch", new BatchEndpoint(runner), key, config, traces);
        Supplier<Response> document = document(prefix);
        routes.get("/openapi.json", (_, responder) -> responder.respond(document.get()));
        for (ApiMethod method : ApiMethod.values()) {
            post(
                    routes,
                    prefix + "/" + method.jsonName(),
                    new ApiEndpoint(method, runner, transportErrors),
                    key,
                    config,
                    traces);
        }
    }

    /** What is asked with GET, for those who have the key. */
    public static void addGet(
            HttpRoutes.Builder routes, HttpApiConfig config, String path, Endpoint endpoint) {
        if (config.disabled()) return;
        ApiKey key = new ApiKey(config.key());
        routes.get(
                withoutSlash(config.handlerPrefix()) + path,
                config.insecure() ? endpoint : key.guard(endpoint));
    }

    /** Made when somebody asks first; it has no secrets, so it asks for no key. */
    private static Supplier<Response> document(String prefix) {
        String version = ApiRoutes.class.getPackage().getImplementationVersion();
        AtomicReference<Response> made = new AtomicReference<>();
        return () -> {
            Response ready = made.get();
            if (ready != null) return ready;
            OpenApi api = new OpenApi(prefix, version == null ? "development" : version);
            Response response = Response.json(200, api.json());
            made.set(response);
            return response;
        };
    }

    private static void post(
            HttpRoutes.Builder routes,
            String path,
            Endpoint endpoint,
            ApiKey key,
            HttpApiConfig config,
            Traces traces) {
        Endpoint traced = traced("POST " + path, endpoint, traces);
        routes.post(path, config.insecure() ? traced : key.guard(traced), MAX_BODY_BYTES);
    }

    private static Endpoint traced(String name, Endpoint endpoint, Traces traces) {
        return (request, responder) -> {
            Span span = traces.request(request.head(), name);
            endpoint.serve(
                    request,
                    response -> {
                        span.status(response.status());
                        span.end();
                        responder.respond(response);
                    });
        };
    }

    private static String withoutSlash(String prefix) {
        return prefix.endsWith("/") ? prefix.substring(0, prefix.length() - 1) : prefix;
    }
}
