package dev.cardea.server.mercure;

import dev.cardea.server.config.MercureConfig;
import dev.cardea.server.net.HttpRoutes;
import dev.cardea.server.net.Response;
import dev.cardea.wire.ByteWriter;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.json.JsonWriter;

/**
 * What an OAuth client has to know of the hub (RFC 9728), where the hub's address is configured.
 */
final class Metadata {
    private static final String PATH = "/.well-known/oauth-protected-resource/.well-known/mercure";

    private final Bytes json;
    private final Answers answers;

    Metadata(MercureConfig config, Answers answers) {
        this.answers = answers;
        ByteWriter out = new ByteWriter(256);
        out.put('{');
        JsonWriter.name(out, "resource");
        JsonWriter.string(out, config.url());
        JsonWriter.name(out, "authorization_details_types_supported");
        out.putAscii("[\"https://mercure.rocks/authorization-detail\"]");
        JsonWriter.name(out, "bearer_methods_supported");
        out.putAscii("[\"header\"]");
        JsonWriter.name(out, "mercure_cookie");
        JsonWriter.string(out, Credential.COOKIE_OF_VERSION_1);
        if (config.subscriptions()) {
            JsonWriter.name(out, "mercure_subscriptions");
            out.putAscii("true");
        }
        json = out.put('}').toBytes();
    }

    void add(HttpRoutes.Builder routes) {
        routes.get(
                PATH,
                (request, responder) ->
                        responder.respond(
                                answers.readable(Response.json(200, json), request.head())));
    }
}
