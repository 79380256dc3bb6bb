package dev.cardea.server.net;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2StreamFrameToHttpObjectCodec;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ApplicationProtocolNegotiationHandler;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.handler.timeout.IdleStateHandler;
import java.net.SocketAddress;
import java.util.concurrent.TimeUnit;

/**
 * HTTP/2 (RFC 9113), and WebSockets over it (RFC 8441), for clients that choose it in the TLS
 * handshake; the others go on with HTTP/1.1. What a client may make us do is bounded: streams at a
 * time, headers, resets, empty frames, and answers to settings and pings that it doesn't read.
 */
final class Http2 extends ApplicationProtocolNegotiationHandler {
    private static final int MAX_STREAMS = 100;
    private static final int WINDOW_BYTES = 128 * 1024;
    private static final int MAX_RESETS = 200;
    private static final int RESETS_WITHIN_SECONDS = 30;
    private static final int MAX_EMPTY_FRAMES = 4;
    private static final int MAX_SMALL_CONTINUATIONS = 16;
    private static final int MAX_QUEUED_ANSWERS = 1000;

    private final HttpStreams streams;
    private final Runnable otherwise;

    /**
     * @param otherwise adds the handlers of HTTP/1.1
     */
    Http2(HttpStreams streams, Runnable otherwise) {
        super(ApplicationProtocolNames.HTTP_1_1);
        this.streams = streams;
        this.otherwise = otherwise;
    }

    @Override
    protected void configurePipeline(ChannelHandlerContext ctx, String protocol) {
        if (protocol.equals(ApplicationProtocolNames.HTTP_2)) addHandlers(ctx.pipeline());
        else otherwise.run();
    }

    /** Broken handshakes are everyday life. */
    @Override
    protected void handshakeFailure(ChannelHandlerContext ctx, Throwable cause) {
        var _ = ctx.close();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        var _ = ctx.close();
    }

    private void addHandlers(ChannelPipeline pipeline) {
        HttpLimits limits = streams.limits();
        Http2Settings settings =
                Http2Settings.defaultSettings()
                        .maxConcurrentStreams(MAX_STREAMS)
                        .connectProtocolEnabled(true)
                        .initialWindowSize(WINDOW_BYTES)
                        .maxHeaderListSize(limits.headerBytes());
        pipeline.addLast(
                        Http2FrameCodecBuilder.forServer()
                                .initialSettings(settings)
                                .decoderEnforceMaxRstFramesPerWindow(
                                        MAX_RESETS, RESETS_WITHIN_SECONDS)
                                .decoderEnforceMaxConsecutiveEmptyDataFrames(MAX_EMPTY_FRAMES)
                                .decoderEnforceMaxSmallContinuationFrames(MAX_SMALL_CONTINUATIONS)
                                .encoderEnforceMaxQueuedControlFrames(MAX_QUEUED_ANSWERS)
                                .build())
                .addLast(new Http2MultiplexHandler(new Streams()))
                .addLast(
                        new IdleStateHandler(
                                0, 0, limits.idleTimeout().toSeconds(), TimeUnit.SECONDS))
                .addLast(new Idle());
    }

    /** What each request's stream has. */
    private final class Streams extends ChannelInitializer<Channel> {
        @Override
        protected void initChannel(Channel stream) {
            SocketAddress remote = stream.parent().remoteAddress();
            stream.pipeline()
                    .addLast(new ExtendedConnect(streams.routes(), remote))
                    .addLast(new Http2StreamFrameToHttpObjectCodec(true));
            streams.serve(stream, remote);
        }
    }

    /** Ends a connection on which nothing has moved for a while: pings count, streams don't. */
    private static final class Idle extends ChannelInboundHandlerAdapter {
        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event instanceof IdleStateEvent) {
                var _ = ctx.close();
            } else {
                ctx.fireUserEventTriggered(event);
            }
        }
    }
}
