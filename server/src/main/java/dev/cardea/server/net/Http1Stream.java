package dev.cardea.server.net;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.cardea.messaging.log.Frame;
import dev.cardea.wire.ByteWriter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A response that goes on over HTTP/1.1, in chunks (RFC 9112 section 7.1), or until the connection
 * closes for clients of HTTP/1.0. The one handler of its pipeline: the connection isn't used again.
 *
 * <p>A batch is one chunk. Its header is written into the room before the batch once its length is
 * known, so that frames needn't be made for the transport, and a client that takes a chunk for a
 * message sees whole ones.
 */
final class Http1Stream extends ChannelInboundHandlerAdapter
        implements ResponseStream, Batch.Owner {
    private static final Logger LOG = LoggerFactory.getLogger(Http1Stream.class);

    private static final long END_SECONDS = 5;
    private static final long FIRST_LOOK_MILLIS = 20;
    private static final long MOST_LOOK_MILLIS = 5_000;

    /** A connection that was reset, in Linux's {@code tcp_info}. */
    private static final int TCP_CLOSE = 7;

    private static final int CHUNK_HEADER_BYTES = 10; // eight digits and the line's end
    private static final byte[] DIGITS = {
        '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'
    };
    private static final ByteBuf LAST_CHUNK =
            Unpooled.unreleasableBuffer(Unpooled.copiedBuffer("0\r\n\r\n", US_ASCII));

    private final Channel channel;
    private final boolean chunked;
    private final StreamSource source;
    private final Batch batch;
    private final SocketWriter socket;
    private boolean ended;

    /**
     * @param chunked the client speaks HTTP/1.1
     */
    Http1Stream(Channel channel, boolean chunked, StreamSource source) {
        SslHandler tls = channel.pipeline().get(SslHandler.class);
        this.channel = channel;
        this.chunked = chunked;
        this.source = source;
        this.batch = source.loop().batch();
        this.socket = new SocketWriter(channel, tls, this::idle);
    }

    /**
     * Lets a client close its half of a TCP connection, as some do behind their request, and read
     * on. With TLS both halves end together.
     */
    static void allowHalfClosed(Channel channel) {
        if (channel.pipeline().get(SslHandler.class) == null)
            channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
    }

    /** Writes the head and lets the source begin. The pipeline is this handler's. */
    void begin(Response head) {
        ByteBuf bytes = channel.alloc().directBuffer().writeBytes(head(head));
        socket.send(bytes);
        bytes.release();
        source.begin(this);
        if (channel instanceof DuplexChannel duplex && duplex.isInputShutdown()) halfClosed();
        channel.config().setAutoRead(true);
    }

    private byte[] head(Response head) {
        ByteWriter out = new ByteWriter(512);
        out.putAscii("HTTP/1.1 ")
                .putAscii(HttpResponseStatus.valueOf(head.status()).toString())
                .putAscii("\r\n");
        head.headers().forEach((name, values) -> values.forEach(value -> line(name, value, out)));
        line("Date", HttpDate.format(Instant.now()), out);
        line("Connection", "close", out);
        if (chunked) line("Transfer-Encoding", "chunked", out);
        return out.putAscii("\r\n").toArray();
    }

    private static void line(String name, String value, ByteWriter out) {
        out.putAscii(name).putAscii(": ").putAscii(value).putAscii("\r\n");
    }

    // ---- out ----

    @Override
    public boolean isWritable() {
        return socket.isIdle() && !ended;
    }

    @Override
    public void write(Frame frame) {
        batch.write(this, frame);
    }

    @Override
    public void write(byte[] array, int offset, int length) {
        batch.write(this, array, offset, length);
    }

    @Override
    public void write(ByteBuffer bytes) {
        batch.write(this, bytes);
    }

    @Override
    public int headroomBytes() {
        return chunked ? CHUNK_HEADER_BYTES : 0;
    }

    @Override
    public void flush() {
        if (!batch.belongsTo(this)) return;
        ByteBuf bytes = batch.written();
        if (bytes.isReadable()) { // an empty chunk would be the last
            if (chunked) makeChunk(bytes);
            socket.send(bytes);
        }
        batch.clear();
    }

    private static void makeChunk(ByteBuf bytes) {
        int at = bytes.readerIndex();
        bytes.setByte(--at, '\n').setByte(--at, '\r');
        for (int rest = bytes.readableBytes(); rest > 0; rest >>>= 4)
            bytes.setByte(--at, DIGITS[rest & 0xF]);
        bytes.readerIndex(at);
        bytes.writeByte('\r').writeByte('\n');
    }

    private void idle() {
        if (!ended) source.writable();
    }

    @Override
    public int pendingBytes() {
        return socket.pendingBytes();
    }

    @Override
    public long takenBytes() {
        return socket.takenBytes();
    }

    // ---- the end ----

    @Override
    public void end() {
        if (ended) return;
        flush();
        ended = true;
        socket.closeWithin(END_SECONDS);
        ByteBuf last = chunked ? LAST_CHUNK.duplicate() : Unpooled.EMPTY_BUFFER;
        var _ = channel.writeAndFlush(last).addListener(ChannelFutureListener.CLOSE);
    }

    @Override
    public void abort() {
        if (ended) return; // the end is on its way, which a reset might overtake
        ended = true;
        if (batch.belongsTo(this)) batch.clear();
        close();
    }

    @Override
    public void giveUp() {
        ended = true;
        close();
    }

    private void close() {
        var _ = channel.close();
    }

    // ---- in ----

    /** What follows a request whose response doesn't end is of no use to anybody. */
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ReferenceCountUtil.release(message);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof ChannelInputShutdownEvent && !ended) halfClosed();
    }

    private void halfClosed() {
        source.halfClosed();
        if (channel instanceof EpollSocketChannel epoll) watch(epoll, FIRST_LOOK_MILLIS);
    }

    /**
     * Looks whether the peer has answered with a reset what was written since it closed its half.
     * The transport doesn't tell: it has stopped reading, and whatever a reset brings is lost on
     * it.
     */
    private void watch(EpollSocketChannel epoll, long millis) {
        var _ =
                channel.eventLoop()
                        .schedule(
                                () -> {
                                    if (!channel.isOpen()) return;
                                    if (epoll.tcpInfo().state() == TCP_CLOSE) close();
                                    else watch(epoll, Math.min(2 * millis, MOST_LOOK_MILLIS));
                                },
                                millis,
                                TimeUnit.MILLISECONDS);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        ended = true;
        source.closed();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (!(cause instanceof IOException) && !(cause.getCause() instanceof IOException))
            LOG.error("stream_failed", cause);
        close();
    }
}
