package dev.cardea.server.quic;

import dev.cardea.server.net.NettyLoop;
import dev.cardea.server.net.NettyLoops;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.unix.UnixChannelOption;
import io.netty.handler.codec.quic.QuicCodecDispatcher;
import io.netty.handler.codec.quic.QuicConnectionIdGenerator;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * The UDP port that QUIC clients connect to. With epoll there is a socket for each event loop, all
 * of the same address: the kernel spreads newcomers over them, and a connection stays where it
 * began, even when its client's address changes: its connection ids say which loop it belongs to.
 */
final class QuicListener implements AutoCloseable {
    /** What the kernel may keep while a loop is busy; it gives less unless it is told to. */
    private static final int RECEIVE_BUFFER_BYTES = 4 * 1024 * 1024;

    private static final int SEND_BUFFER_BYTES = 4 * 1024 * 1024;

    private static final InetAddress LOOPBACK_6 = InetAddress.ofLiteral("::1");

    private final List<Channel> sockets;

    private QuicListener(List<Channel> sockets) {
        this.sockets = sockets;
    }

    /**
     * @param address empty: all addresses
     * @param port of TCP, already bound
     * @param codecs makes the handler of one socket
     */
    static QuicListener bind(NettyLoops loops, String address, int port, Codecs codecs)
            throws IOException {
        List<Channel> sockets = new ArrayList<>();
        Dispatcher dispatcher = new Dispatcher(codecs);
        List<NettyLoop> users = Epoll.isAvailable() ? loops.all() : loops.all().subList(0, 1);
        try {
            for (InetSocketAddress local : addresses(address, port)) {
                for (NettyLoop loop : users) sockets.add(bind(loop, local, dispatcher));
            }
        } catch (IOException e) {
            for (Channel socket : sockets) {
                var _ = socket.close();
            }
            throw e;
        }
        return new QuicListener(List.copyOf(sockets));
    }

    /** Makes the codec of one socket. */
    interface Codecs {
        ChannelHandler codec(int idBytes, QuicConnectionIdGenerator ids);
    }

    /**
     * Chromium takes {@code localhost} for the IPv6 address, and tries no other one over UDP: so
     * both are listened on, where the machine has both.
     */
    private static List<InetSocketAddress> addresses(String address, int port) throws IOException {
        if (address.isEmpty()) return List.of(new InetSocketAddress(port));
        InetAddress given = InetAddress.getAllByName(address)[0];
        InetSocketAddress first = new InetSocketAddress(given, port);
        if (!address.equals("127.0.0.1") || !hasLoopback6()) return List.of(first);
        return List.of(first, new InetSocketAddress(LOOPBACK_6, port));
    }

    private static boolean hasLoopback6() {
        try (var probe = new DatagramSocket(new InetSocketAddress(LOOPBACK_6, 0))) {
            return probe.isBound();
        } catch (IOException _) {
            return false;
        }
    }

    private static Channel bind(NettyLoop loop, InetSocketAddress local, ChannelHandler handler)
            throws IOException {
        Bootstrap bootstrap =
                new Bootstrap()
                        .group(loop.eventLoop())
                        .option(ChannelOption.SO_RCVBUF, RECEIVE_BUFFER_BYTES)
                        .option(ChannelOption.SO_SNDBUF, SEND_BUFFER_BYTES)
                        .handler(handler);
        if (Epoll.isAvailable()) {
            bootstrap
                    .channel(EpollDatagramChannel.class)
                    .option(UnixChannelOption.SO_REUSEPORT, true);
        } else {
            bootstrap.channel(NioDatagramChannel.class);
        }
        ChannelFuture bound = bootstrap.bind(local).awaitUninterruptibly();
        if (bound.isSuccess()) return bound.channel();
        throw new IOException(
                "cannot listen on UDP " + local + ": " + bound.cause().getMessage(), bound.cause());
    }

    /** The sockets that are open: for each address one of each loop. */
    int sockets() {
        return sockets.size();
    }

    /** No new connections, and an end to those that are open. */
    @Override
    public void close() {
        List<ChannelFuture> closing = sockets.stream().map(Channel::close).toList();
        closing.forEach(ChannelFuture::awaitUninterruptibly);
    }

    /** Puts a codec behind each socket, and packets to the one that they belong to. */
    private static final class Dispatcher extends QuicCodecDispatcher {
        private final SmallDatagrams smallDatagrams = new SmallDatagrams();
        private final Codecs codecs;

        Dispatcher(Codecs codecs) {
            this.codecs = codecs;
        }

        @Override
        protected void initChannel(Channel channel, int idBytes, QuicConnectionIdGenerator ids) {
            channel.pipeline().addFirst(smallDatagrams).addLast(codecs.codec(idBytes, ids));
        }
    }
}
