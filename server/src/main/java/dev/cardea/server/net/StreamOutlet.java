package dev.cardea.server.net;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.cardea.messaging.hub.Outlet;
import dev.cardea.messaging.log.Frame;
import dev.cardea.wire.ByteWriter;
import dev.cardea.wire.centrifuge.Push;
import dev.cardea.wire.centrifuge.Reply;
import java.nio.ByteBuffer;

/**
 * A session's way out through a response that goes on. How it ends is said in a push, the last
 * message.
 */
final class StreamOutlet implements Outlet {
    private static final byte[] BEGIN = "\r\n".getBytes(US_ASCII);
    private static final byte[] ID = "id: ".getBytes(US_ASCII);
    private static final byte[] NEWLINE = {'\n'};

    private final ResponseStream stream;
    private final StreamEncoding encoding;
    private boolean hasMarked;
    private boolean closing;

    StreamOutlet(ResponseStream stream, StreamEncoding encoding) {
        this.stream = stream;
        this.encoding = encoding;
    }

    /** Lets a browser hear at once that the stream of events is open. */
    void begin() {
        if (encoding.framing() != StreamFraming.EVENTS) return;
        stream.write(BEGIN, 0, BEGIN.length);
        stream.flush();
    }

    @Override
    public boolean isWritable() {
        return stream.isWritable() && !closing;
    }

    @Override
    public void write(Frame frame) {
        stream.write(frame);
    }

    @Override
    public void message(ByteBuffer payload) {
        encoding.framing().write(payload, stream);
    }

    @Override
    public boolean marksPositions() {
        return encoding == StreamEncoding.PUSH_EVENTS;
    }

    @Override
    public void mark(ByteWriter position) {
        if (position.length() == 0 && !hasMarked) return;
        hasMarked = position.length() > 0; // an empty id takes back the one before
        stream.write(ID, 0, ID.length);
        stream.write(position.array(), 0, position.length());
        stream.write(NEWLINE, 0, NEWLINE.length);
    }

    @Override
    public void flush() {
        stream.flush();
    }

    @Override
    public int pendingBytes() {
        return stream.pendingBytes();
    }

    @Override
    public long takenBytes() {
        return stream.takenBytes();
    }

    /** The request was read to its end; what follows comes in others, which can't be held back. */
    @Override
    public void pauseReads(boolean paused) {}

    @Override
    public void close(int code, String reason) {
        if (closing) return;
        closing = true;
        Push push = new Push.Disconnect(code, reason);
        ByteWriter message = new ByteWriter(128);
        if (encoding.isPushes()) encoding.codec().write(push, message);
        else encoding.codec().write(new Reply.Pushed(push), message);
        if (encoding.framing() != StreamFraming.LENGTHS) message.truncate(message.length() - 1);
        message(message.written());
        stream.end();
    }

    @Override
    public void abort() {
        closing = true;
        stream.abort();
    }
}
