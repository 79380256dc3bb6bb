package dev.cardea.server.turn;

import dev.cardea.server.net.Sockets;
import dev.cardea.server.net.Tls;
import dev.cardea.wire.stun.TransportAddress;
import io.netty.channel.Channel;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * How a connection begins, once it is known whose it is.
 *
 * @param tls null: TCP
 */
record StreamStart(TurnLoop loop, @Nullable Tls tls) {
    /**
     * @param client as a load balancer tells; null: the connection's other end
     */
    void begin(Channel channel, @Nullable TransportAddress client) {
        if (!channel.isActive()) return;
        TransportAddress address =
                client != null
                        ? client
                        : Sockets.address((InetSocketAddress) channel.remoteAddress());
        TransportAddress server = Sockets.address((InetSocketAddress) channel.localAddress());
        if (tls != null) channel.pipeline().addLast(tls.handler(channel.alloc()));
        channel.pipeline()
                .addLast(
                        new StreamClient(
                                loop, tls == null ? "tcp" : "tls", address, server, channel));
    }
}
