package dev.cardea.server.turn;

import dev.cardea.wire.stun.ChannelData;
import dev.cardea.wire.stun.TransportAddress;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.DatagramPacket;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The UDP port of clients on one loop. The kernel gives the datagrams of one client always to the
 * same loop.
 */
final class UdpDoor extends ChannelInboundHandlerAdapter {
    private final TurnLoop loop;
    private final DatagramChannel channel;
    private final DatagramWriter writer;

    /** Those with an allocation. */
    private final Map<InetSocketAddress, UdpClient> clients = new HashMap<>();

    private @Nullable TransportAddress local;

    private UdpDoor(TurnLoop loop, DatagramChannel channel) {
        this.loop = loop;
        this.channel = channel;
        this.writer = new DatagramWriter(loop::flushLater, loop.counters()::dropped, channel);
    }

    /** Binds from another thread. */
    static UdpDoor open(TurnLoop loop, InetSocketAddress at, boolean shared) throws IOException {
        DatagramChannel channel =
                Sockets.udp(
                        !at.getAddress().isAnyLocalAddress()
                                && Sockets.ip(at.getAddress()).isIpv4());
        UdpDoor door = new UdpDoor(loop, channel);
        CrowdedSocket.open(channel, door, loop, at, shared);
        door.local = Sockets.address(channel.localAddress());
        return door;
    }

    int port() {
        return channel.localAddress().getPort();
    }

    TransportAddress local() {
        TransportAddress known = local;
        return known == null ? Sockets.address(channel.localAddress()) : known;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        DatagramPacket packet = (DatagramPacket) message;
        ByteBuf in = packet.content();
        UdpClient client = clients.get(packet.sender());
        if (in.isReadable() && ChannelData.startsWith(in.getByte(in.readerIndex()))) {
            if (client != null && client.allocation() != null) {
                loop.channelData(in, client.allocation());
                return;
            }
        } else {
            loop.message(in, client != null ? client : new UdpClient(this, packet.sender()));
        }
        in.release();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        loop.counters().dropped(); // one datagram that couldn't be sent
    }

    TurnLoop loop() {
        return loop;
    }

    Channel channel() {
        return channel;
    }

    void keep(UdpClient client) {
        clients.put(client.socket(), client);
    }

    void forget(UdpClient client) {
        clients.remove(client.socket(), client);
    }

    /** Takes the buffer. */
    void write(ByteBuf data, InetSocketAddress to) {
        if (!writer.write(data, to)) loop.counters().dropped();
    }

    void close() {
        var _ = channel.close();
    }
}
