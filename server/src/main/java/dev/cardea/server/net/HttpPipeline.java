package dev.cardea.server.net;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpResponseEncoder;
import org.jspecify.annotations.Nullable;

/**
 * Makes accepted channels speak HTTP/1.1, or HTTP/2 where there is TLS and the client chooses that,
 * until one of them becomes a WebSocket. The child handler of a server bootstrap; several of those
 * may share it.
 */
public final class HttpPipeline extends ChannelInitializer<Channel> {
    private final HttpStreams streams;
    private final @Nullable Tls tls;
    private final HttpDecoderConfig config;

    public HttpPipeline(HttpRoutes routes, HttpLimits limits) {
        this(routes, limits, null);
    }

    /**
     * @param tls null: without
     */
    public HttpPipeline(HttpRoutes routes, HttpLimits limits, @Nullable Tls tls) {
        this.streams = new HttpStreams(routes, limits);
        this.tls = tls;
        config =
                new HttpDecoderConfig()
                        .setMaxInitialLineLength(limits.requestLineBytes())
                        .setMaxHeaderSize(limits.headerBytes());
    }

    @Override
    protected void initChannel(Channel channel) {
        if (tls == null) {
            addHttp1(channel);
        } else {
            channel.pipeline()
                    .addLast(tls.handler(channel.alloc()))
                    .addLast(new Http2(streams, () -> addHttp1(channel)));
        }
    }

    private void addHttp1(Channel channel) {
        // Not HttpServerCodec: it counts a 100 (Continue) as the answer to a request, and then
        // takes a HEAD that follows for the one that is being answered.
        channel.pipeline()
                .addLast(new HttpRequestDecoder(config))
                .addLast(new HttpResponseEncoder())
                .addLast(
                        new HttpConnection(
                                channel, streams.routes(), streams.timersOf(channel.eventLoop())));
    }
}
