package dev.cardea.server.net;

import dev.cardea.wire.Bytes;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.HttpConversionUtil;
import io.netty.util.ReferenceCountUtil;
import java.net.SocketAddress;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The first handler of each HTTP/2 stream: leaves requests to those behind it, and makes a
 * WebSocket of one that asks for that (RFC 8441), with the same routes as over HTTP/1.1.
 */
final class ExtendedConnect extends ChannelInboundHandlerAdapter {
    private final HttpRoutes routes;
    private final SocketAddress remote;

    /** A request was refused: what its client still sends is dropped. */
    private boolean refused;

    ExtendedConnect(HttpRoutes routes, SocketAddress remote) {
        this.routes = routes;
        this.remote = remote;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (refused) {
            ReferenceCountUtil.release(message);
        } else if (message instanceof Http2HeadersFrame frame
                && isText(frame.headers().method(), "CONNECT")) {
            connect(ctx, frame);
        } else {
            ctx.pipeline().remove(this);
            ctx.fireChannelRead(message);
        }
    }

    private static boolean isText(@Nullable CharSequence text, String expected) {
        return text != null && expected.contentEquals(text);
    }

    private void connect(ChannelHandlerContext ctx, Http2HeadersFrame frame) {
        CharSequence protocol = frame.headers().get(Http2Headers.PseudoHeaderName.PROTOCOL.value());
        if (!isText(protocol, "websocket")) {
            refuse(ctx, Response.text(501, "only WebSockets are connected to"));
            return;
        }
        RequestHead head;
        try {
            String target = String.valueOf(frame.headers().path());
            head = RequestHead.of("GET", target, plain(frame), remote);
        } catch (IllegalArgumentException | Http2Exception _) {
            refuse(ctx, Response.text(400, "the request is broken"));
            return;
        }
        UpgradeTarget target = routes.upgrade(head.path());
        if (target == null) {
            refuse(ctx, Response.text(404, "no WebSocket is spoken here"));
        } else if (frame.isEndStream()) {
            refuse(ctx, Response.text(400, "a WebSocket needs a stream that is open"));
        } else {
            switch (UpgradeAnswer.onStream(head, target, routes.origins())) {
                case UpgradeAnswer.Refuse(Response response) -> refuse(ctx, response);
                case UpgradeAnswer.Switch(Upgrade.To to, _) -> handOver(ctx, to);
            }
        }
    }

    /** As over HTTP/1.1: cookies in one header, and the authority as the host. */
    private static HttpHeaders plain(Http2HeadersFrame frame) throws Http2Exception {
        HttpHeaders headers = new DefaultHttpHeaders();
        HttpConversionUtil.addHttp2ToHttpHeaders(
                Objects.requireNonNull(frame.stream()).id(),
                frame.headers(),
                headers,
                HttpVersion.HTTP_1_1,
                false,
                true);
        return headers;
    }

    private static void handOver(ChannelHandlerContext ctx, Upgrade.To to) {
        Http2Headers headers = new DefaultHttp2Headers().status("200");
        if (to.subprotocol() != null) headers.set("sec-websocket-protocol", to.subprotocol());
        if (to.extensions() != null) headers.set("sec-websocket-extensions", to.extensions());
        // Before the handler can write anything.
        var _ = ctx.writeAndFlush(new DefaultHttp2HeadersFrame(headers));
        ChannelPipeline pipeline = ctx.pipeline();
        for (ChannelHandler other = pipeline.last(); !(other instanceof ExtendedConnect); ) {
            pipeline.remove(Objects.requireNonNull(other));
            other = pipeline.last();
        }
        pipeline.addLast(new StreamBytes()).addLast("websocket", to.handler());
        pipeline.remove(ctx.handler());
    }

    private void refuse(ChannelHandlerContext ctx, Response response) {
        refused = true;
        Http2Headers headers =
                new DefaultHttp2Headers().status(Integer.toString(response.status()));
        response.headers()
                .forEach((name, values) -> headers.set(name.toLowerCase(Locale.ROOT), values));
        Bytes body = response.body();
        var _ = ctx.write(new DefaultHttp2HeadersFrame(headers));
        var _ =
                ctx.write(
                        new DefaultHttp2DataFrame(
                                ctx.alloc().buffer(body.length()).writeBytes(body.buffer()), true));
        // The answer is whole, and the client needn't go on (RFC 9113 section 8.1).
        var _ = ctx.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.NO_ERROR));
    }
}
