package dev.cardea.server.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.unix.Socket;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Sends batches down one TCP connection, or one stream of HTTP/2. A batch is one {@code send}
 * straight from the loop's buffer: no queue, no promise, no buffer of its own. Only what the peer
 * doesn't take at once is copied and left to Netty, which says when it is gone. Belongs to the
 * connection's event loop.
 */
final class SocketWriter {
    private static final int PIECE_BYTES = 4096;

    private final Channel channel;
    private final boolean isStream;
    private final @Nullable SslHandler tls;
    private final Runnable onIdle;

    /**
     * Where bytes can be sent without going through the pipeline; null with TLS, or without epoll.
     */
    private final @Nullable Socket socket;

    private int pendingBytes;
    private long takenBytes;

    /**
     * @param tls the channel's, if it has one
     * @param onIdle run when all that was pending is gone
     */
    SocketWriter(Channel channel, @Nullable SslHandler tls, Runnable onIdle) {
        this.channel = channel;
        this.isStream = channel instanceof Http2StreamChannel;
        this.tls = tls;
        this.onIdle = onIdle;
        this.socket =
                tls == null
                                && channel instanceof EpollSocketChannel epoll
                                && epoll.fd() instanceof Socket fd
                        ? fd
                        : null;
    }

    /** The peer has taken everything. */
    boolean isIdle() {
        return pendingBytes == 0;
    }

    /** Sends what is readable. The buffer is the caller's again when this returns. */
    void send(ByteBuf bytes) {
        if (pendingBytes == 0) takenBytes += sendAtOnce(bytes);
        if (bytes.isReadable()) leaveToNetty(bytes);
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
            close();
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
        pendingBytes += bytes.readableBytes();
        // A stream of HTTP/2 has no buffer that tells how far it is: it tells by whole pieces.
        int most = isStream ? PIECE_BYTES : bytes.readableBytes();
        while (bytes.isReadable()) writePiece(bytes, Math.min(most, bytes.readableBytes()));
        channel.flush();
    }

    private void writePiece(ByteBuf bytes, int length) {
        ByteBuf piece = channel.alloc().directBuffer(length).writeBytes(bytes, length);
        var _ =
                channel.write(piece)
                        .addListener(written -> {
                            pendingBytes -= length;
                            takenBytes += length;
                            if (written.isSuccess() && pendingBytes == 0) onIdle.run();
                        });
    }

    /** However little the peer reads from now on: what is pending is released then. */
    void closeWithin(long seconds) {
        Future<?> late = channel.eventLoop().schedule(this::close, seconds, TimeUnit.SECONDS);
        channel.closeFuture().addListener(_ -> late.cancel(false));
    }

    private void close() {
        var _ = channel.close();
    }

    /** Bytes that the peer hasn't taken. */
    int pendingBytes() {
        return pendingBytes - (int) partlyTaken();
    }

    /** All bytes that the peer has taken so far. */
    long takenBytes() {
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
}
