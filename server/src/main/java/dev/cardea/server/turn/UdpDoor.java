package dev.cardea.server.turn;

import dev.cardea.wire.stun.ChannelData;
import dev.cardea.wire.stun.TransportAddress;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.DatagramPacket;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The UDP port of clients on one loop. The kernel gives the datagrams of one client always to the
 * same loop.
 */
final class UdpDoor extends ChannelInboundHandlerAdapter implements Flushable {
    /** One recvmmsg takes so many. */
    private static final int DATAGRAMS_AT_ONCE = 16;

    private static final WriteBufferWaterMark WATER_MARK =
            new WriteBufferWaterMark(512 * 1024, 2 * 1024 * 1024);
    private static final int SOCKET_BUFFER_BYTES = 1024 * 1024;

    private final TurnLoop loop;
    private final DatagramChannel channel;

    /** Those with an allocation. */
    private final Map<InetSocketAddress, UdpClient> clients = new HashMap<>();

    private @Nullable TransportAddress local;
    private boolean isDirty;

    private UdpDoor(TurnLoop loop, DatagramChannel channel) {
        this.loop = loop;
        this.channel = channel;
    }

    /** Binds from another thread. */
    static UdpDoor open(TurnLoop loop, InetSocketAddress at, boolean shared) throws IOException {
        DatagramChannel channel =
                Sockets.udp(
                        !at.getAddress().isAnyLocalAddress()
                                && Sockets.ip(at.getAddress()).isIpv4());
        UdpDoor door = new UdpDoor(loop, channel);
        channel.config()
                .setOption(
                        ChannelOption.RECVBUF_ALLOCATOR,
                        new FixedRecvByteBufAllocator(
                                UdpRelay.MAX_DATAGRAM_BYTES * DATAGRAMS_AT_ONCE));
        channel.config().setWriteBufferWaterMark(WATER_MARK);
        channel.config().setReceiveBufferSize(SOCKET_BUFFER_BYTES);
        channel.config().setSendBufferSize(SOCKET_BUFFER_BYTES);
        if (Epoll.isAvailable()) {
            channel.config().setOption(EpollChannelOption.SO_REUSEPORT, shared);
            channel.config()
                    .setOption(
                            EpollChannelOption.MAX_DATAGRAM_PAYLOAD_SIZE,
                            UdpRelay.MAX_DATAGRAM_BYTES);
        }
        channel.pipeline().addLast(door);
        CompletableFuture<@Nullable Throwable> bound = new CompletableFuture<>();
        loop.eventLoop().execute(() -> bound.complete(Sockets.bind(channel, loop.eventLoop(), at)));
        Throwable failure = bound.join();
        if (failure != null)
            throw new IOException("cannot listen on UDP " + at + ": " + failure.getMessage());
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
        if (!channel.isWritable()) {
            loop.counters().dropped();
            data.release();
            return;
        }
        var _ = channel.write(new DatagramPacket(data, to), channel.voidPromise());
        if (isDirty) return;
        isDirty = true;
        loop.flushLater(this);
    }

    @Override
    public void flushNow() {
        isDirty = false;
        channel.flush();
    }

    void close() {
        var _ = channel.close();
    }
}
