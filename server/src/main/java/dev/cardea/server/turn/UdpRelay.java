package dev.cardea.server.turn;

import dev.cardea.rtc.turn.Allocation;
import dev.cardea.rtc.turn.Peer;
import dev.cardea.wire.stun.IpAddress;
import dev.cardea.wire.stun.TransportAddress;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.unix.IntegerUnixChannelOption;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A relayed address with a UDP port of its own. */
final class UdpRelay extends ChannelInboundHandlerAdapter implements NettyRelay {
    /** A longer datagram would be cut off: it is dropped. */
    static final int MAX_DATAGRAM_BYTES = 4096;

    /** A picture comes in so many datagrams, or more. */
    private static final int DATAGRAMS_AT_ONCE = 8;

    static final WriteBufferWaterMark WATER_MARK = new WriteBufferWaterMark(64 * 1024, 256 * 1024);

    /** setsockopt(IPPROTO_IP, IP_MTU_DISCOVER, IP_PMTUDISC_DO): never cut a datagram in pieces. */
    private static final IntegerUnixChannelOption DONT_FRAGMENT =
            new IntegerUnixChannelOption("IP_MTU_DISCOVER", 0, 10);

    private static final int ALWAYS = 2;

    private final TurnLoop loop;
    private final LiveRelays live;
    private final Allocation owner;
    private final TransportAddress address;
    private final List<TransportAddress> names;
    private final Channel channel;
    private final Runnable closed;
    private final DatagramWriter writer;

    private UdpRelay(
            TurnLoop loop,
            LiveRelays live,
            Allocation owner,
            TransportAddress address,
            List<TransportAddress> names,
            Channel channel,
            Runnable closed) {
        this.loop = loop;
        this.live = live;
        this.owner = owner;
        this.address = address;
        this.names = names;
        this.channel = channel;
        this.writer = new DatagramWriter(loop::flushLater, loop.counters()::dropped, channel);
        this.closed = closed;
    }

    /**
     * @param closed run when the port is free again
     * @return null: the port can't be bound
     */
    static @Nullable UdpRelay open(
            TurnLoop loop,
            LiveRelays live,
            Allocation owner,
            RelayAddress at,
            int port,
            Runnable closed) {
        DatagramChannel channel = Sockets.udp(at.bound().isIpv4());
        TransportAddress told = at.toldTo(owner.client().address().ip(), port);
        UdpRelay relay = new UdpRelay(loop, live, owner, told, at.names(port), channel, closed);
        Sockets.readMany(channel, DATAGRAMS_AT_ONCE, loop);
        channel.config().setWriteBufferWaterMark(WATER_MARK);
        channel.pipeline().addLast(relay);
        InetSocketAddress bound = Sockets.socket(new TransportAddress(at.bound(), port));
        if (Sockets.bind(channel, loop.eventLoop(), bound) != null) return null;
        live.add(relay.names, relay);
        return relay;
    }

    void dontFragment() {
        if (Epoll.isAvailable()) channel.config().setOption(DONT_FRAGMENT, ALWAYS);
    }

    @Override
    public TransportAddress address() {
        return address;
    }

    // to peers

    @Override
    public void send(Peer peer, ByteBuffer data) {
        ByteBuf out = channel.alloc().directBuffer(data.remaining());
        sendOn(peer, out.writeBytes(data));
    }

    @Override
    public void sendOn(Peer peer, ByteBuf data) {
        if (!peer.isOwn()) {
            write(peer, data);
            return;
        }
        UdpRelay other = live.at(peer.address());
        if (other != null) {
            if (other.loop == loop) other.receive(address, data);
            else other.loop.handOver(other, address, data);
        } else if (peer.mayLeave()) {
            write(peer, data);
        } else {
            owner.drop("data for an address of the server's own where no relay is");
            data.release();
        }
    }

    private void write(Peer peer, ByteBuf data) {
        if (!writer.write(data, SharedPort.socketOf(peer)))
            owner.drop("data that the network didn't take in time");
    }

    // from peers

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        DatagramPacket packet = (DatagramPacket) message;
        ByteBuf data = packet.content();
        InetSocketAddress sender = packet.sender();
        byte[] ip = sender.getAddress().getAddress();
        long high = ip.length == 4 ? 0 : number(ip, 0);
        long low = ip.length == 4 ? IpAddress.ofIpv4(ipv4(ip)).low() : number(ip, 8);
        receive(high, low, sender.getPort(), data);
    }

    private static int ipv4(byte[] ip) {
        return ip[0] << 24 | (ip[1] & 0xFF) << 16 | (ip[2] & 0xFF) << 8 | (ip[3] & 0xFF);
    }

    private static long number(byte[] bytes, int from) {
        long number = 0;
        for (int i = from; i < from + 8; i++) number = number << 8 | (bytes[i] & 0xFF);
        return number;
    }

    @Override
    public void receive(TransportAddress from, ByteBuf data) {
        receive(from.ip().high(), from.ip().low(), from.port(), data);
    }

    private void receive(long high, long low, int port, ByteBuf data) {
        long nowNanos = System.nanoTime();
        int bytes = data.readableBytes();
        Peer peer = owner.inbound(high, low, port, bytes, nowNanos);
        boolean fits = bytes < MAX_DATAGRAM_BYTES && channel.isActive();
        if (peer == null || !fits) loop.counters().dropped();
        else ((TurnClient) owner.client()).deliver(peer, data, nowNanos);
        data.release();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        loop.counters()
                .dropped(); // a peer that can't be reached: not our problem, nor a reason to end
    }

    @Override
    public void close() {
        live.remove(names, this);
        var _ = channel.close();
        closed.run();
    }
}
