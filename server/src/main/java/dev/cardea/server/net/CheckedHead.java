package dev.cardea.server.net;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import java.net.SocketAddress;

/** What the head of a request is worth, before anybody looks at what it asks for (RFC 9112). */
sealed interface CheckedHead {
    record Good(RequestHead head) implements CheckedHead {}

    record Bad(int status, String why) implements CheckedHead {}

    static CheckedHead of(HttpRequest request, SocketAddress remote) {
        HttpVersion version = request.protocolVersion();
        if (version.majorVersion() != 1) return new Bad(505, "HTTP/1.1 is spoken here");
        int hosts = request.headers().getAll(HttpHeaderNames.HOST).size();
        if (hosts > 1 || (hosts == 0 && version.equals(HttpVersion.HTTP_1_1)))
            return new Bad(400, "one Host is needed"); // section 3.2
        try {
            return new Good(
                    RequestHead.of(
                            request.method().name(), request.uri(), request.headers(), remote));
        } catch (IllegalArgumentException e) {
            return new Bad(400, "the request target is broken");
        }
    }

    /** The decoder could make nothing of it. */
    static Bad undecoded(Throwable cause) {
        return switch (cause) {
            case TooLongHttpLineException _ -> new Bad(414, "the request line is too long");
            case TooLongHttpHeaderException _ -> new Bad(431, "the headers are too long");
            default -> new Bad(400, "this is not HTTP");
        };
    }
}
