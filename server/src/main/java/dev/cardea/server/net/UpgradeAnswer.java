package dev.cardea.server.net;

import dev.cardea.wire.websocket.Handshake;
import java.util.List;

/** What a request to become a WebSocket is answered with. */
sealed interface UpgradeAnswer {
    /**
     * @param accept the value of {@code Sec-WebSocket-Accept}; empty on a stream of HTTP/2
     */
    record Switch(Upgrade.To to, String accept) implements UpgradeAnswer {}

    record Refuse(Response response) implements UpgradeAnswer {}

    /** The handshake is judged first, then the origin, then the target is asked. */
    static UpgradeAnswer to(RequestHead head, UpgradeTarget target, OriginCheck origins) {
        return switch (Handshake.answer(head.method(), head::headers, List.of())) {
            case Handshake.Refused(int status, String why) ->
                    new Refuse(
                            Response.text(status, why)
                                    .with("Sec-WebSocket-Version", "13")
                                    .with("Allow", "GET"));
            case Handshake.Accepted(String accept, _) -> to(head, target, origins, accept);
        };
    }

    /** The same on a stream of HTTP/2, whose handshake has no key (RFC 8441 section 5). */
    static UpgradeAnswer onStream(RequestHead head, UpgradeTarget target, OriginCheck origins) {
        String why = Handshake.versionProblem(head::headers);
        if (why == null) return to(head, target, origins, "");
        return new Refuse(Response.text(400, why).with("Sec-WebSocket-Version", "13"));
    }

    private static UpgradeAnswer to(
            RequestHead head, UpgradeTarget target, OriginCheck origins, String accept) {
        String origin = head.origin();
        if (origin != null && !origins.allows(origin, head)) {
            return new Refuse(Response.text(403, "origin is not allowed"));
        }
        return switch (target.accept(head)) {
            case Upgrade.Refused(int status, String why) -> new Refuse(Response.text(status, why));
            case Upgrade.To to -> new Switch(to, accept);
        };
    }
}
