package dev.cardea.server.turn;

import dev.cardea.wire.stun.StunType;
import dev.cardea.wire.stun.TransportAddress;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.DatagramPacket;
import java.io.IOException;
import java.net.InetSocketAddress;

/**
 * Where Binding requests are answered as RFC 5780 wants it: a socket of its own, or in front of the
 * one that is there for everything else.
 */
final class DiscoveryDoor extends ChannelInboundHandlerAdapter {
    private final TurnLoop loop;
    private final DatagramChannel channel;
    private final TransportAddress local;
    private final Discovery discovery;
    private final int ip;
    private final int port;

    private DiscoveryDoor(
            TurnLoop loop,
            DatagramChannel channel,
            TransportAddress local,
            Discovery discovery,
            int ip,
            int port) {
        this.loop = loop;
        this.channel = channel;
        this.local = local;
        this.discovery = discovery;
        this.ip = ip;
        this.port = port;
    }

    /** Binds from another thread. */
    static DiscoveryDoor open(
            TurnLoop loop, InetSocketAddress at, Discovery discovery, int ip, int port)
            throws IOException {
        DatagramChannel channel = Sockets.udp(Sockets.ip(at.getAddress()).isIpv4());
        ChannelInboundHandlerAdapter end =
                new ChannelInboundHandlerAdapter() {
                    @Override
                    public void channelRead(ChannelHandlerContext context, Object message) {
                        ((DatagramPacket) message).release();
                    }

                    @Override
                    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
                        loop.counters().dropped(); // one answer that couldn't be sent
                    }
                };
        CrowdedSocket.open(channel, end, loop, at, false);
        TransportAddress local = Sockets.address(channel.localAddress());
        return new DiscoveryDoor(loop, channel, local, discovery, ip, port);
    }

    static DiscoveryDoor before(UdpDoor door, TurnLoop loop, Discovery discovery) {
        DatagramChannel channel = (DatagramChannel) door.channel();
        return new DiscoveryDoor(loop, channel, door.local(), discovery, 0, 0);
    }

    /** From now on it answers: all others have to be there. */
    void begin() {
        channel.pipeline().addFirst(this);
    }

    TransportAddress local() {
        return local;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
        DatagramPacket packet = (DatagramPacket) message;
        ByteBuf in = packet.content();
        boolean isBinding =
                in.readableBytes() >= 2
                        && in.getUnsignedShort(in.readerIndex()) == StunType.BINDING;
        if (!isBinding) {
            super.channelRead(context, message);
            return;
        }
        try {
            loop.message(in, new DiscoveryClient(this, packet.sender()));
        } finally {
            packet.release();
        }
    }

    /** The door of the other address, of the other port, or of both. */
    DiscoveryDoor other(boolean otherIp, boolean otherPort) {
        return discovery.at(otherIp ? 1 - ip : ip, otherPort ? 1 - port : port);
    }

    /** From any loop; takes the buffer. */
    void write(ByteBuf data, InetSocketAddress to) {
        if (channel.isWritable()) {
            var _ = channel.writeAndFlush(new DatagramPacket(data, to), channel.voidPromise());
        } else {
            data.release();
        }
    }

    ByteBuf buffer(int bytes) {
        return channel.alloc().directBuffer(bytes);
    }

    void close() {
        var _ = channel.close();
    }
}
