package dev.cardea.server.net;

import dev.cardea.server.net.HttpRoutes.Found;
import dev.cardea.server.net.HttpRoutes.NotFound;
import dev.cardea.server.net.HttpRoutes.OtherMethods;
import dev.cardea.server.net.HttpRoutes.Route;
import dev.cardea.wire.ByteWriter;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.websocket.Handshake;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.net.SocketAddress;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One HTTP/1.1 connection (RFC 9112): reads a request, has it answered, reads the next. At the end
 * of the pipeline, behind Netty's decoder; belongs to its event loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // what fails here ends in channelInactive
final class HttpConnection extends ChannelInboundHandlerAdapter {
    private static final Logger log = LoggerFactory.getLogger(HttpConnection.class);

    private sealed interface State {}

    /** For the head of a request. */
    private record Waiting() implements State {}

    /**
     * The head is there, the body is on its way.
     *
     * @param then goes on with the body
     */
    private record Receiving(ByteWriter body, int maxBodyBytes, Consumer<Bytes> then)
            implements State {}

    /**
     * An endpoint is at work, or the client is taking the response.
     *
     * @param endpoint who is told when the endpoint takes too long; null if none is at work
     */
    private record Answering(@Nullable Responder endpoint) implements State {}

    /** The last response is written; what still comes is dropped until the client closes. */
    private record Lingering() implements State {}

    private final Channel channel;
    private final HttpRoutes routes;
    private final HttpTimers timers;
    private final Deadlines.Deadline deadline = new Deadlines.Deadline(this::expired);

    private State state = new Waiting();
    private boolean keepAlive;
    private boolean speaksChunks;

    private final EarlyInput early;

    /** Whether the current read brought anything that the decoder could pass on. */
    private boolean readAnything;

    private boolean headBegun = true;

    /** One stream of a connection that has many, for one request. */
    private final boolean isStream;

    private final SocketAddress remote;

    HttpConnection(Channel channel, HttpRoutes routes, HttpTimers timers) {
        this(channel, routes, timers, false, channel.remoteAddress());
    }

    private HttpConnection(
            Channel channel,
            HttpRoutes routes,
            HttpTimers timers,
            boolean isStream,
            SocketAddress remote) {
        this.channel = channel;
        this.early = new EarlyInput(channel);
        this.routes = routes;
        this.timers = timers;
        this.isStream = isStream;
        this.remote = remote;
    }

    /** For one request, which has a stream of HTTP/2 or HTTP/3, translated to HTTP/1.1. */
    static HttpConnection ofStream(
            Channel stream, HttpRoutes routes, HttpTimers timers, SocketAddress remote) {
        return new HttpConnection(stream, routes, timers, true, remote);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        timers.head().start(deadline);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        deadline.stop();
        early.drop();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        deadline.stop();
        early.drop();
        state = new Lingering();
    }

    /** The client sends nothing more: it gets the answer to what it has sent, if anything. */
    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (!(event instanceof ChannelInputShutdownEvent)) return;
        keepAlive = false;
        if (!(state instanceof Answering)) channel.close();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        // a broken TLS handshake comes wrapped into a DecoderException
        if (!(cause instanceof IOException) && !(cause.getCause() instanceof IOException))
            log.warn("http failed remote={}", channel.remoteAddress(), cause);
        channel.close();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        readAnything = true;
        if (!(message instanceof HttpObject object)) {
            ReferenceCountUtil.release(message);
        } else if (state instanceof Answering) {
            early.add(object);
        } else {
            take(object);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        // Bytes that make no message yet, on a connection that was idle: a head has begun.
        if (!readAnything && !headBegun && state instanceof Waiting) {
            headBegun = true;
            timers.head().start(deadline);
        }
        readAnything = false;
    }

    private void take(HttpObject object) {
        try {
            if (state instanceof Lingering) return;
            if (object.decoderResult().isFailure()) {
                refuse(CheckedHead.undecoded(object.decoderResult().cause()));
                return;
            }
            if (object instanceof HttpRequest request) begin(request);
            if (object instanceof HttpContent content) receive(content);
        } finally {
            ReferenceCountUtil.release(object);
        }
    }

    private void begin(HttpRequest request) {
        keepAlive = !isStream && HttpUtil.isKeepAlive(request);
        speaksChunks = request.protocolVersion().minorVersion() > 0;
        switch (CheckedHead.of(request, remote)) {
            case CheckedHead.Good(RequestHead head) -> route(request, head);
            case CheckedHead.Bad bad -> refuse(bad);
        }
    }

    private void route(HttpRequest request, RequestHead head) {
        UpgradeTarget target = routes.upgrade(head.path());
        if (target != null && !isStream && Handshake.isAskedFor(head::headers)) {
            keepAlive = false; // for the refusals
            await(request, 0, nothing -> upgrade(head, target));
            return;
        }
        switch (routes.match(head.method(), head.path())) {
            case Found(Route route) ->
                    await(request, route.maxBodyBytes(), body -> serve(head, route, body));
            case NotFound() when target != null ->
                    answerEarly(
                            request,
                            head,
                            Response.text(426, "a WebSocket is spoken here")
                                    .with("Upgrade", "websocket"));
            case NotFound() -> answerEarly(request, head, Response.text(404, "not found"));
            case OtherMethods path when head.method().equals("OPTIONS") ->
                    answerEarly(request, head, CrossOrigin.options(head, path, routes.origins()));
            case OtherMethods path ->
                    answerEarly(
                            request,
                            head,
                            Response.text(405, "method not allowed")
                                    .with("Allow", String.join(", ", path.methods())));
        }
    }

    /** Answers without a look at the body, which costs the connection if there is one. */
    private void answerEarly(HttpRequest request, RequestHead head, Response response) {
        if (HttpMessages.hasBody(request)) {
            refuse(head.method(), response);
        } else {
            await(request, 0, nothing -> answer(head, response));
        }
    }

    private void await(HttpRequest request, int maxBodyBytes, Consumer<Bytes> then) {
        long declared = HttpUtil.getContentLength(request, 0L);
        if (declared > maxBodyBytes) {
            refuse(413, "the body is too long");
            return;
        }
        String expected = request.headers().get(HttpHeaderNames.EXPECT);
        if (expected != null && !HttpHeaderValues.CONTINUE.contentEqualsIgnoreCase(expected)) {
            refuse(417, "unknown expectation"); // RFC 9110 section 10.1.1
            return;
        }
        if (HttpMessages.hasBody(request)) {
            timers.body().start(deadline);
            if (expected != null) channel.writeAndFlush(HttpMessages.goOn());
        }
        // Not what is declared: memory follows what arrives.
        ByteWriter body = new ByteWriter((int) Math.min(declared, 4096));
        state = new Receiving(body, maxBodyBytes, then);
    }

    private void receive(HttpContent content) {
        if (!(state
                instanceof Receiving(ByteWriter body, int maxBodyBytes, Consumer<Bytes> then))) {
            return; // the end of a request that was answered before
        }
        if (content.content().readableBytes() > maxBodyBytes - body.length()) {
            refuse(413, "the body is too long");
            return;
        }
        body.put(content.content().nioBuffer());
        if (!(content instanceof LastHttpContent)) return;
        deadline.stop();
        state = new Answering(null);
        then.accept(body.toBytes());
    }

    private void serve(RequestHead head, Route route, Bytes body) {
        Answer answer = new Answer(head, route);
        state = new Answering(answer);
        timers.answer().start(deadline);
        Request request = new Request(head, body);
        try {
            switch (route.target()) {
                case Endpoint endpoint -> endpoint.serve(request, answer);
                case StreamEndpoint endpoint -> serve(request, route, endpoint, answer);
            }
        } catch (RuntimeException e) {
            log.error("endpoint failed request={}", head, e);
            answer.respond(Response.text(500, "internal server error"));
        }
    }

    private void serve(Request request, Route route, StreamEndpoint endpoint, Answer answer) {
        String origin = route.crossOrigin() ? request.head().origin() : null;
        if (origin != null && !routes.origins().allows(origin, request.head())) {
            answer.respond(Response.text(403, "origin is not allowed"));
            return;
        }
        if (!isStream) Http1Stream.allowHalfClosed(channel);
        endpoint.serve(request, answer);
    }

    /** The one answer to a request, from whatever thread. */
    private final class Answer implements StreamResponder {
        private final RequestHead head;
        private final Route route;
        private final AtomicBoolean given = new AtomicBoolean();

        Answer(RequestHead head, Route route) {
            this.head = head;
            this.route = route;
        }

        @Override
        public void respond(Response response) {
            if (!given.compareAndSet(false, true)) return;
            Response whole = readable(response);
            onLoop(() -> answer(head, whole));
        }

        @Override
        public void stream(Response response, StreamSource source) {
            if (!given.compareAndSet(false, true)) return;
            Response first = readable(response);
            onLoop(() -> goOn(head, first, source));
        }

        /** By the page that asked. */
        private Response readable(Response response) {
            return route.crossOrigin()
                    ? CrossOrigin.allow(response, head, routes.origins())
                    : response;
        }
    }

    private void goOn(RequestHead head, Response first, StreamSource source) {
        if (!(state instanceof Answering) || !channel.isActive()) return; // the client has left
        if (head.method().equals("HEAD")) {
            answer(head, first);
            return;
        }
        if (isStream) {
            MessageStream stream = new MessageStream(channel, source);
            channel.pipeline().replace(this, "stream", stream);
            stream.begin(first);
            return;
        }
        Http1Stream stream = new Http1Stream(channel, speaksChunks, source);
        ChannelPipeline pipeline = channel.pipeline();
        pipeline.replace(this, "stream", stream);
        pipeline.remove(HttpResponseEncoder.class);
        pipeline.remove(HttpRequestDecoder.class);
        stream.begin(first);
    }

    private void onLoop(Runnable task) {
        if (channel.eventLoop().inEventLoop()) {
            task.run();
            return;
        }
        try {
            channel.eventLoop().execute(task);
        } catch (RejectedExecutionException e) {
            log.debug("response dropped, the event loop has ended");
        }
    }

    private void answer(RequestHead head, Response response) {
        if (!(state instanceof Answering)) return; // the client has left
        boolean reuse = keepAlive;
        state = new Answering(null);
        timers.write().start(deadline);
        FullHttpResponse message = HttpMessages.of(response, head.method(), reuse);
        String alternative = routes.alternative();
        if (alternative != null) message.headers().set("Alt-Svc", alternative);
        channel.writeAndFlush(message)
                .addListener(written -> {
                    if (!written.isSuccess()) {
                        channel.close();
                    } else if (reuse) {
                        awaitNext();
                    } else {
                        linger();
                    }
                });
    }

    private void awaitNext() {
        if (channel instanceof DuplexChannel duplex && duplex.isInputShutdown()) {
            channel.close(); // there will be none
            return;
        }
        state = new Waiting();
        headBegun = false;
        timers.idle().start(deadline);
        early.take(() -> !(state instanceof Answering), this::take);
    }

    private void refuse(CheckedHead.Bad head) {
        refuse(head.status(), head.why());
    }

    private void refuse(int status, String why) {
        refuse("GET", Response.text(status, why));
    }

    /** The last response, before the request was read to its end. */
    private void refuse(String method, Response response) {
        state = new Lingering();
        timers.linger().start(deadline);
        channel.writeAndFlush(HttpMessages.of(response, method, false))
                .addListener(written -> linger());
    }

    /**
     * Closes our direction, and waits for the client to close the other. To close both while the
     * client still sends would reset the connection, and the response might be lost with it (RFC
     * 9112 section 9.6).
     */
    private void linger() {
        state = new Lingering();
        early.drop();
        if (!channel.isActive()) return;
        channel.config().setAutoRead(true);
        timers.linger().start(deadline);
        if (isStream) return; // its end was in the response; a client that isn't through is cut off
        SslHandler tls = channel.pipeline().get(SslHandler.class);
        if (tls != null) {
            tls.closeOutbound();
        } else if (channel instanceof DuplexChannel duplex) {
            duplex.shutdownOutput();
        } else {
            channel.close();
        }
    }

    private void expired() {
        switch (state) {
            case Receiving _ -> refuse(408, "the body took too long");
            case Answering(Responder endpoint) when endpoint != null -> {
                log.atError().addKeyValue("remote", channel.remoteAddress()).log("endpoint_silent");
                keepAlive = false; // it may be at work still: no further one meanwhile
                endpoint.respond(Response.text(503, "no answer in time"));
            }
            case Answering _, Waiting _, Lingering _ -> channel.close();
        }
    }

    private void upgrade(RequestHead head, UpgradeTarget target) {
        if (early.isThere()) {
            // What followed may have been read as HTTP already.
            answer(head, Response.text(400, "an upgrade cannot be pipelined"));
            return;
        }
        switch (UpgradeAnswer.to(head, target, routes.origins())) {
            case UpgradeAnswer.Refuse(Response response) -> answer(head, response);
            case UpgradeAnswer.Switch(Upgrade.To to, String accept) -> handOver(to, accept);
        }
    }

    private void handOver(Upgrade.To to, String accept) {
        // Before the handler can write anything, past the pipeline perhaps.
        channel.writeAndFlush(HttpMessages.switching(accept, to.subprotocol(), to.extensions()));
        ChannelPipeline pipeline = channel.pipeline();
        pipeline.replace(this, "websocket", to.handler());
        pipeline.remove(HttpResponseEncoder.class);
        // The last to go: it passes on what it has read beyond the handshake.
        pipeline.remove(HttpRequestDecoder.class);
    }
}
