package dev.cardea.server.hostile;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.handler.codec.http3.DefaultHttp3DataFrame;
import io.netty.handler.codec.http3.DefaultHttp3HeadersFrame;
import io.netty.handler.codec.http3.DefaultHttp3SettingsFrame;
import io.netty.handler.codec.http3.Http3;
import io.netty.handler.codec.http3.Http3ClientConnectionHandler;
import io.netty.handler.codec.http3.Http3DataFrame;
import io.netty.handler.codec.http3.Http3HeadersFrame;
import io.netty.handler.codec.http3.Http3RequestStreamInboundHandler;
import io.netty.handler.codec.http3.Http3Settings;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicSslContext;
import io.netty.handler.codec.quic.QuicSslContextBuilder;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.handler.codec.quic.QuicStreamType;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.netty.util.ReferenceCountUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A client of HTTP/3 and WebTransport that says what it is told to, allowed or not. */
final class QuicPeer implements AutoCloseable {
    private static final long SOON_SECONDS = AttackedServer.SOON.toSeconds();
    private static final long ENABLE_WEBTRANSPORT = 0x2b603742L;
    private static final long GREASED_SETTING = 0x1f * 1234L + 0x21;

    private final EventLoopGroup group =
            new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final Channel udp;
    private final QuicChannel connection;

    private QuicPeer(int port) throws Exception {
        QuicSslContext tls =
                QuicSslContextBuilder.forClient()
                        .trustManager(InsecureTrustManagerFactory.INSTANCE)
                        .applicationProtocols("h3")
                        .build();
        udp =
                new Bootstrap()
                        .group(group)
                        .channel(NioDatagramChannel.class)
                        .handler(
                                Http3.newQuicClientCodecBuilder()
                                        .sslContext(tls)
                                        .maxIdleTimeout(30, TimeUnit.SECONDS)
                                        .initialMaxData(1 << 20)
                                        .initialMaxStreamDataBidirectionalLocal(1 << 18)
                                        .initialMaxStreamDataUnidirectional(1 << 18)
                                        .initialMaxStreamsUnidirectional(100)
                                        .datagram(100, 10_000)
                                        .build())
                        .bind(InetAddress.ofLiteral("127.0.0.1"), 0)
                        .sync()
                        .channel();
        Http3Settings settings =
                new Http3Settings((id, value) -> true)
                        .enableConnectProtocol(true)
                        .enableH3Datagram(true);
        settings.put(ENABLE_WEBTRANSPORT, 1L);
        settings.put(GREASED_SETTING, 7L);
        connection =
                QuicChannel.newBootstrap(udp)
                        .handler(
                                new Http3ClientConnectionHandler(
                                        null,
                                        null,
                                        _ -> new Incoming(),
                                        new DefaultHttp3SettingsFrame(settings),
                                        true))
                        .remoteAddress(
                                new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port))
                        .connect()
                        .get(SOON_SECONDS, TimeUnit.SECONDS);
    }

    static QuicPeer to(int port) throws Exception {
        return new QuicPeer(port);
    }

    QuicChannel connection() {
        return connection;
    }

    /** A stream on which bytes are written as they are. */
    Stream stream(QuicStreamType type) throws Exception {
        Incoming incoming = new Incoming();
        QuicStreamChannel stream =
                connection.createStream(type, incoming).get(SOON_SECONDS, TimeUnit.SECONDS);
        return new Stream(stream, incoming);
    }

    /** Opens a session, and returns its request's stream; its answer is {@link Session#status}. */
    Session session(String path) throws Exception {
        Session session = new Session();
        QuicStreamChannel stream =
                Http3.newRequestStream(connection, session).get(SOON_SECONDS, TimeUnit.SECONDS);
        session.stream = stream;
        Http3HeadersFrame headers = new DefaultHttp3HeadersFrame();
        headers.headers()
                .method("CONNECT")
                .protocol("webtransport")
                .scheme("https")
                .authority("localhost")
                .path(path);
        stream.writeAndFlush(headers).sync();
        return session;
    }

    /** Any other request. */
    Response request(String method, String path, String body) throws Exception {
        Response response = new Response();
        QuicStreamChannel stream =
                Http3.newRequestStream(connection, response).get(SOON_SECONDS, TimeUnit.SECONDS);
        Http3HeadersFrame headers = new DefaultHttp3HeadersFrame();
        headers.headers().method(method).scheme("https").authority("localhost").path(path);
        var _ = stream.write(headers);
        ByteBuf bytes = Unpooled.copiedBuffer(body, UTF_8);
        var _ =
                stream.writeAndFlush(new DefaultHttp3DataFrame(bytes))
                        .addListener(QuicStreamChannel.SHUTDOWN_OUTPUT);
        return response;
    }

    /** From now on nothing is sent, and nothing arrives: not even a last word. */
    void vanish() {
        // on its loop, and waited for: what comes a moment later must not be acknowledged
        udp.eventLoop().submit(() -> udp.pipeline().addFirst(new Nowhere())).syncUninterruptibly();
    }

    /** Takes whatever comes or goes. */
    private static final class Nowhere extends ChannelDuplexHandler {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object packet) {
            ReferenceCountUtil.release(packet);
        }

        @Override
        public void write(ChannelHandlerContext ctx, Object packet, ChannelPromise sent) {
            ReferenceCountUtil.release(packet);
            sent.setSuccess();
        }
    }

    @Override
    public void close() {
        connection.close().awaitUninterruptibly();
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    private static void await(BlockingQueue<String> texts, String text)
            throws InterruptedException {
        StringBuilder seen = new StringBuilder();
        while (seen.indexOf(text) < 0) {
            String next = texts.poll(SOON_SECONDS, TimeUnit.SECONDS);
            if (next == null) throw new AssertionError("only " + seen);
            seen.append(next);
        }
    }

    record Stream(QuicStreamChannel channel, Incoming incoming) {
        Stream write(ByteBuf bytes) {
            channel.writeAndFlush(bytes).awaitUninterruptibly();
            return this;
        }

        Stream write(int... bytes) {
            ByteBuf out = Unpooled.directBuffer();
            for (int each : bytes) out.writeByte(each);
            return write(out);
        }

        Stream write(String text) {
            return write(Unpooled.directBuffer().writeBytes(text.getBytes(UTF_8)));
        }
    }

    /** Whatever comes. */
    static final class Incoming extends ChannelInboundHandlerAdapter {
        final BlockingQueue<String> texts = new LinkedBlockingQueue<>();
        final CompletableFuture<Boolean> ended = new CompletableFuture<>();

        /** Waits for it among what is still to come. */
        void await(String text) throws InterruptedException {
            QuicPeer.await(texts, text);
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ByteBuf bytes = (ByteBuf) message;
            texts.add(bytes.toString(UTF_8));
            bytes.release();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            ended.complete(true);
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            ended.complete(true);
        }
    }

    /** What a request is answered with. */
    static final class Response extends Http3RequestStreamInboundHandler {
        final CompletableFuture<String> status = new CompletableFuture<>();
        final BlockingQueue<String> texts = new LinkedBlockingQueue<>();

        @Override
        protected void channelRead(ChannelHandlerContext ctx, Http3HeadersFrame frame) {
            status.complete(String.valueOf(frame.headers().status()));
        }

        @Override
        protected void channelRead(ChannelHandlerContext ctx, Http3DataFrame frame) {
            texts.add(frame.content().toString(UTF_8));
            frame.release();
        }

        @Override
        protected void channelInputClosed(ChannelHandlerContext ctx) {}

        /** Waits for it among what is still to come. */
        void await(String text) throws InterruptedException {
            QuicPeer.await(texts, text);
        }
    }

    /** The request of a session. */
    static final class Session extends Http3RequestStreamInboundHandler {
        final CompletableFuture<String> status = new CompletableFuture<>();
        final CompletableFuture<Boolean> ended = new CompletableFuture<>();
        private @Nullable QuicStreamChannel stream;

        QuicStreamChannel stream() {
            return Objects.requireNonNull(stream);
        }

        /** Sends capsules as they are. */
        void capsules(ByteBuf bytes) {
            stream().writeAndFlush(new DefaultHttp3DataFrame(bytes)).awaitUninterruptibly();
        }

        @Override
        protected void channelRead(ChannelHandlerContext ctx, Http3HeadersFrame frame) {
            status.complete(String.valueOf(frame.headers().status()));
        }

        @Override
        protected void channelRead(ChannelHandlerContext ctx, Http3DataFrame frame) {
            frame.release();
        }

        @Override
        protected void channelInputClosed(ChannelHandlerContext ctx) {
            ended.complete(true);
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            ended.complete(true);
        }
    }
}
