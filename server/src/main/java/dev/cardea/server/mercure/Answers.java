package dev.cardea.server.mercure;

import dev.cardea.server.net.AllowedOrigins;
import dev.cardea.server.net.RequestHead;
import dev.cardea.server.net.Response;
import dev.cardea.wire.mercure.Generation;
import java.net.URI;
import java.util.List;

/** What all answers of the hub have in common: errors by version, and CORS. */
final class Answers {
    private static final String EXPOSED = "ETag, Last-Event-ID, Link, Mercure-Last-Event-ID";

    private final String metadata;
    private final boolean anyOrigin;
    private final AllowedOrigins corsOrigins;

    /**
     * @param url the hub's, if it is configured; else empty
     */
    Answers(String url, List<String> corsOrigins) {
        this.metadata =
                url.isEmpty()
                        ? ""
                        : URI.create(url)
                                .resolve(
                                        "/.well-known/oauth-protected-resource/.well-known/mercure")
                                .toString();
        this.anyOrigin = corsOrigins.contains("*");
        this.corsOrigins = new AllowedOrigins(corsOrigins);
    }

    /** RFC 6750 section 3; no error where there was no token. */
    Response unauthorized(String error, String description) {
        StringBuilder challenge = new StringBuilder("Bearer");
        String separator = " ";
        if (!error.isEmpty()) {
            challenge.append(separator).append("error=\"").append(error).append('"');
            separator = ", ";
        }
        if (!description.isEmpty()) {
            challenge
                    .append(separator)
                    .append("error_description=\"")
                    .append(description)
                    .append('"');
            separator = ", ";
        }
        if (!metadata.isEmpty())
            challenge.append(separator).append("resource_metadata=\"").append(metadata).append('"');
        int status =
                switch (error) {
                    case "insufficient_scope" -> 403;
                    case "invalid_request" -> 400;
                    default -> 401;
                };
        String text = status == 401 ? "Unauthorized" : status == 403 ? "Forbidden" : "Bad Request";
        return Response.text(status, text).with("WWW-Authenticate", challenge.toString());
    }

    /** A valid token that doesn't allow this: version 0.x knows one status for all. */
    Response forbidden(Generation generation) {
        return generation == Generation.ZERO
                ? Response.text(401, "Unauthorized")
                : unauthorized("insufficient_scope", "");
    }

    /** The answer, readable by the page that asked if its origin is allowed. */
    Response readable(Response response, RequestHead head) {
        String origin = head.origin();
        if (anyOrigin) {
            return response.with("Access-Control-Allow-Origin", "*")
                    .with("Access-Control-Expose-Headers", EXPOSED);
        }
        Response varied = response.with("Vary", "Origin");
        if (origin == null || !corsOrigins.allows(origin, head)) return varied;
        return varied.with("Access-Control-Allow-Origin", origin)
                .with("Access-Control-Allow-Credentials", "true")
                .with("Access-Control-Expose-Headers", EXPOSED);
    }

    /** A preflight, or just a question. */
    Response options(RequestHead head, String methods) {
        Response plain = Response.empty(204).with("Allow", methods);
        if (head.origin() == null || head.header("Access-Control-Request-Method") == null)
            return readable(plain, head);
        return readable(
                plain.with("Access-Control-Allow-Methods", methods)
                        .with(
                                "Access-Control-Allow-Headers",
                                "authorization, cache-control, content-type, last-event-id")
                        .with("Access-Control-Max-Age", "600"),
                head);
    }
}
