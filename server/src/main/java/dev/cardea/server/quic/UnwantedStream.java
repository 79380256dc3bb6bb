package dev.cardea.server.quic;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.util.ReferenceCountUtil;

/** A stream of a kind that we don't know: it isn't read (RFC 9114 section 6.2.3). */
final class UnwantedStream extends ChannelInboundHandlerAdapter {
    private static final int H3_STREAM_CREATION_ERROR = 0x103;

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        var _ = ((QuicStreamChannel) ctx.channel()).shutdownInput(H3_STREAM_CREATION_ERROR);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ReferenceCountUtil.release(message);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        // nothing of it matters
    }
}
