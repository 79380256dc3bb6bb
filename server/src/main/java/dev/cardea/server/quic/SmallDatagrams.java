package dev.cardea.server.quic;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DatagramPacket;

/**
 * Drops what would be answered with more than it is: a first packet, or one of a version that has
 * to be negotiated, fills its datagram (RFC 9000 sections 6.1 and 14.1).
 */
@Sharable
final class SmallDatagrams extends ChannelInboundHandlerAdapter {
    private static final int MIN_INITIAL_BYTES = 1200;
    private static final int VERSION_1 = 1;

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof DatagramPacket packet && isTooSmall(packet.content())) {
            packet.release();
        } else {
            ctx.fireChannelRead(message);
        }
    }

    static boolean isTooSmall(ByteBuf datagram) {
        if (datagram.readableBytes() >= MIN_INITIAL_BYTES) return false;
        if (datagram.readableBytes() < 5) return true; // neither a packet of ours nor a header
        int first = datagram.getByte(datagram.readerIndex());
        boolean isLong = (first & 0x80) != 0;
        if (!isLong) return false;
        boolean isInitial = (first & 0x30) == 0;
        return isInitial || datagram.getInt(datagram.readerIndex() + 1) != VERSION_1;
    }
}
