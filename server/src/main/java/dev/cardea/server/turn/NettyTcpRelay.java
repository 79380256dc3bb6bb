package dev.cardea.server.turn;

import dev.cardea.rtc.turn.Allocation;
import dev.cardea.rtc.turn.Client;
import dev.cardea.rtc.turn.Peer;
import dev.cardea.rtc.turn.PeerConnection;
import dev.cardea.rtc.turn.TcpRelay;
import dev.cardea.server.net.Sockets;
import dev.cardea.wire.stun.TransportAddress;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.unix.IntegerUnixChannelOption;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A relayed address with a TCP port of its own (RFC 6062): peers connect to it, and it connects to
 * peers from the same port.
 */
final class NettyTcpRelay implements TcpRelay {
    private static final int CONNECT_MILLIS = 10_000;
    private static final int ACCEPTS_AGAIN_MILLIS = 1_000;
    private static final WriteBufferWaterMark WATER_MARK =
            new WriteBufferWaterMark(32 * 1024, 64 * 1024);

    /** setsockopt(SOL_SOCKET, SO_REUSEPORT), which Netty has for listening sockets alone. */
    private static final IntegerUnixChannelOption SHARE_PORT =
            new IntegerUnixChannelOption("SO_REUSEPORT", 1, 15);

    private record Connected(TransportAddress peer, Channel channel) implements PeerConnection {
        @Override
        public void close() {
            var _ = channel.close();
        }
    }

    private final TurnLoop loop;
    private final LiveRelays live;
    private final Allocation owner;
    private final InetSocketAddress bound;
    private final TransportAddress address;
    private final List<TransportAddress> names;
    private final Runnable closed;
    private final Set<Channel> peers = new HashSet<>();
    private final EpollServerSocketChannel listening = new EpollServerSocketChannel();

    private NettyTcpRelay(
            TurnLoop loop,
            LiveRelays live,
            Allocation owner,
            RelayAddress at,
            int port,
            Runnable closed) {
        this.loop = loop;
        this.live = live;
        this.owner = owner;
        this.bound = new InetSocketAddress(Sockets.inet(at.bound()), port);
        this.address = at.toldTo(owner.client().address().ip(), port);
        this.names = at.names(port);
        this.closed = closed;
    }

    /**
     * @param closed run when the port is free again
     * @return null: the port can't be bound
     */
    static @Nullable NettyTcpRelay open(
            TurnLoop loop,
            LiveRelays live,
            Allocation owner,
            RelayAddress at,
            int port,
            Runnable closed) {
        NettyTcpRelay relay = new NettyTcpRelay(loop, live, owner, at, port, closed);
        if (!relay.listens()) return null;
        live.addTcp(relay.names, relay);
        return relay;
    }

    /** Where the kernel finds it. */
    InetSocketAddress bound() {
        return bound;
    }

    /** A bootstrap would bind later, when the client was told of the address already. */
    private boolean listens() {
        listening.config().setOption(ChannelOption.SO_REUSEADDR, true);
        listening.config().setOption(EpollChannelOption.SO_REUSEPORT, true);
        listening.config().setOption(ChannelOption.SO_BACKLOG, 16);
        listening.pipeline().addLast(new Accepting());
        return Sockets.bind(listening, loop.eventLoop(), bound) == null;
    }

    private final class Accepting extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            Channel accepted = (Channel) message;
            accepted.config().setAutoRead(false);
            accepted.config().setOption(ChannelOption.TCP_NODELAY, true);
            accepted.config().setWriteBufferWaterMark(WATER_MARK);
            var _ = loop.eventLoop().register(accepted);
            attempted(accepted);
        }

        /** No file descriptor is left, as a rule: trying on and on would take the whole loop. */
        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            listening.config().setAutoRead(false);
            var _ =
                    loop.eventLoop()
                            .schedule(
                                    () -> listening.config().setAutoRead(true),
                                    ACCEPTS_AGAIN_MILLIS,
                                    TimeUnit.MILLISECONDS);
        }
    }

    private void attempted(Channel accepted) {
        if (!(accepted.remoteAddress() instanceof InetSocketAddress remote)) {
            var _ = accepted.close();
            return;
        }
        Connected connection = new Connected(live.toldOf(remote), accepted);
        boolean may =
                peers.size() < 1024
                        && loop.engine().attempted(owner, this, connection, System.nanoTime());
        if (may) keep(connection);
        else connection.close();
    }

    private void keep(Connected connection) {
        Channel channel = connection.channel();
        peers.add(channel);
        channel.closeFuture()
                .addListener(_ -> {
                    peers.remove(channel);
                    owner.endConnection(connection.peer());
                });
    }

    @Override
    public void connect(TransportAddress peer, Consumer<@Nullable PeerConnection> then) {
        NettyTcpRelay other = live.tcpAt(peer);
        if (other == null && live.at(peer) != null) { // a relay of ours, but of UDP
            then.accept(null);
            return;
        }
        InetSocketAddress to = other == null ? Sockets.socket(peer) : other.bound();
        ChannelFuture connecting =
                new Bootstrap()
                        .group(loop.eventLoop())
                        .channel(EpollSocketChannel.class)
                        .option(ChannelOption.SO_REUSEADDR, true)
                        .option(SHARE_PORT, 1)
                        .option(ChannelOption.AUTO_READ, false)
                        .option(ChannelOption.TCP_NODELAY, true)
                        .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS)
                        .option(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
                        .handler(new ChannelInboundHandlerAdapter())
                        .localAddress(bound)
                        .remoteAddress(to)
                        .connect();
        connecting.addListener(future -> {
            if (!future.isSuccess() || !listening.isOpen()) {
                var _ = connecting.channel().close();
                then.accept(null);
                return;
            }
            Connected connection = new Connected(peer, connecting.channel());
            keep(connection);
            then.accept(connection);
        });
    }

    @Override
    public void join(Client client, PeerConnection connection) {
        Channel peer = ((Connected) connection).channel();
        Channel own = ((StreamClient) client).becomePipe(peer);
        peer.eventLoop()
                .execute(() -> {
                    peer.pipeline().addLast(new Pipe(own));
                    if (peer.isActive()) peer.config().setAutoRead(true);
                    else end(own);
                });
    }

    @Override
    public TransportAddress address() {
        return address;
    }

    /** Never asked for: indications and channels are of UDP. */
    @Override
    public void send(Peer peer, ByteBuffer data, boolean whole) {
        owner.drop("a datagram for a relay over TCP");
    }

    private static void end(Channel channel) {
        var _ = channel.close();
    }

    @Override
    public void close() {
        live.removeTcp(names, this);
        end(listening);
        for (Channel each : List.copyOf(peers)) end(each);
        closed.run();
    }
}
