package dev.cardea.server.net;

import dev.cardea.messaging.hub.Outlet;
import dev.cardea.messaging.log.Frame;
import dev.cardea.wire.ByteWriter;
import dev.cardea.wire.centrifuge.JsonCodec;
import dev.cardea.wire.centrifuge.Push;
import java.nio.ByteBuffer;

/**
 * The way out of a WebSocket whose client only listens: a frame for each push, and the end said in
 * one, too, before the close frame.
 *
 * @param joins pushes that wait together go in one frame, a line for each
 * @param tellsEnd in a push
 */
record PushSocketOutlet(SocketOutlet socket, boolean joins, boolean tellsEnd) implements Outlet {
    private static final JsonCodec CODEC = new JsonCodec();

    @Override
    public boolean joinsMessages() {
        return joins;
    }

    @Override
    public boolean isWritable() {
        return socket.isWritable();
    }

    @Override
    public void write(Frame frame) {
        socket.write(frame);
    }

    @Override
    public void message(ByteBuffer payload) {
        socket.message(payload);
    }

    @Override
    public void flush() {
        socket.flush();
    }

    @Override
    public int pendingBytes() {
        return socket.pendingBytes();
    }

    @Override
    public long takenBytes() {
        return socket.takenBytes();
    }

    @Override
    public void pauseReads(boolean paused) {
        socket.pauseReads(paused);
    }

    @Override
    public void close(int code, String reason) {
        if (tellsEnd && !socket.isClosing()) {
            ByteWriter push = new ByteWriter(128);
            CODEC.write(new Push.Disconnect(code, reason), push);
            push.truncate(push.length() - 1);
            socket.message(push.written());
        }
        socket.close(code, reason);
    }

    @Override
    public void abort() {
        socket.abort();
    }
}
