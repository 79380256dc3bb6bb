package dev.cardea.server.net;

import dev.cardea.messaging.log.Frame;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A response that goes on over one stream of HTTP/2 or HTTP/3. The stream's own flow control says
 * what its client takes: one batch is pending at most.
 */
final class MessageStream extends ChannelInboundHandlerAdapter implements ResponseStream {
    private static final Logger LOG = LoggerFactory.getLogger(MessageStream.class);
    private static final long END_SECONDS = 5;
    private static final int PIECE_BYTES = 4096;

    private final Channel stream;
    private final StreamSource source;
    private @Nullable ByteBuf batch;
    private int pendingBytes;
    private long takenBytes;
    private boolean flushing;
    private boolean ended;
    private boolean closed;

    MessageStream(Channel stream, StreamSource source) {
        this.stream = stream;
        this.source = source;
    }

    /** Writes the head and lets the source begin. */
    void begin(Response head) {
        HttpResponse message =
                new DefaultHttpResponse(
                        HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(head.status()));
        head.headers().forEach((name, values) -> message.headers().set(name, values));
        message.headers().set(HttpHeaderNames.DATE, HttpDate.format(Instant.now()));
        var _ = stream.writeAndFlush(message);
        source.begin(this);
        stream.config().setAutoRead(true);
    }

    @Override
    public boolean isWritable() {
        return pendingBytes == 0 && !ended;
    }

    private ByteBuf batch() {
        if (batch == null) batch = stream.alloc().directBuffer();
        return batch;
    }

    @Override
    public void write(Frame frame) {
        batch().writeBytes(frame.bytes());
    }

    @Override
    public void write(byte[] array, int offset, int length) {
        batch().writeBytes(array, offset, length);
    }

    @Override
    public void write(ByteBuffer bytes) {
        batch().writeBytes(bytes.duplicate());
    }

    @Override
    public void flush() {
        ByteBuf bytes = batch;
        batch = null;
        if (bytes == null) return;
        pendingBytes += bytes.readableBytes();
        flushing = true;
        // In pieces: who takes them slowly is seen to take them.
        while (bytes.readableBytes() > PIECE_BYTES) write(bytes.readRetainedSlice(PIECE_BYTES));
        write(bytes);
        stream.flush();
        flushing = false;
    }

    private void write(ByteBuf piece) {
        int length = piece.readableBytes();
        var _ =
                stream.write(new DefaultHttpContent(piece))
                        .addListener(written -> {
                            pendingBytes -= length;
                            takenBytes += length;
                            boolean isNews = !flushing && pendingBytes == 0;
                            if (written.isSuccess() && isNews && !ended) source.writable();
                        });
    }

    @Override
    public int pendingBytes() {
        return pendingBytes;
    }

    @Override
    public long takenBytes() {
        return takenBytes;
    }

    @Override
    public void end() {
        if (ended) return;
        flush();
        ended = true;
        // However little the client reads: what is pending is released then.
        Future<?> late = stream.eventLoop().schedule(this::close, END_SECONDS, TimeUnit.SECONDS);
        stream.closeFuture().addListener(_ -> late.cancel(false));
        var _ = stream.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT);
    }

    @Override
    public void abort() {
        if (ended) return; // the end is on its way, which a reset might overtake
        ended = true;
        if (batch != null) batch.release();
        batch = null;
        close();
    }

    private void close() {
        var _ = stream.close();
    }

    /** What follows a request whose response doesn't end is of no use to anybody. */
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ReferenceCountUtil.release(message);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof ChannelInputShutdownEvent && !ended) source.halfClosed();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        ended = true;
        if (closed) return;
        closed = true;
        source.closed();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (!(cause instanceof IOException) && !(cause.getCause() instanceof IOException))
            LOG.debug("stream_failed", cause);
        close();
    }
}
