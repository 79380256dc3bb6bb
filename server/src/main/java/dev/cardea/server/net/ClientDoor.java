package dev.cardea.server.net;

import dev.cardea.messaging.auth.Peer;
import dev.cardea.messaging.session.Node;
import dev.cardea.wire.websocket.Handshake;
import dev.cardea.wire.websocket.PerMessageDeflate;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code /connection/websocket}: the Centrifugo client protocol over WebSocket, JSON or Protobuf.
 */
public final class ClientDoor implements UpgradeTarget {
    private static final String JSON_SUBPROTOCOL = "centrifuge-json";
    private static final String PROTOBUF_SUBPROTOCOL = "centrifuge-protobuf";

    private final NettyLoops loops;
    private final Node node;
    private final int maxMessageBytes;
    private final ConnectionLimits limits;
    private final KeptHeaders headersForHooks;
    private final @Nullable Compression compression;

    /**
     * @param compression for clients that offer it; null: for nobody
     * @param headersForHooks of each client's request, kept for as long as it is connected
     */
    public ClientDoor(
            NettyLoops loops,
            Node node,
            int maxMessageBytes,
            ConnectionLimits limits,
            KeptHeaders headersForHooks,
            @Nullable Compression compression) {
        this.compression = compression;
        this.headersForHooks = headersForHooks;
        this.loops = loops;
        this.node = node;
        this.maxMessageBytes = maxMessageBytes;
        this.limits = limits;
    }

    @Override
    public Upgrade accept(RequestHead head) {
        String refusal = limits.refusal();
        if (refusal != null) return new Upgrade.Refused(503, refusal);
        String subprotocol =
                Handshake.subprotocol(
                        head.headers("Sec-WebSocket-Protocol"),
                        List.of(PROTOBUF_SUBPROTOCOL, JSON_SUBPROTOCOL));
        WebSocketEncoding encoding = encoding(head, subprotocol);
        String extensions =
                compression == null
                        ? null
                        : PerMessageDeflate.answer(head.headers("Sec-WebSocket-Extensions"));
        return new Upgrade.To(
                new WebSocketConnection(
                        loops.current(),
                        node,
                        encoding,
                        extensions == null ? null : compression,
                        peer(head, encoding),
                        "true".equals(head.parameter("cf_ws_frame_ping_pong")),
                        maxMessageBytes,
                        limits),
                subprotocol,
                extensions);
    }

    private Peer peer(RequestHead head, WebSocketEncoding encoding) {
        return new Peer(
                "websocket",
                encoding.name().toLowerCase(Locale.ROOT),
                headersForHooks.in(head),
                Map.of());
    }

    private static WebSocketEncoding encoding(RequestHead head, @Nullable String subprotocol) {
        boolean protobuf =
                PROTOBUF_SUBPROTOCOL.equals(subprotocol)
                        || "protobuf".equals(head.parameter("format"))
                        || "protobuf".equals(head.parameter("cf_protocol"));
        return protobuf ? WebSocketEncoding.PROTOBUF : WebSocketEncoding.JSON;
    }
}
