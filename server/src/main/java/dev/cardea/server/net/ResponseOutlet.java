package dev.cardea.server.net;

import dev.cardea.messaging.hub.Outlet;
import dev.cardea.messaging.log.Frame;

/**
 * A way out through a response that goes on, whatever is said in it. Belongs to its connection's
 * event loop.
 */
public abstract class ResponseOutlet implements Outlet {
    private final ResponseStream stream;
    private boolean closing;

    protected ResponseOutlet(ResponseStream stream) {
        this.stream = stream;
    }

    protected final ResponseStream stream() {
        return stream;
    }

    /** Writes why it ends, the last that the client is told. */
    protected abstract void farewell(int code, String reason);

    @Override
    public final boolean isWritable() {
        return stream.isWritable() && !closing;
    }

    @Override
    public final void write(Frame frame) {
        stream.write(frame);
    }

    @Override
    public final void flush() {
        stream.flush();
    }

    @Override
    public final int pendingBytes() {
        return stream.pendingBytes();
    }

    @Override
    public final long takenBytes() {
        return stream.takenBytes();
    }

    /** The request was read to its end; what follows comes in others, which can't be held back. */
    @Override
    public final void pauseReads(boolean paused) {}

    @Override
    public final void close(int code, String reason) {
        if (closing) return;
        closing = true;
        farewell(code, reason);
        stream.end();
    }

    @Override
    public final void abort() {
        closing = true;
        stream.abort();
    }
}
