package dev.cardea.server.net;

import dev.cardea.wire.stun.IpAddress;
import dev.cardea.wire.stun.TransportAddress;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoop;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/** Addresses as the JDK has them and as STUN has them, and how a channel is bound. Any thread. */
public final class Sockets {
    private Sockets() {}

    public static TransportAddress address(InetSocketAddress socket) {
        return new TransportAddress(ip(socket.getAddress()), socket.getPort());
    }

    public static IpAddress ip(InetAddress address) {
        return IpAddress.of(address.getAddress());
    }

    public static InetSocketAddress socket(TransportAddress address) {
        return new InetSocketAddress(inet(address.ip()), address.port());
    }

    public static InetAddress inet(IpAddress ip) {
        try {
            return InetAddress.getByAddress(ip.toBytes());
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e); // it has 4 or 16 bytes
        }
    }

    /**
     * Binds a channel from within its event loop, which is done when this returns.
     *
     * @return what went wrong; null: nothing
     */
    public static @Nullable Throwable bind(Channel channel, EventLoop loop, InetSocketAddress to) {
        ChannelFuture registered = loop.register(channel);
        if (!registered.isSuccess()) return failed(channel, registered);
        ChannelFuture bound = channel.bind(to);
        return bound.isSuccess() ? null : failed(channel, bound);
    }

    private static Throwable failed(Channel channel, ChannelFuture what) {
        var _ = channel.close();
        Throwable cause = what.cause();
        return cause == null ? new IllegalStateException("isn't done at once") : cause;
    }
}
