package dev.cardea.server.quic;

import dev.cardea.messaging.auth.Peer;
import dev.cardea.messaging.session.Node;
import dev.cardea.server.net.ConnectionLimits;
import dev.cardea.server.net.HttpStreams;
import dev.cardea.server.net.KeptHeaders;
import dev.cardea.server.net.OriginCheck;
import dev.cardea.server.net.RequestHead;
import dev.cardea.server.net.StreamEncoding;
import java.util.Map;

/**
 * {@code /connection/webtransport}: who is let in over HTTP/3. Thread safe.
 *
 * @param path of WebTransport; empty: there is none
 * @param connections of all doors together
 * @param headersForHooks of each client's request, kept for as long as it is connected
 * @param requests serves those that don't ask for WebTransport
 */
public record Http3Door(
        Node node,
        String path,
        OriginCheck origins,
        int maxMessageBytes,
        ConnectionLimits connections,
        KeptHeaders headersForHooks,
        HttpStreams requests,
        QuicLimits limits) {

    /** What a request for a session is answered with. */
    sealed interface Answer {}

    /**
     * @param status 4xx or 5xx
     */
    record Refused(int status) implements Answer {}

    record Admitted(Peer peer, StreamEncoding encoding, LanePlan plan) implements Answer {}

    Answer admit(Http3Connection connection, RequestHead head) {
        if (path.isEmpty() || !head.path().equals(path)) return new Refused(404);
        String origin = head.origin();
        if (origin != null && !origins.allows(origin, head)) return new Refused(403);
        LanePlan plan = LanePlan.of(head);
        if (plan == null) return new Refused(400);
        if (!connection.hasRoomForSession()) return new Refused(429);
        if (connections.refusal() != null) return new Refused(503);
        boolean protobuf = "protobuf".equals(head.parameter("cf_protocol"));
        StreamEncoding encoding = protobuf ? StreamEncoding.PROTOBUF : StreamEncoding.JSON_LINES;
        Peer peer =
                new Peer(
                        "webtransport",
                        protobuf ? "protobuf" : "json",
                        headersForHooks.in(head),
                        Map.of());
        return new Admitted(peer, encoding, plan);
    }
}
