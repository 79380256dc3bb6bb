package dev.cardea.server.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.util.ReferenceCountUtil;
import java.nio.channels.ClosedChannelException;

/**
 * An HTTP/2 stream as if it were a TCP connection (RFC 8441 section 5): data frames are bytes, and
 * the end of the stream is the connection's.
 */
final class StreamBytes extends ChannelDuplexHandler {
    private boolean endWritten;
    private boolean peerEnded;

    /** Writes that flow control hasn't let through. */
    private int underway;

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (!(message instanceof Http2DataFrame frame)) {
            ReferenceCountUtil.release(message); // trailers
            return;
        }
        peerEnded = frame.isEndStream();
        if (frame.content().isReadable()) ctx.fireChannelRead(frame.content());
        else frame.release();
        if (peerEnded) close(ctx, ctx.newPromise());
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        if (endWritten) {
            ReferenceCountUtil.release(message);
            promise.setFailure(new ClosedChannelException());
        } else {
            underway++;
            var _ =
                    ctx.write(new DefaultHttp2DataFrame((ByteBuf) message), promise)
                            .addListener(_ -> underway--);
        }
    }

    @Override
    public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
        if (endWritten || !ctx.channel().isActive()) {
            var _ = ctx.close(promise);
            return;
        }
        endWritten = true;
        if (underway > 0) { // given up: the codec says CANCEL
            var _ = ctx.close(promise);
            return;
        }
        var _ =
                ctx.writeAndFlush(new DefaultHttp2DataFrame(Unpooled.EMPTY_BUFFER, true))
                        .addListener(_ -> ended(ctx, promise));
    }

    private void ended(ChannelHandlerContext ctx, ChannelPromise promise) {
        // The client needn't end its half (RFC 9113 section 8.1).
        if (!peerEnded) {
            var _ = ctx.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.NO_ERROR));
        }
        var _ = ctx.close(promise);
    }
}
