package dev.cardea.server.net;

import dev.cardea.messaging.auth.Peer;
import dev.cardea.messaging.session.Direction;
import dev.cardea.messaging.session.Node;
import dev.cardea.messaging.session.Session;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.Malformed;
import dev.cardea.wire.centrifuge.Command;
import dev.cardea.wire.centrifuge.JsonCodec;
import dev.cardea.wire.centrifuge.StreamPositions;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The doors that are a response that goes on: HTTP streaming and server-sent events, whose clients
 * say more in requests of their own, and the same two for clients that only listen.
 */
public final class StreamDoor {
    static final String CONNECT = "cf_connect";

    /** What keeps caches and nginx from waiting for the end of what has none. */
    private static final Map<String, List<String>> HEADERS =
            Map.of(
                    "Cache-Control",
                    List.of("private, no-cache, no-store, must-revalidate, max-age=0"),
                    "Pragma",
                    List.of("no-cache"),
                    "Expire",
                    List.of("0"),
                    "X-Accel-Buffering",
                    List.of("no"));

    private final NettyLoops loops;
    private final Node node;
    private final ConnectionLimits limits;
    private final EmulatedSessions emulated;
    private final KeptHeaders headersForHooks;

    /**
     * @param headersForHooks of each client's request, kept for as long as it is connected
     */
    public StreamDoor(
            NettyLoops loops,
            Node node,
            ConnectionLimits limits,
            EmulatedSessions emulated,
            KeptHeaders headersForHooks) {
        this.loops = loops;
        this.node = node;
        this.limits = limits;
        this.emulated = emulated;
        this.headersForHooks = headersForHooks;
    }

    /** POST, with the first commands in its body. */
    public void httpStream(HttpRoutes.Builder routes, String path, int maxBodyBytes) {
        routes.stream("POST", path, this::httpStream, maxBodyBytes);
    }

    private void httpStream(Request request, StreamResponder responder) {
        boolean protobuf = isOctets(request.head());
        begin(
                request.head(),
                "http_stream",
                protobuf ? StreamEncoding.PROTOBUF : StreamEncoding.JSON_LINES,
                session -> say(session, request.body()),
                responder);
    }

    /** GET, with the first commands in the query, or POST, with them in its body. */
    public void events(HttpRoutes.Builder routes, String path, int maxBodyBytes) {
        routes.stream("GET", path, this::eventsByQuery, 0);
        routes.stream("POST", path, this::eventsByBody, maxBodyBytes);
    }

    private void eventsByQuery(Request request, StreamResponder responder) {
        String commands = request.head().parameter(CONNECT);
        if (commands == null || commands.isEmpty()) {
            responder.respond(Response.text(400, CONNECT + " is missing"));
            return;
        }
        events(request.head(), Bytes.utf8(commands), responder);
    }

    private void eventsByBody(Request request, StreamResponder responder) {
        events(request.head(), request.body(), responder);
    }

    private void events(RequestHead head, Bytes commands, StreamResponder responder) {
        begin(head, "sse", StreamEncoding.EVENTS, session -> say(session, commands), responder);
    }

    private static void say(Session session, Bytes commands) {
        session.receive(commands.buffer(), System.nanoTime());
    }

    /** POST, with the connect request in its body. */
    public void pushLines(HttpRoutes.Builder routes, String path, int maxBodyBytes) {
        routes.stream("POST", path, this::pushLines, maxBodyBytes);
    }

    private void pushLines(Request request, StreamResponder responder) {
        Command.Connect connect = connect(request.body());
        if (connect == null) {
            responder.respond(Response.text(400, "the connect request is malformed"));
            return;
        }
        begin(
                request.head(),
                "uni_http_stream",
                StreamEncoding.PUSH_LINES,
                session -> session.connect(connect, StreamPositions.NONE, System.nanoTime()),
                responder);
    }

    /**
     * GET, with the connect request in the query or none, or POST, with it in its body. Browsers
     * add the id of the last event that they have heard.
     */
    public void pushEvents(HttpRoutes.Builder routes, String path, int maxBodyBytes) {
        routes.stream("GET", path, this::pushEventsByQuery, 0);
        routes.stream("POST", path, this::pushEventsByBody, maxBodyBytes);
    }

    private void pushEventsByQuery(Request request, StreamResponder responder) {
        String connect = request.head().parameter(CONNECT);
        Bytes json = Bytes.utf8(connect == null || connect.isEmpty() ? "{}" : connect);
        pushEvents(request.head(), json, responder);
    }

    private void pushEventsByBody(Request request, StreamResponder responder) {
        pushEvents(request.head(), request.body(), responder);
    }

    private void pushEvents(RequestHead head, Bytes json, StreamResponder responder) {
        Command.Connect connect = connect(json);
        if (connect == null) {
            responder.respond(Response.text(400, "the connect request is malformed"));
            return;
        }
        StreamPositions known = lastEventId(head);
        begin(
                head,
                "uni_sse",
                StreamEncoding.PUSH_EVENTS,
                session -> session.connect(connect, known, System.nanoTime()),
                responder);
    }

    /** One that isn't ours stands for none: a browser would never come back from an error. */
    private static StreamPositions lastEventId(RequestHead head) {
        String id = head.header("Last-Event-ID");
        if (id == null) id = head.parameter("lastEventId"); // as polyfills send it
        if (id == null) id = head.parameter("last_event_id");
        try {
            return id == null ? StreamPositions.NONE : StreamPositions.read(id);
        } catch (Malformed _) {
            return StreamPositions.NONE;
        }
    }

    private static Command.@Nullable Connect connect(Bytes json) {
        try {
            return JsonCodec.connect(json);
        } catch (Malformed _) {
            return null;
        }
    }

    static boolean isOctets(RequestHead head) {
        return "application/octet-stream".equals(head.header("Content-Type"));
    }

    private void begin(
            RequestHead head,
            String transport,
            StreamEncoding encoding,
            Consumer<Session> first,
            StreamResponder responder) {
        String refusal = limits.refusal();
        if (refusal != null) {
            responder.respond(Response.text(503, refusal));
            return;
        }
        NettyLoop loop = loops.current();
        Direction direction = encoding.isPushes() ? Direction.DOWN : Direction.EMULATED;
        String protocol = encoding == StreamEncoding.PROTOBUF ? "protobuf" : "json";
        Peer peer = new Peer(transport, protocol, headersForHooks.in(head), Map.of());
        responder.stream(
                head(encoding),
                new ClientStream(
                        loop,
                        encoding,
                        outlet -> opened(loop, outlet, encoding, peer, direction),
                        first,
                        this::closed));
    }

    private Session opened(
            NettyLoop loop,
            StreamOutlet outlet,
            StreamEncoding encoding,
            Peer peer,
            Direction direction) {
        limits.opened();
        Session session =
                new Session(
                        node,
                        loop.shard(),
                        outlet,
                        encoding.codec(),
                        encoding,
                        peer,
                        direction,
                        System.nanoTime());
        if (direction == Direction.EMULATED) emulated.add(session);
        return session;
    }

    private void closed(Session session) {
        limits.closed();
        emulated.remove(session);
    }

    private static Response head(StreamEncoding encoding) {
        Map<String, List<String>> headers = new TreeMap<>(HEADERS);
        headers.put("Content-Type", List.of(contentType(encoding)));
        return new Response(200, headers, Bytes.EMPTY);
    }

    private static String contentType(StreamEncoding encoding) {
        return switch (encoding.framing()) {
            case LINES -> "application/x-ndjson";
            case LENGTHS -> "application/octet-stream";
            case EVENTS -> "text/event-stream; charset=utf-8";
        };
    }
}
