package dev.cardea.server.quic;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.cardea.messaging.hub.Lane;
import dev.cardea.messaging.log.Frame;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.handler.codec.quic.QuicStreamType;
import io.netty.util.concurrent.Future;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A unidirectional QUIC stream for one subscription. It begins with a header: the lane's number,
 * how many frames of the client's stream come before, 1 for a lossy lane or 0, and the channel's
 * name behind its length. Frames follow, each behind its length. docs/webtransport.md says more.
 */
class LaneOutlet implements Lane {
    private static final long UNIDIRECTIONAL = 0x54;
    private static final int WEBTRANSPORT_SESSION_GONE = 0x170d7b68;

    private final WebTransportSession session;
    private final ControlOutlet control;
    private final String channel;
    private final Runnable whenWritable;

    /** A number for each subscription of the session. */
    private final long number;

    private @Nullable QuicStreamChannel stream;
    private @Nullable StreamWriter writer;
    private boolean begun;
    private boolean over;

    LaneOutlet(
            WebTransportSession session,
            ControlOutlet control,
            String channel,
            long number,
            Runnable whenWritable) {
        this.session = session;
        this.control = control;
        this.channel = channel;
        this.number = number;
        this.whenWritable = whenWritable;
    }

    long number() {
        return number;
    }

    boolean isOver() {
        return over;
    }

    WebTransportSession session() {
        return session;
    }

    /** Null before the stream is open. */
    @Nullable StreamWriter writer() {
        return writer;
    }

    @Override
    public boolean isLossy() {
        return false;
    }

    @Override
    public void begin() {
        if (begun || over) return;
        begun = true;
        session.laneOpens();
        long after = control.framesWritten();
        Future<QuicStreamChannel> opening =
                session.connection()
                        .channel()
                        .createStream(QuicStreamType.UNIDIRECTIONAL, new Tail());
        opening.addListener(opened -> {
            if (opened.isSuccess()) opened(opening.getNow(), after);
            else session.laneFailed();
        });
    }

    private void opened(QuicStreamChannel stream, long after) {
        this.stream = stream;
        StreamWriter writer = new StreamWriter(stream, whenWritable);
        this.writer = writer;
        ByteBuf out = writer.batch();
        Varints.write(UNIDIRECTIONAL, out);
        Varints.write(session.id(), out);
        Varints.write(number, out);
        Varints.write(after, out);
        Varints.write(isLossy() ? 1 : 0, out);
        byte[] name = channel.getBytes(UTF_8);
        Varints.write(name.length, out);
        out.writeBytes(name);
        writer.flush();
        if (over) writer.end();
        else if (writer.isIdle()) whenWritable.run();
    }

    @Override
    public boolean isWritable() {
        return writer != null && !over && writer.isIdle();
    }

    @Override
    public void write(Frame frame) {
        if (writer == null) throw new IllegalStateException("the lane has no stream yet");
        ByteBuf out = writer.batch();
        Varints.write(frame.lengthBytes(), out);
        out.writeBytes(frame.bytes());
    }

    @Override
    public void message(ByteBuffer payload) {
        throw new UnsupportedOperationException("lanes carry publications alone");
    }

    @Override
    public void flush() {
        if (writer != null) writer.flush();
    }

    @Override
    public int pendingBytes() {
        return writer == null ? 0 : writer.pendingBytes();
    }

    @Override
    public long takenBytes() {
        return writer == null ? 0 : writer.takenBytes();
    }

    @Override
    public void pauseReads(boolean paused) {
        throw new UnsupportedOperationException("nothing is read from a lane");
    }

    @Override
    public void end() {
        if (over) return;
        over();
        if (begun) control.laneEnded(number, false);
        if (writer != null) writer.end();
    }

    @Override
    public void abort() {
        if (over) return;
        over();
        if (begun) control.laneEnded(number, true);
        if (writer != null) writer.giveUp();
        if (stream != null) {
            var _ = stream.shutdownOutput(WEBTRANSPORT_SESSION_GONE);
            var _ = stream.close();
        }
    }

    private void over() {
        over = true;
        session.laneClosed();
        if (!begun) session.laneOpens();
    }

    @Override
    public void close(int code, String reason) {
        throw new UnsupportedOperationException("lanes end with their subscriptions");
    }

    /** A lane's stream brings nothing; what becomes of it shows when it is written to. */
    private static final class Tail extends ChannelInboundHandlerAdapter {
        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            var _ = ctx.close();
        }
    }
}
