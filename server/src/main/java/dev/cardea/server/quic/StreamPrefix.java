package dev.cardea.server.quic;

import dev.cardea.wire.webtransport.QuicVarint;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.handler.codec.quic.QuicStreamType;
import io.netty.util.concurrent.Future;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a client's stream is: one of a WebTransport session says so with its first number, and
 * the session with its second. Any other is HTTP/3's, which gets all bytes. Belongs to the
 * connection's event loop.
 */
final class StreamPrefix extends ByteToMessageDecoder {
    private static final long BIDIRECTIONAL = 0x41;
    private static final long UNIDIRECTIONAL = 0x54;
    private static final long UNKNOWN = -1;

    private static final int H3_STREAM_CREATION_ERROR = 0x103;

    private final Http3Connection connection;
    private final QuicStreamChannel stream;
    private @Nullable Future<?> deadline;
    private @Nullable ChannelHandlerContext context;
    private long sessionId = UNKNOWN;
    private boolean waits;

    StreamPrefix(Http3Connection connection, QuicStreamChannel stream) {
        this.connection = connection;
        this.stream = stream;
    }

    long sessionId() {
        return sessionId;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
        long millis = connection.door().limits().prefixTimeout().toMillis();
        deadline = ctx.executor().schedule(this::refuse, millis, TimeUnit.MILLISECONDS);
    }

    @Override
    protected void handlerRemoved0(ChannelHandlerContext ctx) {
        settled();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) throws Exception {
        settled();
        super.channelInactive(ctx);
    }

    private void settled() {
        if (deadline != null) deadline.cancel(false);
        if (waits) connection.forgetEarly(this);
        waits = false;
    }

    /** The session's request has come. */
    void resume() {
        waits = false;
        ChannelHandlerContext ctx = context;
        if (ctx == null || ctx.isRemoved()) return;
        ctx.channel().config().setAutoRead(true);
        try {
            channelRead(ctx, Unpooled.EMPTY_BUFFER);
        } catch (Exception e) {
            ctx.fireExceptionCaught(e);
        }
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        ByteBuffer look = in.nioBuffer();
        int length = look.remaining();
        long kind = QuicVarint.read(look);
        if (kind == QuicVarint.INCOMPLETE) return;
        boolean isTwoWay = stream.type() == QuicStreamType.BIDIRECTIONAL;
        if (kind != (isTwoWay ? BIDIRECTIONAL : UNIDIRECTIONAL)) {
            ctx.pipeline().remove(this);
            return;
        }
        sessionId = QuicVarint.read(look);
        if (sessionId == QuicVarint.INCOMPLETE || waits) return;
        WebTransportSession session = connection.session(sessionId);
        if (session == null) {
            waits = connection.keepEarly(this);
            if (waits) ctx.channel().config().setAutoRead(false);
            else refuse();
            return;
        }
        in.skipBytes(length - look.remaining());
        become(ctx, isTwoWay ? session.streamOpened(stream) : new UnwantedStream());
    }

    private void become(ChannelHandlerContext ctx, ChannelHandler handler) {
        ChannelPipeline pipeline = ctx.pipeline();
        for (ChannelHandler other : pipeline.toMap().values()) {
            if (other != this) pipeline.remove(other);
        }
        pipeline.addLast(handler);
        pipeline.remove(this); // passes on what it has read beyond the prefix
    }

    private void refuse() {
        settled();
        var _ = stream.shutdown(H3_STREAM_CREATION_ERROR, stream.newPromise());
        var _ = stream.close();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (sessionId == UNKNOWN) ctx.fireExceptionCaught(cause);
        else refuse(); // reset before its session came
    }
}
