package dev.cardea.server.turn;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.DatagramPacket;
import java.io.IOException;
import java.net.InetSocketAddress;

/** The one UDP port of all relays, on one loop. */
final class SharedSocket extends ChannelInboundHandlerAdapter {
    private final TurnLoop loop;
    private final SharedPort port;
    private final DatagramChannel channel;
    private final DatagramWriter writer;

    private SharedSocket(TurnLoop loop, SharedPort port, DatagramChannel channel) {
        this.loop = loop;
        this.port = port;
        this.channel = channel;
        this.writer = new DatagramWriter(loop::flushLater, loop.counters()::dropped, channel);
    }

    /** Binds from another thread. */
    static SharedSocket open(TurnLoop loop, SharedPort port) throws IOException {
        DatagramChannel channel = Sockets.udp(port.address().bound().isIpv4());
        SharedSocket socket = new SharedSocket(loop, port, channel);
        InetSocketAddress at =
                new InetSocketAddress(Sockets.inet(port.address().bound()), port.port());
        CrowdedSocket.open(channel, socket, loop, at, true);
        return socket;
    }

    TurnLoop loop() {
        return loop;
    }

    SharedPort port() {
        return port;
    }

    ByteBuf buffer(int bytes) {
        return channel.alloc().directBuffer(bytes);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        DatagramPacket packet = (DatagramPacket) message;
        SharedRelay relay = port.of(packet.sender());
        if (relay == null) {
            loop.counters().dropped();
            packet.release();
        } else if (relay.loop().equals(loop)) {
            relay.receive(Sockets.address(packet.sender()), packet.content());
        } else {
            relay.loop().handOver(relay, Sockets.address(packet.sender()), packet.content());
        }
    }

    /** Takes the buffer; false: the network is too slow. */
    boolean write(ByteBuf data, InetSocketAddress to) {
        return writer.write(data, to);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        loop.counters().dropped(); // one datagram that couldn't be sent
    }

    void close() {
        var _ = channel.close();
    }
}
