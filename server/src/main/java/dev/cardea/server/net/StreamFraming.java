package dev.cardea.server.net;

import dev.cardea.wire.ByteWriter;
import java.nio.ByteBuffer;

/** How messages follow one another in a response that goes on. */
enum StreamFraming {
    /** A line for each: JSON. */
    LINES,
    /** Each says its length: Protobuf. */
    LENGTHS,
    /** An event for each: the HTML standard, section 9.2 (server-sent events). */
    EVENTS;

    private static final byte[] NEWLINE = {'\n'};
    private static final byte[] DATA = {'d', 'a', 't', 'a', ':', ' '};
    private static final byte[] END = {'\n', '\n'};

    /**
     * Writes messages that the codec has put together: JSON with newlines between them, Protobuf
     * with lengths before them.
     */
    void write(ByteBuffer messages, ResponseStream to) {
        switch (this) {
            case LINES -> {
                to.write(messages);
                to.write(NEWLINE, 0, NEWLINE.length);
            }
            case LENGTHS -> to.write(messages);
            case EVENTS -> writeEvents(messages, to);
        }
    }

    private static void writeEvents(ByteBuffer messages, ResponseStream to) {
        ByteBuffer line = messages.duplicate();
        while (line.hasRemaining()) {
            int end = line.position();
            while (end < messages.limit() && messages.get(end) != '\n') end++;
            line.limit(end);
            to.write(DATA, 0, DATA.length);
            to.write(line);
            to.write(END, 0, END.length);
            line.limit(messages.limit()).position(Math.min(end + 1, messages.limit()));
        }
    }

    /** The same, for a frame that is shared. */
    byte[] frame(ByteWriter messages) {
        return switch (this) {
            case LINES -> messages.put('\n').toArray();
            case LENGTHS -> messages.toArray();
            case EVENTS -> events(messages);
        };
    }

    private static byte[] events(ByteWriter messages) {
        ByteWriter out = new ByteWriter(messages.length() + 64);
        byte[] in = messages.array();
        for (int from = 0; from < messages.length(); ) {
            int end = from;
            while (end < messages.length() && in[end] != '\n') end++;
            out.put(DATA).put(in, from, end - from).put(END);
            from = end + 1;
        }
        return out.toArray();
    }
}
