package dev.cardea.server.quic;

import dev.cardea.server.net.RequestHead;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http3.DefaultHttp3HeadersFrame;
import io.netty.handler.codec.http3.Http3DataFrame;
import io.netty.handler.codec.http3.Http3Exception;
import io.netty.handler.codec.http3.Http3FrameToHttpObjectCodec;
import io.netty.handler.codec.http3.Http3Headers;
import io.netty.handler.codec.http3.Http3HeadersFrame;
import io.netty.handler.codec.http3.Http3RequestStreamInboundHandler;
import io.netty.handler.codec.quic.QuicException;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.handler.codec.quic.QuicStreamFrame;
import org.jspecify.annotations.Nullable;

/**
 * A stream that begins with an HTTP/3 request. One that asks for WebTransport (RFC 8441, RFC 9220)
 * lives as long as its session, and carries its capsules.
 */
final class RequestStream extends Http3RequestStreamInboundHandler {
    private final Http3Connection connection;
    private final QuicStreamChannel stream;
    private @Nullable WebTransportSession session;

    /** It is a request like any other: the handlers behind serve it. */
    private boolean passesOn;

    RequestStream(Http3Connection connection, QuicStreamChannel stream) {
        this.connection = connection;
        this.stream = stream;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        connection.requests(1);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        connection.requests(-1);
    }

    @Override
    protected void channelRead(ChannelHandlerContext ctx, Http3HeadersFrame frame) {
        if (passesOn) ctx.fireChannelRead(frame);
        if (passesOn || session != null) return; // trailers
        Http3Headers headers = frame.headers();
        if (isText(headers.method(), "CONNECT") && isText(headers.protocol(), "webtransport")) {
            begin(headers);
        } else if (isText(headers.method(), "CONNECT")) {
            refuse(501);
        } else {
            passesOn = true;
            ctx.pipeline().addLast(new Http3FrameToHttpObjectCodec(true));
            connection.door().requests().serve(stream, connection.remote());
            ctx.fireChannelRead(frame);
        }
    }

    private static boolean isText(@Nullable CharSequence text, String expected) {
        return text != null && expected.contentEquals(text);
    }

    private void begin(Http3Headers headers) {
        RequestHead head;
        try {
            head =
                    RequestHead.of(
                            "CONNECT",
                            String.valueOf(headers.path()),
                            plain(headers),
                            connection.remote());
        } catch (IllegalArgumentException _) {
            refuse(400);
            return;
        }
        switch (connection.door().admit(connection, head)) {
            case Http3Door.Refused(int status) -> refuse(status);
            case Http3Door.Admitted admitted -> {
                session = new WebTransportSession(connection, stream, admitted);
                var _ = stream.writeAndFlush(answer(200));
                session.begin();
            }
        }
    }

    private static HttpHeaders plain(Http3Headers headers) {
        HttpHeaders plain = new DefaultHttpHeaders();
        headers.forEach(header -> {
            if (header.getKey().isEmpty() || header.getKey().charAt(0) == ':') return;
            plain.add(header.getKey(), header.getValue());
        });
        CharSequence authority = headers.authority();
        if (authority != null) plain.set(HttpHeaderNames.HOST, authority);
        return plain;
    }

    private static Http3HeadersFrame answer(int status) {
        Http3HeadersFrame frame = new DefaultHttp3HeadersFrame();
        frame.headers().status(Integer.toString(status));
        return frame;
    }

    private void refuse(int status) {
        var _ = stream.write(answer(status));
        var _ = stream.writeAndFlush(QuicStreamFrame.EMPTY_FIN);
    }

    @Override
    protected void channelRead(ChannelHandlerContext ctx, Http3DataFrame frame) {
        if (passesOn) {
            ctx.fireChannelRead(frame);
            return;
        }
        try {
            ByteBuf content = frame.content();
            if (session != null) session.capsules(content.nioBuffer());
        } finally {
            frame.release();
        }
    }

    @Override
    protected void channelInputClosed(ChannelHandlerContext ctx) {
        if (session != null) session.peerClosed();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (session != null) session.gone();
        ctx.fireChannelInactive();
    }

    @Override
    protected void handleQuicException(ChannelHandlerContext ctx, QuicException exception) {
        if (session != null) session.gone();
        var _ = stream.close();
    }

    @Override
    protected void handleHttp3Exception(ChannelHandlerContext ctx, Http3Exception exception) {
        var _ = stream.close(); // the codec ends the connection where it has to
    }
}
