package dev.cardea.server.quic;

import dev.cardea.server.net.NettyLoop;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http3.DefaultHttp3SettingsFrame;
import io.netty.handler.codec.http3.Http3ServerConnectionHandler;
import io.netty.handler.codec.http3.Http3Settings;
import io.netty.handler.codec.http3.Http3Settings.NonStandardHttp3SettingsValidator;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicDatagramExtensionEvent;
import io.netty.handler.codec.quic.QuicException;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.net.SocketAddress;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One QUIC connection that speaks HTTP/3 (RFC 9114), and the WebTransport sessions in it
 * (draft-ietf-webtrans-http3). Belongs to its event loop.
 */
final class Http3Connection extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(Http3Connection.class);

    /** SETTINGS_ENABLE_WEBTRANSPORT of the second draft: what Chromium wants to see. */
    private static final long ENABLE_WEBTRANSPORT = 0x2b603742L;

    /** SETTINGS_WEBTRANSPORT_MAX_SESSIONS of later drafts. */
    private static final long WEBTRANSPORT_MAX_SESSIONS = 0xc671706aL;

    /** Other settings than those of the standard are kept, ours and the peer's. */
    private static final NonStandardHttp3SettingsValidator ANY = (id, value) -> true;

    private static final long MAX_HEADER_BYTES = 16 * 1024;
    private static final int MAX_UNKNOWN_FRAME_BYTES = 4096;
    private static final int H3_NO_ERROR = 0x100;

    private final QuicChannel channel;
    private final NettyLoop loop;
    private final Http3Door door;
    private final Map<Long, WebTransportSession> sessions = new HashMap<>(2);

    /** Streams of sessions whose request hasn't come yet; they aren't read. */
    private final Queue<StreamPrefix> early = new ArrayDeque<>(0);

    /** Set once the peer has said how long datagrams may be; 0: it takes none. */
    private int maxDatagramBytes;

    private int requests;

    private Http3Connection(QuicChannel channel, NettyLoop loop, Http3Door door) {
        this.channel = channel;
        this.loop = loop;
        this.door = door;
    }

    /** Gives a new connection its handlers. */
    static void begin(QuicChannel channel, NettyLoop loop, Http3Door door) {
        Http3Connection connection = new Http3Connection(channel, loop, door);
        channel.pipeline()
                .addLast(
                        new Http3ServerConnectionHandler(
                                connection.new Streams(),
                                null,
                                _ -> new UnwantedStream(),
                                new DefaultHttp3SettingsFrame(settings(door.limits())),
                                true,
                                ANY,
                                null,
                                MAX_UNKNOWN_FRAME_BYTES))
                .addLast(connection);
    }

    private static Http3Settings settings(QuicLimits limits) {
        Http3Settings settings =
                new Http3Settings(ANY)
                        .enableConnectProtocol(true)
                        .enableH3Datagram(true)
                        .maxFieldSectionSize(MAX_HEADER_BYTES);
        settings.put(ENABLE_WEBTRANSPORT, 1L);
        settings.put(WEBTRANSPORT_MAX_SESSIONS, (long) limits.sessions());
        return settings;
    }

    /** What is at the end of each request stream's pipeline. */
    private final class Streams extends io.netty.channel.ChannelInitializer<QuicStreamChannel> {
        @Override
        protected void initChannel(QuicStreamChannel stream) {
            stream.pipeline().addLast(new RequestStream(Http3Connection.this, stream));
        }
    }

    NettyLoop loop() {
        return loop;
    }

    Http3Door door() {
        return door;
    }

    QuicChannel channel() {
        return channel;
    }

    SocketAddress remote() {
        return Objects.requireNonNullElse(channel.remoteSocketAddress(), channel.remoteAddress());
    }

    /** Payload of one datagram, the session's number included; 0: there are none. */
    int maxDatagramBytes() {
        return maxDatagramBytes;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof QuicDatagramExtensionEvent known) maxDatagramBytes = known.maxLength();
        ctx.fireUserEventTriggered(event);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof QuicStreamChannel stream) {
            stream.pipeline().addFirst(new StreamPrefix(this, stream));
            ctx.fireChannelRead(message); // at its end the pipeline registers the stream
        } else {
            // Datagrams: clients have nothing to say in them, and what is lost is lost.
            ReferenceCountUtil.release(message);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        // What a peer does wrong ends its connection, and isn't news.
        if (cause instanceof QuicException || cause instanceof IOException) return;
        LOG.debug("http3_failed", cause);
    }

    // ---- sessions ----

    boolean hasRoomForSession() {
        return sessions.size() < door.limits().sessions();
    }

    void opened(WebTransportSession session) {
        sessions.put(session.id(), session);
        for (int i = early.size(); i > 0; i--) {
            StreamPrefix stream = Objects.requireNonNull(early.remove());
            if (stream.sessionId() == session.id()) stream.resume();
            else early.add(stream);
        }
    }

    @Nullable WebTransportSession session(long id) {
        return sessions.get(id);
    }

    void closed(WebTransportSession session) {
        sessions.remove(session.id(), session);
    }

    /** Returns false when too many wait. */
    boolean keepEarly(StreamPrefix stream) {
        if (early.size() >= door.limits().earlyStreams()) return false;
        early.add(stream);
        return true;
    }

    void forgetEarly(StreamPrefix stream) {
        early.remove(stream);
    }

    /** A request has begun, or ended. */
    void requests(int change) {
        requests += change;
    }

    /** Ends a connection that nothing goes on in. */
    void closeIfUnused() {
        if (!sessions.isEmpty() || requests > 0) return;
        ByteBuf reason = Unpooled.EMPTY_BUFFER;
        var _ = channel.close(true, H3_NO_ERROR, reason);
    }
}
