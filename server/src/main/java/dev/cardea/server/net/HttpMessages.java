package dev.cardea.server.net;

import static io.netty.handler.codec.http.HttpVersion.HTTP_1_1;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Our responses as Netty's, and a look at its requests. */
final class HttpMessages {
    private HttpMessages() {}

    static FullHttpResponse of(Response response, String method, boolean keepAlive) {
        boolean head = method.equals("HEAD");
        ByteBuf body =
                head ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(response.body().buffer());
        HttpResponseStatus status = HttpResponseStatus.valueOf(response.status());
        FullHttpResponse message = new DefaultFullHttpResponse(HTTP_1_1, status, body);
        response.headers().forEach((name, values) -> message.headers().set(name, values));
        message.headers().set(HttpHeaderNames.DATE, HttpDate.format(Instant.now()));
        if (response.status() != 204 && response.status() != 304) {
            message.headers().setInt(HttpHeaderNames.CONTENT_LENGTH, response.body().length());
        }
        // Said in both cases: HTTP/1.0 clients want to hear the first.
        message.headers()
                .set(
                        HttpHeaderNames.CONNECTION,
                        keepAlive ? HttpHeaderValues.KEEP_ALIVE : HttpHeaderValues.CLOSE);
        return message;
    }

    /** 100 (Continue), RFC 9110 section 15.2.1. */
    static FullHttpResponse goOn() {
        return new DefaultFullHttpResponse(HTTP_1_1, HttpResponseStatus.CONTINUE);
    }

    /** The server's handshake, RFC 6455 section 4.2.2. */
    static FullHttpResponse switching(
            String accept, @Nullable String subprotocol, @Nullable String extensions) {
        FullHttpResponse message =
                new DefaultFullHttpResponse(HTTP_1_1, HttpResponseStatus.SWITCHING_PROTOCOLS);
        message.headers()
                .set(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET)
                .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE)
                .set(HttpHeaderNames.SEC_WEBSOCKET_ACCEPT, accept);
        if (subprotocol != null) {
            message.headers().set(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL, subprotocol);
        }
        if (extensions != null) {
            message.headers().set(HttpHeaderNames.SEC_WEBSOCKET_EXTENSIONS, extensions);
        }
        return message;
    }

    static boolean hasBody(HttpRequest request) {
        return HttpUtil.isTransferEncodingChunked(request)
                || HttpUtil.getContentLength(request, 0L) > 0;
    }
}
