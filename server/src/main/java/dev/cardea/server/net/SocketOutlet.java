package dev.cardea.server.net;

import dev.cardea.messaging.hub.Outlet;
import dev.cardea.messaging.log.Frame;
import dev.cardea.wire.ByteWriter;
import dev.cardea.wire.websocket.FrameWriter;
import dev.cardea.wire.websocket.Opcode;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A WebSocket's way out: a batch of frames is one {@code send}. */
final class SocketOutlet implements Outlet, Batch.Owner {
    private static final long CLOSE_HANDSHAKE_SECONDS = 5;
    private static final ByteBuffer EMPTY = ByteBuffer.allocate(0).asReadOnlyBuffer();

    /** Is told, on the loop, what the socket does. */
    interface Owner {
        /** All that was pending is gone. */
        void writable();

        /**
         * Input is taken again: first what was read and held back, then {@link #resumeReads} if
         * that didn't pause it.
         */
        void readsResumed();
    }

    private final Channel channel;
    private final Batch batch;
    private final int opcode;
    private final @Nullable Compression compression;
    private final Owner owner;
    private final boolean pingsNatively;

    private final SocketWriter socket;
    private final @Nullable SslHandler tls;

    private boolean closing;
    private boolean closeWritten;

    /**
     * The payload of the peer's newest ping that came while nothing could be written (RFC 6455
     * section 5.5.3).
     */
    private byte @Nullable [] unansweredPing;

    /**
     * @param opcode of messages: text or binary
     * @param compression of messages that are no finished frames; null: it wasn't negotiated
     * @param pingsNatively with ping frames, not with messages of the client protocol
     */
    SocketOutlet(
            Channel channel,
            Batch batch,
            int opcode,
            @Nullable Compression compression,
            boolean pingsNatively,
            Owner owner) {
        this.pingsNatively = pingsNatively;
        this.channel = channel;
        this.batch = batch;
        this.opcode = opcode;
        this.compression = compression;
        this.owner = owner;
        this.tls = channel.pipeline().get(SslHandler.class);
        this.socket = new SocketWriter(channel, tls, this::nothingPending);
    }

    @Override
    public boolean isWritable() {
        return socket.isIdle() && !closing;
    }

    @Override
    public void write(Frame frame) {
        batch.write(this, frame);
    }

    @Override
    public void message(ByteBuffer payload) {
        ByteWriter frame = compression == null ? null : compression.frame(opcode, payload);
        if (frame == null) writeFrame(opcode, payload);
        else batch.write(this, frame.array(), 0, frame.length());
    }

    @Override
    public boolean pingsNatively() {
        return pingsNatively;
    }

    @Override
    public void ping() {
        writeFrame(Opcode.PING, EMPTY);
    }

    /** Answers a ping: at once, or when what is pending has gone; then only the newest one. */
    void pong(ByteBuffer payload) {
        if (isWritable()) {
            writeFrame(Opcode.PONG, payload);
            flush();
        } else {
            unansweredPing = new byte[payload.remaining()];
            payload.get(payload.position(), unansweredPing);
        }
    }

    private void writeFrame(int opcode, ByteBuffer payload) {
        ByteWriter header = new ByteWriter(16);
        FrameWriter.header(opcode, payload.remaining(), header);
        batch.write(this, header.array(), 0, header.length());
        batch.write(this, payload);
    }

    @Override
    public void flush() {
        if (!batch.belongsTo(this)) return;
        socket.send(batch.written());
        batch.clear();
    }

    private void nothingPending() {
        if (closing) return;
        if (unansweredPing != null) {
            byte[] payload = unansweredPing;
            unansweredPing = null;
            pong(ByteBuffer.wrap(payload));
            if (!socket.isIdle()) return;
        }
        owner.writable();
    }

    @Override
    public int pendingBytes() {
        return socket.pendingBytes();
    }

    @Override
    public long takenBytes() {
        return socket.takenBytes();
    }

    @Override
    public void pauseReads(boolean paused) {
        if (closing) return;
        if (paused) channel.config().setAutoRead(false);
        else askForHeld();
    }

    private void askForHeld() {
        channel.eventLoop().execute(owner::readsResumed); // not from inside what is going on
    }

    /** Nothing is held back any more: the socket may be read. */
    void resumeReads() {
        if (channel.isActive()) channel.config().setAutoRead(true);
    }

    /** Our close frame is on its way, or the connection was given up. */
    boolean isClosing() {
        return closing;
    }

    /** Our close frame has left: only the peer's matters now. */
    boolean isCloseWritten() {
        return closeWritten;
    }

    @Override
    public void close(int code, String reason) {
        var _ = startClosing(code, reason);
    }

    /**
     * Closes after the peer broke WebSocket's rules. What it says from now on isn't understood, its
     * close frame neither: our half of the TCP connection ends, too (RFC 6455 section 7.1.7).
     */
    void fail(int code, String reason) {
        ChannelFuture written = startClosing(code, reason);
        if (written == null) return;
        written.addListener(_ -> {
            if (tls != null) {
                var _ = tls.closeOutbound();
            } else if (channel instanceof DuplexChannel duplex) {
                var _ = duplex.shutdownOutput();
            }
        });
    }

    /** Returns null where that was done before. */
    private @Nullable ChannelFuture startClosing(int code, String reason) {
        if (closing) return null;
        flush();
        closing = true;
        channel.config().setAutoRead(false); // who doesn't take our bytes isn't listened to
        ByteWriter frame = new ByteWriter(64);
        FrameWriter.close(code, reason, frame);
        socket.closeWithin(CLOSE_HANDSHAKE_SECONDS);
        return channel.writeAndFlush(Unpooled.wrappedBuffer(frame.toArray()))
                .addListener(ChannelFutureListener.CLOSE_ON_FAILURE)
                .addListener(_ -> closeWritten());
    }

    private void closeWritten() {
        closeWritten = true;
        askForHeld(); // the peer's half of the closing handshake may be in it
    }

    /**
     * The peer has said its close, too: ends the TCP connection once all is written (RFC 6455
     * section 7.1.1).
     */
    void finish() {
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }

    @Override
    public void abort() {
        if (closing) return; // a close frame is on its way, which a reset might overtake
        closing = true;
        if (batch.belongsTo(this)) batch.clear();
        closeChannel();
    }

    @Override
    public void giveUp() {
        closing = true;
        closeChannel();
    }

    private void closeChannel() {
        var _ = channel.close();
    }
}
