package dev.cardea.server.turn;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/**
 * Passes on what comes, to a connection that may be on another loop, and reads no faster than that
 * one takes it. When one of them ends, so does the other.
 */
final class Pipe extends ChannelInboundHandlerAdapter {
    private final Channel other;

    Pipe(Channel other) {
        this.other = other;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        var _ = other.writeAndFlush(message);
        if (other.isWritable()) return;
        context.channel().config().setAutoRead(false);
        if (other.isWritable()) context.channel().config().setAutoRead(true); // it was quicker
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (context.channel().isWritable()) other.config().setAutoRead(true);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        var _ = other.close();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        var _ = context.close();
    }
}
