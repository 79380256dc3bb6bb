package dev.cardea.server.net;

import dev.cardea.messaging.auth.Peer;
import dev.cardea.messaging.session.Direction;
import dev.cardea.messaging.session.Disconnect;
import dev.cardea.messaging.session.Node;
import dev.cardea.messaging.session.Session;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.Malformed;
import dev.cardea.wire.centrifuge.Command;
import dev.cardea.wire.centrifuge.JsonCodec;
import dev.cardea.wire.centrifuge.StreamPositions;
import dev.cardea.wire.websocket.CloseCode;
import dev.cardea.wire.websocket.FrameListener;
import dev.cardea.wire.websocket.FrameReader;
import dev.cardea.wire.websocket.ProtocolError;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An open WebSocket, between its socket and its session: the one handler of its pipeline. Bytes
 * become messages here, and nothing above knows {@code ByteBuf}.
 */
final class WebSocketConnection extends ChannelInboundHandlerAdapter
        implements FrameListener, SocketOutlet.Owner {
    private static final Logger LOG = LoggerFactory.getLogger(WebSocketConnection.class);

    private final NettyLoop loop;
    private final Node node;
    private final WebSocketEncoding encoding;
    private final @Nullable Compression compression;
    private final Peer peer;
    private final boolean pingsNatively;
    private final ConnectionLimits limits;
    private final FrameReader reader;

    /** Of a client that only listens; null: it may speak. */
    private final PushSocketDoor.@Nullable Options listens;

    /** What such a client is, once it has said so. */
    private Command.@Nullable Connect connect;

    // Set in handlerAdded, which is the start.
    private @Nullable SocketOutlet outlet;
    private @Nullable Session session;

    /**
     * What was read while the session takes no input. The socket isn't read while this holds any.
     */
    private ByteBuf held = Unpooled.EMPTY_BUFFER;

    /**
     * @param compression null: it wasn't negotiated
     * @param limits counts this one while it is open
     */
    WebSocketConnection(
            NettyLoop loop,
            Node node,
            WebSocketEncoding encoding,
            @Nullable Compression compression,
            Peer peer,
            boolean pingsNatively,
            int maxMessageBytes,
            ConnectionLimits limits) {
        this(
                loop,
                node,
                encoding,
                compression,
                peer,
                pingsNatively,
                maxMessageBytes,
                limits,
                null,
                null);
    }

    /**
     * Of a client that only listens.
     *
     * @param connect null: its first message will be that
     */
    WebSocketConnection(
            NettyLoop loop,
            Node node,
            PushSocketDoor.Options listens,
            Command.@Nullable Connect connect,
            Peer peer,
            ConnectionLimits limits) {
        this(
                loop,
                node,
                WebSocketEncoding.PUSHES,
                null,
                peer,
                false,
                listens.maxMessageBytes(),
                limits,
                listens,
                connect);
    }

    private WebSocketConnection(
            NettyLoop loop,
            Node node,
            WebSocketEncoding encoding,
            @Nullable Compression compression,
            Peer peer,
            boolean pingsNatively,
            int maxMessageBytes,
            ConnectionLimits limits,
            PushSocketDoor.@Nullable Options listens,
            Command.@Nullable Connect connect) {
        this.listens = listens;
        this.connect = connect;
        this.pingsNatively = pingsNatively;
        this.loop = loop;
        this.node = node;
        this.encoding = encoding;
        this.compression = compression;
        this.peer = peer;
        this.limits = limits;
        this.reader =
                new FrameReader(
                        FrameReader.Side.SERVER,
                        maxMessageBytes,
                        compression == null ? null : compression.inflater());
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        limits.opened();
        SocketOutlet out =
                new SocketOutlet(
                        ctx.channel(),
                        loop.batch(),
                        encoding.opcode(),
                        compression,
                        pingsNatively,
                        this);
        outlet = out;
        session =
                new Session(
                        node,
                        loop.shard(),
                        listens == null
                                ? out
                                : new PushSocketOutlet(
                                        out, listens.joinsPushes(), listens.tellsEnd()),
                        encoding.codec(),
                        compression == null ? encoding : compression.of(encoding),
                        peer,
                        listens == null ? Direction.BOTH : Direction.DOWN,
                        System.nanoTime());
        if (connect != null) connect(connect);
    }

    private void connect(Command.Connect what) {
        long nowNanos = System.nanoTime();
        session().connect(what, StreamPositions.NONE, nowNanos);
        session().flush(nowNanos);
    }

    private Session session() {
        if (session == null) throw new IllegalStateException("not started");
        return session;
    }

    private SocketOutlet outlet() {
        if (outlet == null) throw new IllegalStateException("not started");
        return outlet;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        try {
            if (!held.isReadable() && takesInput()) read(bytes);
            if (bytes.isReadable()) hold(ctx, bytes);
        } finally {
            bytes.release();
        }
    }

    private boolean takesInput() {
        return outlet().isClosing() ? outlet().isCloseWritten() : !session().readsPaused();
    }

    /**
     * Keeps what came too much. The socket isn't read again before it has been taken, so it is what
     * one look at the socket brought, at most.
     */
    private void hold(ChannelHandlerContext ctx, ByteBuf bytes) {
        ByteBuf all = ctx.alloc().buffer(held.readableBytes() + bytes.readableBytes());
        all.writeBytes(held).writeBytes(bytes);
        held.release();
        held = all;
    }

    private void read(ByteBuf bytes) {
        ByteBuffer in = bytes.nioBuffer();
        try {
            reader.read(in, this);
        } catch (ProtocolError e) {
            outlet().fail(e.closeCode(), e.getMessage() == null ? "" : e.getMessage());
            session().closed();
        }
        bytes.skipBytes(bytes.readableBytes() - in.remaining());
    }

    @Override
    public void writable() {
        session().writable(System.nanoTime());
    }

    @Override
    public void readsResumed() {
        takeHeld();
        if (takesInput()) outlet().resumeReads();
    }

    private void takeHeld() {
        if (!held.isReadable() || !takesInput()) return;
        ByteBuf bytes = held;
        held = Unpooled.EMPTY_BUFFER;
        read(bytes);
        if (bytes.isReadable()) held = bytes;
        else bytes.release();
    }

    @Override
    public boolean message(boolean text, ByteBuffer payload) {
        if (listens == null) session().receive(payload, System.nanoTime());
        else if (connect == null) introduced(payload);
        return takesInput();
    }

    /** The one message of a client that only listens. */
    private void introduced(ByteBuffer payload) {
        try {
            connect = JsonCodec.connect(Bytes.copyOf(payload));
            connect(connect);
        } catch (Malformed _) {
            session().disconnect(Disconnect.BAD_REQUEST);
        }
    }

    @Override
    public boolean ping(ByteBuffer payload) {
        outlet().pong(payload);
        return true;
    }

    @Override
    public boolean pong(ByteBuffer payload) {
        session().ponged();
        return true;
    }

    @Override
    public void close(int code, String reason) {
        // Echoed, which is a no-op where we have sent ours; then the server is the one to end the
        // TCP connection.
        outlet().close(code == CloseCode.NONE ? 1000 : code, "");
        outlet().finish();
        session().closed();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        limits.closed();
        held.release();
        held = Unpooled.EMPTY_BUFFER;
        session().closed();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        // A reset by the peer is everyday life; anything else is a mistake of ours, and ends this
        // connection only.
        if (!(cause instanceof IOException) && !(cause.getCause() instanceof IOException))
            LOG.atError()
                    .addKeyValue("client", session().client())
                    .setCause(cause)
                    .log("connection_failed");
        var _ = ctx.close();
    }
}
