package dev.cardea.server.net;

import io.netty.channel.Channel;
import io.netty.util.concurrent.EventExecutor;
import java.net.SocketAddress;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Serves requests that each have a stream of their own, in HTTP/2 and HTTP/3: the same routes as
 * over HTTP/1.1. Thread safe.
 */
public final class HttpStreams {
    private final HttpRoutes routes;
    private final HttpLimits limits;
    private final ConcurrentMap<EventExecutor, HttpTimers> timers = new ConcurrentHashMap<>();

    public HttpStreams(HttpRoutes routes, HttpLimits limits) {
        this.routes = routes;
        this.limits = limits;
    }

    HttpRoutes routes() {
        return routes;
    }

    HttpLimits limits() {
        return limits;
    }

    HttpTimers timersOf(EventExecutor loop) {
        return timers.computeIfAbsent(loop, executor -> HttpTimers.of(executor, limits));
    }

    /**
     * Adds the last handler of a stream, in front of which requests and responses are HTTP/1.1's.
     *
     * @param remote the other end of the connection
     */
    public void serve(Channel stream, SocketAddress remote) {
        stream.pipeline()
                .addLast(
                        HttpConnection.ofStream(
                                stream, routes, timersOf(stream.eventLoop()), remote));
    }
}
