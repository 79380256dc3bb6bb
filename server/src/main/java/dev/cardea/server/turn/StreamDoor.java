package dev.cardea.server.turn;

import dev.cardea.server.net.Tls;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The TCP or TLS port of clients. */
final class StreamDoor implements AutoCloseable {
    /** What may wait for a client that doesn't read; more is dropped, as a network would. */
    private static final WriteBufferWaterMark WATER_MARK =
            new WriteBufferWaterMark(64 * 1024, 128 * 1024);

    private static final int SEND_BUFFER_BYTES = 256 * 1024;

    private final Channel channel;

    private StreamDoor(Channel channel) {
        this.channel = channel;
    }

    /**
     * @param tls null: TCP
     * @param loopOf the loop of a channel
     * @param maxConnections those above are closed
     */
    static StreamDoor open(
            EventLoopGroup group,
            InetSocketAddress at,
            @Nullable Tls tls,
            boolean proxyProtocol,
            Function<Channel, TurnLoop> loopOf,
            int maxConnections)
            throws IOException {
        AtomicInteger connections = new AtomicInteger();
        ChannelInitializer<Channel> pipeline =
                new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel accepted) {
                        if (connections.incrementAndGet() > maxConnections) end(accepted);
                        accepted.closeFuture().addListener(_ -> connections.decrementAndGet());
                        StreamStart start = new StreamStart(loopOf.apply(accepted), tls);
                        if (proxyProtocol) accepted.pipeline().addLast(new ProxyHeader(start));
                        else start.begin(accepted, null);
                    }
                };
        ChannelFuture bound =
                new ServerBootstrap()
                        .group(group)
                        .channel(
                                Epoll.isAvailable()
                                        ? EpollServerSocketChannel.class
                                        : NioServerSocketChannel.class)
                        .option(ChannelOption.SO_REUSEADDR, true)
                        .option(ChannelOption.SO_BACKLOG, 1024)
                        .childOption(ChannelOption.TCP_NODELAY, true)
                        .childOption(ChannelOption.SO_SNDBUF, SEND_BUFFER_BYTES)
                        .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
                        .childHandler(pipeline)
                        .bind(at)
                        .awaitUninterruptibly();
        if (bound.isSuccess()) return new StreamDoor(bound.channel());
        throw new IOException(
                "cannot listen on TCP " + at + ": " + bound.cause().getMessage(), bound.cause());
    }

    private static void end(Channel channel) {
        var _ = channel.close();
    }

    int port() {
        return ((InetSocketAddress) channel.localAddress()).getPort();
    }

    @Override
    public void close() {
        channel.close().awaitUninterruptibly();
    }
}
