package dev.cardea.server.net;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.io.IOException;
import java.net.InetSocketAddress;

/** The TCP port that clients connect to. */
public final class Listener implements AutoCloseable {
    private static final int BACKLOG = 4096;

    /**
     * What the kernel may hold for a peer that doesn't read. Without these two bounds it takes
     * megabytes, and what such a peer reads first when it comes back is long stale.
     */
    private static final int SEND_BUFFER_BYTES = 256 * 1024;

    private static final int UNSENT_BYTES = 64 * 1024;

    private final Channel channel;

    private Listener(Channel channel) {
        this.channel = channel;
    }

    /**
     * @param address empty: all addresses
     * @param port 0: a free one
     */
    public static Listener bind(NettyLoops loops, String address, int port, HttpPipeline pipeline)
            throws IOException {
        ServerBootstrap bootstrap =
                new ServerBootstrap()
                        .group(loops.group())
                        .option(ChannelOption.SO_BACKLOG, BACKLOG)
                        .option(ChannelOption.SO_REUSEADDR, true)
                        .childOption(ChannelOption.TCP_NODELAY, true)
                        .childOption(ChannelOption.SO_SNDBUF, SEND_BUFFER_BYTES)
                        .childHandler(pipeline);
        if (Epoll.isAvailable()) {
            bootstrap
                    .channel(EpollServerSocketChannel.class)
                    .childOption(EpollChannelOption.TCP_NOTSENT_LOWAT, (long) UNSENT_BYTES);
        } else {
            bootstrap.channel(NioServerSocketChannel.class);
        }
        InetSocketAddress local =
                address.isEmpty()
                        ? new InetSocketAddress(port)
                        : new InetSocketAddress(address, port);
        ChannelFuture bound = bootstrap.bind(local).awaitUninterruptibly();
        if (bound.isSuccess()) return new Listener(bound.channel());
        throw new IOException(
                "cannot listen on " + local + ": " + bound.cause().getMessage(), bound.cause());
    }

    public int port() {
        return ((InetSocketAddress) channel.localAddress()).getPort();
    }

    /** No new connections; those that are open stay. */
    @Override
    public void close() {
        channel.close().awaitUninterruptibly();
    }
}
