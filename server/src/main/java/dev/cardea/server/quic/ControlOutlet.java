package dev.cardea.server.quic;

import dev.cardea.messaging.hub.Outlet;
import dev.cardea.messaging.log.Frame;
import dev.cardea.wire.ByteWriter;
import dev.cardea.wire.centrifuge.Codec;
import dev.cardea.wire.centrifuge.JsonCodec;
import dev.cardea.wire.centrifuge.Push;
import dev.cardea.wire.centrifuge.Reply;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.quic.QuicStreamChannel;
import java.nio.ByteBuffer;

/** A WebTransport session's way out: the stream that its client has opened. */
final class ControlOutlet implements Outlet {
    private final WebTransportSession session;
    private final QuicStreamChannel stream;
    private final Codec codec;
    private final StreamWriter writer;
    private boolean closing;

    ControlOutlet(WebTransportSession session, QuicStreamChannel stream, Codec codec) {
        this.session = session;
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
        writer.batch().writeBytes(frame.bytes());
    }

    @Override
    public void message(ByteBuffer payload) {
        put(payload, writer.batch());
    }

    private void put(ByteBuffer payload, ByteBuf out) {
        out.writeBytes(payload.duplicate());
        if (codec instanceof JsonCodec) out.writeByte('\n'); // cut off by the caller
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
        writer.end(stream.alloc().directBuffer().writeBytes(push.array(), 0, push.length()));
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
