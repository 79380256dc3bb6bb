package dev.cardea.server.turn;

import dev.cardea.messaging.auth.Authenticator;
import dev.cardea.messaging.auth.Peer;
import dev.cardea.messaging.auth.Verdict;
import dev.cardea.messaging.session.Node;
import dev.cardea.rtc.turn.Credentials;
import dev.cardea.server.net.Endpoint;
import dev.cardea.server.net.KeptHeaders;
import dev.cardea.server.net.Request;
import dev.cardea.server.net.RequestHead;
import dev.cardea.server.net.Responder;
import dev.cardea.server.net.Response;
import dev.cardea.wire.ByteWriter;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.centrifuge.Command;
import dev.cardea.wire.json.JsonWriter;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code GET /turn-credentials}: a name for a while and its password, for whoever may connect. The
 * fields are those of draft-uberti-behave-turn-rest-00, and once more as browsers take them.
 */
final class CredentialsEndpoint implements Endpoint {
    private static final Logger LOG = LoggerFactory.getLogger(CredentialsEndpoint.class);

    private final Credentials credentials;
    private final Node node;
    private final KeptHeaders kept;
    private final List<String> uris;
    private final long ttlSeconds;

    CredentialsEndpoint(
            Credentials credentials,
            Node node,
            KeptHeaders kept,
            List<String> uris,
            long ttlSeconds) {
        this.credentials = credentials;
        this.node = node;
        this.kept = kept;
        this.uris = uris;
        this.ttlSeconds = ttlSeconds;
    }

    @Override
    public void serve(Request request, Responder responder) {
        Command.Connect connect =
                new Command.Connect(
                        1, token(request.head()), Bytes.EMPTY, Map.of(), "", "", Map.of(), 0);
        Peer peer = new Peer("http", "json", kept.in(request.head()), Map.of());
        var _ =
                node.authenticator()
                        .connect("", peer, connect)
                        .whenComplete((verdict, failure) -> {
                            if (failure != null) LOG.warn("authentication_failed", failure);
                            Response response =
                                    failure != null
                                            ? Response.text(503, "try again")
                                            : answer(verdict);
                            responder.respond(response.with("Cache-Control", "no-store"));
                        });
    }

    private static String token(RequestHead head) {
        String authorization = head.header("Authorization");
        if (authorization != null && authorization.regionMatches(true, 0, "Bearer ", 0, 7))
            return authorization.substring(7).strip();
        String parameter = head.parameter("token");
        return parameter == null ? "" : parameter;
    }

    private Response answer(Verdict<Authenticator.Credentials> verdict) {
        return switch (verdict) {
            case Verdict.Granted<Authenticator.Credentials>(var who) ->
                    node.revocations().cover(who.token(), who.user(), "")
                            ? Response.text(401, "the token was taken back")
                            : granted(who.user());
            case Verdict.Expired<Authenticator.Credentials> _ ->
                    Response.text(401, "the token has expired");
            case Verdict.Failed<Authenticator.Credentials> _ -> Response.text(403, "forbidden");
            case Verdict.Forbidden<Authenticator.Credentials> _ -> Response.text(403, "forbidden");
            default -> Response.text(401, "unauthorized");
        };
    }

    private Response granted(String user) {
        long expirySeconds = System.currentTimeMillis() / 1000 + ttlSeconds;
        Credentials.Ephemeral made = credentials.ephemeral(user, expirySeconds);
        if (made == null) return Response.text(404, "turn.secrets is empty");
        ByteWriter out = new ByteWriter(512);
        out.put('{');
        JsonWriter.name(out, "username");
        JsonWriter.string(out, made.name());
        JsonWriter.name(out, "password");
        JsonWriter.string(out, made.password());
        JsonWriter.name(out, "ttl");
        out.putDecimal(ttlSeconds);
        JsonWriter.name(out, "uris");
        uris(out);
        JsonWriter.name(out, "iceServers");
        out.put('[').put('{');
        JsonWriter.name(out, "urls");
        uris(out);
        JsonWriter.name(out, "username");
        JsonWriter.string(out, made.name());
        JsonWriter.name(out, "credential");
        JsonWriter.string(out, made.password());
        out.put('}').put(']').put('}');
        return Response.json(200, out.toBytes());
    }

    private void uris(ByteWriter out) {
        out.put('[');
        for (String each : uris) {
            JsonWriter.comma(out);
            JsonWriter.string(out, each);
        }
        out.put(']');
    }
}
