package dev.cardea.server.net;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.util.concurrent.EventExecutor;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * Makes accepted channels speak HTTP/1.1, until one of them becomes a WebSocket. The child handler
 * of a server bootstrap; several of those may share it.
 */
public final class HttpPipeline extends ChannelInitializer<Channel> {
    private final HttpRoutes routes;
    private final HttpLimits limits;
    private final @Nullable Tls tls;
    private final HttpDecoderConfig config;
    private final ConcurrentMap<EventExecutor, HttpTimers> timers = new ConcurrentHashMap<>();

    public HttpPipeline(HttpRoutes routes, HttpLimits limits) {
        this(routes, limits, null);
    }

    /**
     * @param tls null: without
     */
    public HttpPipeline(HttpRoutes routes, HttpLimits limits, @Nullable Tls tls) {
        this.routes = routes;
        this.limits = limits;
        this.tls = tls;
        config =
                new HttpDecoderConfig()
                        .setMaxInitialLineLength(limits.requestLineBytes())
                        .setMaxHeaderSize(limits.headerBytes());
    }

    @Override
    protected void initChannel(Channel channel) {
        HttpTimers ofLoop =
                timers.computeIfAbsent(channel.eventLoop(), loop -> HttpTimers.of(loop, limits));
        if (tls != null) channel.pipeline().addLast(tls.handler(channel.alloc()));
        // Not HttpServerCodec: it counts a 100 (Continue) as the answer to a request, and then
        // takes a HEAD that follows for the one that is being answered.
        channel.pipeline()
                .addLast(new HttpRequestDecoder(config))
                .addLast(new HttpResponseEncoder())
                .addLast(new HttpConnection(channel, routes, ofLoop));
    }
}
