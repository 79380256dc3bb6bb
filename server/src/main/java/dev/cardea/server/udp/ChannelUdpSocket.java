package dev.cardea.server.udp;

import dev.cardea.server.net.Sockets;
import dev.cardea.wire.stun.IpAddress;
import dev.cardea.wire.stun.TransportAddress;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioDatagramChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A socket of Netty's, for where there is no epoll: to develop with. */
final class ChannelUdpSocket extends UdpSocket {
    private static final Logger LOG = LoggerFactory.getLogger(ChannelUdpSocket.class);

    private final NioDatagramChannel channel;

    private ChannelUdpSocket(UdpLoop loop, boolean ipv4, UdpReceiver receiver) {
        super(loop, receiver);
        channel =
                new NioDatagramChannel(
                        ipv4 ? SocketProtocolFamily.INET : SocketProtocolFamily.INET6);
    }

    static ChannelUdpSocket open(
            UdpLoop loop, TransportAddress at, UdpOptions options, UdpReceiver receiver)
            throws IOException {
        ChannelUdpSocket socket = new ChannelUdpSocket(loop, at.isIpv4(), receiver);
        NioDatagramChannel channel = socket.channel;
        channel.config()
                .setOption(
                        ChannelOption.RECVBUF_ALLOCATOR,
                        new FixedRecvByteBufAllocator(Datagram.MAX_BYTES));
        if (options.bufferBytes() > 0) {
            channel.config().setReceiveBufferSize(options.bufferBytes());
            channel.config().setSendBufferSize(options.bufferBytes());
        }
        channel.pipeline().addLast(socket.new Reader());
        Throwable failure = Sockets.bind(channel, loop.eventLoop(), Sockets.socket(at));
        if (failure != null) throw new IOException(failure.getMessage(), failure);
        return socket;
    }

    private final class Reader extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            DatagramPacket packet = (DatagramPacket) message;
            ByteBuf in = packet.content();
            Datagram copy = loop.copyOf(in, in.readerIndex(), in.readableBytes());
            try {
                IpAddress from = Sockets.ip(packet.sender().getAddress());
                copy.address(from.high(), from.low(), packet.sender().getPort(), 0);
                receiver.received(copy);
            } catch (RuntimeException e) {
                receiver.dropped(1);
                LOG.debug("udp_datagram_failed", e);
            } finally {
                copy.release();
                packet.release();
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            receiver.dropped(1); // one datagram that couldn't be sent
        }
    }

    @Override
    public TransportAddress local() {
        return Sockets.address(channel.localAddress());
    }

    @Override
    public boolean isOpen() {
        return channel.isActive();
    }

    @Override
    int flush(Datagram[] datagrams, int count) {
        int dropped = 0;
        for (int i = 0; i < count; i++) {
            if (!channel.isWritable()) {
                dropped++;
                continue;
            }
            Datagram each = datagrams[i];
            ByteBuf out = channel.alloc().directBuffer(each.length());
            each.copyTo(out);
            InetSocketAddress to = Sockets.socket(each.address());
            var _ = channel.write(new DatagramPacket(out, to), channel.voidPromise());
        }
        channel.flush();
        return dropped;
    }

    @Override
    public void close() {
        var _ = channel.close();
    }
}
