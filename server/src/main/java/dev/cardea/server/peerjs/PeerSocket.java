package dev.cardea.server.peerjs;

import dev.cardea.messaging.peerjs.PeerLink;
import dev.cardea.messaging.peerjs.Refused;
import dev.cardea.messaging.peerjs.Registration;
import dev.cardea.server.net.ConnectionLimits;
import dev.cardea.wire.ByteWriter;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.Malformed;
import dev.cardea.wire.peerjs.ClientMessage;
import dev.cardea.wire.peerjs.ClientMessageReader;
import dev.cardea.wire.websocket.CloseCode;
import dev.cardea.wire.websocket.FrameListener;
import dev.cardea.wire.websocket.FrameReader;
import dev.cardea.wire.websocket.FrameWriter;
import dev.cardea.wire.websocket.Opcode;
import dev.cardea.wire.websocket.ProtocolError;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A peer's WebSocket, between its event loop and that of the realm. It hands on one message at a
 * time: what follows isn't read before the realm is done with it, so that nobody fills a queue.
 */
final class PeerSocket extends ChannelInboundHandlerAdapter implements FrameListener, PeerLink {
    private static final Logger LOG = LoggerFactory.getLogger(PeerSocket.class);
    private static final long CLOSE_HANDSHAKE_SECONDS = 5;
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0).asReadOnlyBuffer();

    private final RealmLoop realm;
    private final ConnectionLimits limits;
    private final FrameReader reader;

    /** Holds the request, its token too: let go of once it was decided upon. */
    private Consumer<PeerSocket> arrived;

    private final AtomicLong pendingBytes = new AtomicLong();
    private volatile long heardNanos;

    // The rest belongs to the connection's loop.
    private @Nullable ChannelHandlerContext context;
    private @Nullable Registration registration;

    /** The realm has its last message, or doesn't know it yet. */
    private boolean isBusy = true;

    private boolean isClosing;

    /** What was read while it is busy. The socket isn't read while this holds any. */
    private ByteBuf held = Unpooled.EMPTY_BUFFER;

    /**
     * @param limits counts this one while it is open
     * @param arrived decides what becomes of it, with {@link #register} or {@link #refuse}; called
     *     on its loop
     */
    PeerSocket(
            RealmLoop realm,
            ConnectionLimits limits,
            int maxMessageBytes,
            Consumer<PeerSocket> arrived) {
        this.realm = realm;
        this.limits = limits;
        this.reader = new FrameReader(FrameReader.Side.SERVER, maxMessageBytes, null);
        this.arrived = arrived;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
        heardNanos = System.nanoTime();
        limits.opened();
        arrived.accept(this);
        arrived = _ -> {};
    }

    private ChannelHandlerContext context() {
        if (context == null) throw new IllegalStateException("not started");
        return context;
    }

    /** Runs it on the connection's loop. From any thread. */
    void execute(Runnable task) {
        context().executor().execute(task);
    }

    /** It may have this id, as far as it alone is concerned. On its loop. */
    void register(Registration wanted) {
        if (isClosing || !context().channel().isActive()) return;
        registration = wanted;
        realm.open(wanted);
    }

    /** On its loop. */
    void refuse(Refused why) {
        realm.counters().refused(why).increment();
        send(why.message());
        endWith(CloseCode.POLICY_VIOLATION, "refused");
    }

    // ---- what comes ----

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        heardNanos = System.nanoTime();
        try {
            if (!held.isReadable() && takesInput()) read(bytes);
            if (bytes.isReadable()) hold(ctx, bytes);
        } finally {
            bytes.release();
        }
    }

    /** One that ends is read to the end, for its close frame. */
    private boolean takesInput() {
        return !isBusy || isClosing;
    }

    private void hold(ChannelHandlerContext ctx, ByteBuf bytes) {
        ctx.channel().config().setAutoRead(false);
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
            startClosing(e.closeCode(), e.getMessage() == null ? "" : e.getMessage());
        }
        bytes.skipBytes(bytes.readableBytes() - in.remaining());
    }

    @Override
    public boolean message(boolean text, ByteBuffer payload) {
        Registration from = registration;
        if (isClosing || from == null) return true;
        int length = payload.remaining();
        isBusy = true; // what follows waits, and is dropped where this one was refused
        try {
            ClientMessage message = ClientMessageReader.read(Bytes.copyOf(payload));
            realm.receive(from, message, length, this::heardOut);
        } catch (Malformed _) {
            refuse(Refused.MALFORMED);
        }
        return false;
    }

    /** The realm is done with the last message. From its loop. */
    private void heardOut(long waitNanos) {
        if (waitNanos == 0) execute(this::goOn);
        else {
            var _ = context().executor().schedule(this::goOn, waitNanos, TimeUnit.NANOSECONDS);
        }
    }

    private void goOn() {
        isBusy = false;
        readHeld();
    }

    private void readHeld() {
        if (held.isReadable() && takesInput()) {
            ByteBuf bytes = held;
            held = Unpooled.EMPTY_BUFFER;
            read(bytes);
            if (bytes.isReadable()) held = bytes;
            else bytes.release();
        }
        if (!held.isReadable() && context().channel().isActive())
            context().channel().config().setAutoRead(true);
    }

    @Override
    public boolean ping(ByteBuffer payload) {
        // one that doesn't take what it is sent gets no answers, either
        if (!isClosing && pendingBytes.get() == 0) write(Opcode.PONG, payload);
        return true;
    }

    @Override
    public boolean pong(ByteBuffer payload) {
        return true;
    }

    @Override
    public void close(int code, String reason) {
        startClosing(code == CloseCode.NONE ? CloseCode.NORMAL : code, "");
        context().writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        limits.closed();
        isClosing = true;
        held.release();
        held = Unpooled.EMPTY_BUFFER;
        if (registration != null) realm.left(registration);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        // A reset by the peer is everyday life; anything else is a mistake of ours, and ends this
        // connection only.
        if (!(cause instanceof IOException) && !(cause.getCause() instanceof IOException))
            LOG.error("peer_failed", cause);
        var _ = ctx.close();
    }

    // ---- what goes, from the realm's loop ----

    @Override
    public void opened() {
        execute(this::goOn);
    }

    @Override
    public void send(Bytes json) {
        pendingBytes.addAndGet(json.length());
        execute(() -> {
            pendingBytes.addAndGet(-json.length()); // counted again where it is written
            if (!isClosing) write(Opcode.TEXT, json.buffer());
        });
    }

    @Override
    public long pendingBytes() {
        return pendingBytes.get();
    }

    @Override
    public long heardNanos() {
        return heardNanos;
    }

    @Override
    public void ping() {
        execute(() -> {
            if (!isClosing && pendingBytes.get() == 0) write(Opcode.PING, NOTHING);
        });
    }

    @Override
    public void endWith(int code, String reason) {
        execute(() -> {
            startClosing(code, reason);
            readHeld();
        });
    }

    private void write(int opcode, ByteBuffer payload) {
        ByteWriter frame = new ByteWriter(payload.remaining() + 16);
        FrameWriter.frame(opcode, payload, frame);
        int length = frame.length();
        pendingBytes.addAndGet(length);
        context()
                .writeAndFlush(Unpooled.wrappedBuffer(frame.array(), 0, length))
                .addListener(_ -> pendingBytes.addAndGet(-length));
    }

    private void startClosing(int code, String reason) {
        if (isClosing) return;
        isClosing = true;
        ByteWriter frame = new ByteWriter(64);
        FrameWriter.close(code, reason, frame);
        context()
                .writeAndFlush(Unpooled.wrappedBuffer(frame.toArray()))
                .addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
        Future<?> late =
                context()
                        .executor()
                        .schedule(this::closeNow, CLOSE_HANDSHAKE_SECONDS, TimeUnit.SECONDS);
        context().channel().closeFuture().addListener(_ -> late.cancel(false));
    }

    private void closeNow() {
        var _ = context().close();
    }
}
