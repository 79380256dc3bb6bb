package dev.cardea.server.net;

import dev.cardea.messaging.hub.Outlet;
import dev.cardea.messaging.log.Frame;
import dev.cardea.wire.ByteWriter;
import dev.cardea.wire.websocket.FrameWriter;
import dev.cardea.wire.websocket.Opcode;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.DuplexChannel;
import io.netty.channel.unix.Socket;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A WebSocket's way out. A batch is one {@code send} straight from the loop's buffer: no queue, no
 * promise, no buffer of its own. Only what the peer doesn't take at once is copied and left to
 * Netty, which says when it is gone.
 */
final class SocketOutlet implements Outlet {
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

    /**
     * Where bytes can be sent without going through the pipeline; null with TLS, or without epoll.
     */
    private final @Nullable Socket socket;

    private final @Nullable SslHandler tls;

    private int pendingBytes;
    private long takenBytes;
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
        this.socket =
                tls == null
                                && channel instanceof EpollSocketChannel epoll
                                && epoll.fd() instanceof Socket fd
                        ? fd
                        : null;
    }

    @Override
    public boolean isWritable() {
        return pendingBytes == 0 && !closing;
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
        ByteBuf bytes = batch.written();
        if (pendingBytes == 0) takenBytes += sendAtOnce(bytes);
        if (bytes.isReadable()) leaveToNetty(bytes);
        batch.clear();
    }

    private int sendAtOnce(ByteBuf bytes) {
        if (socket == null || !channel.isActive()) return 0;
        int length = bytes.readableBytes();
        try {
            int sent = send(socket, bytes);
            bytes.skipBytes(sent);
            return sent;
        } catch (IOException _) {
            bytes.skipBytes(length); // the peer has gone; the read side hears of it too
            closeChannel();
            return 0;
        }
    }

    private static int send(Socket socket, ByteBuf bytes) throws IOException {
        int from = bytes.readerIndex();
        if (bytes.hasMemoryAddress()) {
            return socket.sendAddress(bytes.memoryAddress(), from, bytes.writerIndex());
        }
        return socket.send(
                bytes.internalNioBuffer(from, bytes.readableBytes()), from, bytes.writerIndex());
    }

    private void leaveToNetty(ByteBuf bytes) {
        int length = bytes.readableBytes();
        pendingBytes += length;
        ByteBuf rest = channel.alloc().directBuffer(length).writeBytes(bytes);
        channel.writeAndFlush(rest)
                .addListener(written -> {
                    pendingBytes -= length;
                    takenBytes += length;
                    if (written.isSuccess() && pendingBytes == 0 && !closing) nothingPending();
                });
    }

    private void nothingPending() {
        if (unansweredPing != null) {
            byte[] payload = unansweredPing;
            unansweredPing = null;
            pong(ByteBuffer.wrap(payload));
            if (pendingBytes > 0) return;
        }
        owner.writable();
    }

    @Override
    public int pendingBytes() {
        return pendingBytes - (int) partlyTaken();
    }

    @Override
    public long takenBytes() {
        return takenBytes + partlyTaken();
    }

    private long partlyTaken() {
        if (pendingBytes == 0) return 0;
        ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
        if (buffer == null) return 0;
        // with TLS the buffer holds one entry for each record: what is left of all of them counts
        long taken =
                tls == null
                        ? buffer.currentProgress()
                        : pendingBytes - buffer.totalPendingWriteBytes() + buffer.currentProgress();
        return Math.clamp(taken, 0, pendingBytes);
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
        // However little the peer reads: what is pending is released then.
        Future<?> end =
                channel.eventLoop()
                        .schedule(this::closeChannel, CLOSE_HANDSHAKE_SECONDS, TimeUnit.SECONDS);
        channel.closeFuture().addListener(_ -> end.cancel(false));
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

    /** A batch was left half done: nothing sensible can follow. */
    void giveUp() {
        closing = true;
        closeChannel();
    }

    private void closeChannel() {
        var _ = channel.close();
    }
}
