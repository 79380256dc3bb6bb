package dev.cardea.server.quic;

import dev.cardea.messaging.hub.Lane;
import dev.cardea.messaging.hub.Outlet;
import dev.cardea.messaging.log.Frame;
import dev.cardea.wire.ByteWriter;
import dev.cardea.wire.centrifuge.Codec;
import dev.cardea.wire.centrifuge.JsonCodec;
import dev.cardea.wire.centrifuge.Push;
import dev.cardea.wire.centrifuge.Reply;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.quic.QuicStreamChannel;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A WebTransport session's way out: the stream that its client has opened. */
final class ControlOutlet implements Outlet {
    private final WebTransportSession session;
    private final QuicStreamChannel stream;
    private final Codec codec;
    private final StreamWriter writer;
    private final LanePlan plan;

    /** Ends of lanes that are still to be told, before anything else is. */
    private final ByteBuf marks = Unpooled.buffer(0);

    private long framesWritten;
    private long lanesOpened;
    private boolean closing;

    ControlOutlet(
            WebTransportSession session, QuicStreamChannel stream, Codec codec, LanePlan plan) {
        this.session = session;
        this.plan = plan;
        this.stream = stream;
        this.codec = codec;
        this.writer = new StreamWriter(stream, session::writable);
    }

    @Override
    public boolean isWritable() {
        return !closing && writer.isIdle();
    }

    @Override
    public void write(Frame frame) {
        begin(frame.lengthBytes(), writer.batch()).writeBytes(frame.bytes());
    }

    @Override
    public void message(ByteBuffer payload) {
        put(payload, writer.batch());
    }

    private void put(ByteBuffer payload, ByteBuf out) {
        boolean isText = codec instanceof JsonCodec;
        begin(payload.remaining() + (isText ? 1 : 0), out).writeBytes(payload.duplicate());
        if (isText) out.writeByte('\n'); // cut off by the caller
    }

    private ByteBuf begin(int length, ByteBuf out) {
        if (!plan.framed()) return out;
        if (marks.isReadable()) {
            out.writeBytes(marks);
            marks.clear();
        }
        framesWritten++;
        Varints.write(length, out);
        return out;
    }

    /** Messages, each behind its length, that were written so far. */
    long framesWritten() {
        return framesWritten;
    }

    @Override
    public @Nullable Lane openLane(String channel, Runnable whenWritable) {
        if (!plan.hasLane(channel) || !session.takeLane()) return null;
        long number = ++lanesOpened;
        return plan.isLossy(channel)
                ? new DatagramLane(session, this, channel, number, whenWritable)
                : new LaneOutlet(session, this, channel, number, whenWritable);
    }

    /**
     * Says before the next message that a lane has ended. A length of nothing isn't a message:
     * behind it come the lane's number and 1 if the rest of it isn't waited for, else 0.
     */
    void laneEnded(long number, boolean abandoned) {
        if (closing) return;
        Varints.write(0, marks);
        Varints.write(number, marks);
        Varints.write(abandoned ? 1 : 0, marks);
    }

    @Override
    public void flush() {
        writer.flush();
    }

    @Override
    public int pendingBytes() {
        return writer.pendingBytes();
    }

    @Override
    public long takenBytes() {
        return writer.takenBytes();
    }

    @Override
    public void pauseReads(boolean paused) {
        if (closing) return;
        // not from inside what is being read
        stream.eventLoop().execute(() -> stream.config().setAutoRead(paused ? false : !closing));
    }

    boolean isClosing() {
        return closing;
    }

    @Override
    public void close(int code, String reason) {
        if (closing) return;
        closing = true;
        ByteWriter push = new ByteWriter(64);
        codec.write(new Reply.Pushed(new Push.Disconnect(code, reason)), push);
        ByteBuf lastWords = stream.alloc().directBuffer();
        writer.end(begin(push.length(), lastWords).writeBytes(push.array(), 0, push.length()));
        session.endSoon(code, reason);
    }

    @Override
    public void abort() {
        if (closing) return;
        closing = true;
        writer.giveUp();
        session.abort();
    }
}
