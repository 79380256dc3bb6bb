package dev.cardea.server.net;

import dev.cardea.messaging.auth.Peer;
import dev.cardea.messaging.session.Node;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.Malformed;
import dev.cardea.wire.centrifuge.Command;
import dev.cardea.wire.centrifuge.JsonCodec;
import java.util.Map;

/**
 * {@code /connection/uni_websocket}: a WebSocket for clients that only listen. What they are is
 * said in {@code cf_connect} of the query, or in the first message.
 */
public final class PushSocketDoor implements UpgradeTarget {
    /**
     * @param maxMessageBytes of the first message; what else comes is dropped
     * @param joinsPushes those that wait together go in one message, a line for each
     * @param tellsEnd in a push before the close frame
     */
    public record Options(int maxMessageBytes, boolean joinsPushes, boolean tellsEnd) {}

    private final NettyLoops loops;
    private final Node node;
    private final Options options;
    private final ConnectionLimits limits;
    private final KeptHeaders headersForHooks;

    /**
     * @param headersForHooks of each client's request, kept for as long as it is connected
     */
    public PushSocketDoor(
            NettyLoops loops,
            Node node,
            Options options,
            ConnectionLimits limits,
            KeptHeaders headersForHooks) {
        this.loops = loops;
        this.node = node;
        this.options = options;
        this.limits = limits;
        this.headersForHooks = headersForHooks;
    }

    @Override
    public Upgrade accept(RequestHead head) {
        String refusal = limits.refusal();
        if (refusal != null) return new Upgrade.Refused(503, refusal);
        String json = head.parameter(StreamDoor.CONNECT);
        Command.Connect connect = null;
        try {
            if (json != null && !json.isEmpty()) connect = JsonCodec.connect(Bytes.utf8(json));
        } catch (Malformed _) {
            return new Upgrade.Refused(400, "the connect request is malformed");
        }
        Peer peer = new Peer("uni_websocket", "json", headersForHooks.in(head), Map.of());
        return new Upgrade.To(
                new WebSocketConnection(loops.current(), node, options, connect, peer, limits),
                null);
    }
}
