package dev.cardea.server.net;

import java.util.List;

/** The server's half of CORS (the Fetch standard, "HTTP-CORS protocol"). */
final class CrossOrigin {
    private static final String MAX_AGE_SECONDS = "600";

    private CrossOrigin() {}

    /** The response, readable by the page that asked if its origin is allowed. */
    static Response allow(Response response, RequestHead head, OriginCheck check) {
        Response varied = response.with("Vary", "Origin");
        String origin = head.origin();
        if (origin == null || !check.allows(origin, head)) return varied;
        return varied.with("Access-Control-Allow-Origin", origin)
                .with("Access-Control-Allow-Credentials", "true");
    }

    /** The answer to OPTIONS, which may or may not be a preflight. */
    static Response options(RequestHead head, HttpRoutes.OtherMethods path, OriginCheck check) {
        Response plain = Response.empty(204).with("Allow", String.join(", ", path.methods()));
        String origin = head.origin();
        String method = head.header("Access-Control-Request-Method");
        if (!path.crossOrigin() || origin == null || method == null) return plain;
        Response allowed = allow(plain, head, check);
        if (!check.allows(origin, head)) return allowed;
        List<String> asked = head.headers("Access-Control-Request-Headers");
        if (!asked.isEmpty()) {
            allowed = allowed.with("Access-Control-Allow-Headers", String.join(", ", asked));
        }
        return allowed.with("Access-Control-Allow-Methods", String.join(", ", path.methods()))
                .with("Access-Control-Max-Age", MAX_AGE_SECONDS);
    }
}
