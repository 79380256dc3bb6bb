package dev.cardea.server.turn;

import io.netty.channel.ChannelHandler;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.socket.DatagramChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A UDP socket with the traffic of many: large buffers, many datagrams at once. */
final class CrowdedSocket {
    /** One recvmmsg takes so many at most. */
    private static final int DATAGRAMS_AT_ONCE = 16;

    private static final WriteBufferWaterMark WATER_MARK =
            new WriteBufferWaterMark(512 * 1024, 2 * 1024 * 1024);
    private static final int SOCKET_BUFFER_BYTES = 1024 * 1024;

    private CrowdedSocket() {}

    /**
     * Opens one, from another thread than its loop's.
     *
     * @param reader what reads from it
     * @param shared with a socket of each other loop; the kernel gives what comes from one address
     *     always to the same
     * @throws IOException the address can't be bound
     */
    static void open(
            DatagramChannel channel,
            ChannelHandler reader,
            TurnLoop loop,
            InetSocketAddress at,
            boolean shared)
            throws IOException {
        Sockets.readMany(channel, DATAGRAMS_AT_ONCE, loop);
        channel.config().setWriteBufferWaterMark(WATER_MARK);
        channel.config().setReceiveBufferSize(SOCKET_BUFFER_BYTES);
        channel.config().setSendBufferSize(SOCKET_BUFFER_BYTES);
        if (Epoll.isAvailable())
            channel.config().setOption(EpollChannelOption.SO_REUSEPORT, shared);
        channel.pipeline().addLast(reader);
        CompletableFuture<@Nullable Throwable> bound = new CompletableFuture<>();
        loop.eventLoop().execute(() -> bound.complete(Sockets.bind(channel, loop.eventLoop(), at)));
        Throwable failure = bound.join();
        if (failure != null)
            throw new IOException("cannot listen on UDP " + at + ": " + failure.getMessage());
    }
}
