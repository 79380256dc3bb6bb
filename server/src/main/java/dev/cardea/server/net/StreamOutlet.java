package dev.cardea.server.net;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.cardea.wire.ByteWriter;
import dev.cardea.wire.centrifuge.Push;
import dev.cardea.wire.centrifuge.Reply;
import java.nio.ByteBuffer;

/**
 * A session's way out through a response that goes on. How it ends is said in a push, the last
 * message.
 */
final class StreamOutlet extends ResponseOutlet {
    private static final byte[] BEGIN = "\r\n".getBytes(US_ASCII);
    private static final byte[] ID = "id: ".getBytes(US_ASCII);
    private static final byte[] NEWLINE = {'\n'};

    private final StreamEncoding encoding;
    private boolean hasMarked;

    StreamOutlet(ResponseStream stream, StreamEncoding encoding) {
        super(stream);
        this.encoding = encoding;
    }

    /** Lets a browser hear at once that the stream of events is open. */
    void begin() {
        if (encoding.framing() != StreamFraming.EVENTS) return;
        stream().write(BEGIN, 0, BEGIN.length);
        stream().flush();
    }

    @Override
    public void message(ByteBuffer payload) {
        encoding.framing().write(payload, stream());
    }

    @Override
    public boolean marksPositions() {
        return encoding == StreamEncoding.PUSH_EVENTS;
    }

    @Override
    public void mark(ByteWriter position) {
        if (position.length() == 0 && !hasMarked) return;
        hasMarked = position.length() > 0; // an empty id takes back the one before
        stream().write(ID, 0, ID.length);
        stream().write(position.array(), 0, position.length());
        stream().write(NEWLINE, 0, NEWLINE.length);
    }

    @Override
    protected void farewell(int code, String reason) {
        Push push = new Push.Disconnect(code, reason);
        ByteWriter message = new ByteWriter(128);
        if (encoding.isPushes()) encoding.codec().write(push, message);
        else encoding.codec().write(new Reply.Pushed(push), message);
        if (encoding.framing() != StreamFraming.LENGTHS) message.truncate(message.length() - 1);
        message(message.written());
    }
}
