package dev.cardea.benchmarks.load;

import java.net.ConnectException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * One connection, subscribed to one channel or to none. Belongs to the thread of its {@link Crowd}.
 */
final class Client {
    enum State {
        CLOSED,
        UPGRADING,
        JOINING,
        OPEN
    }

    private static final byte[] NOTHING = {};
    private static final byte[] DATA = {'d', 'a', 't', 'a', ':', ' '};
    private static final String STATUS = "HTTP/1.1 200 ";

    final int index;
    private final Crowd crowd;
    private final @Nullable Feed feed;
    private final Door door;
    private State state = State.CLOSED;
    private int fd = -1;
    private byte[] rest = NOTHING;
    private int
            datumAt; // how far into a push its datum starts: the same for all pushes of a channel
    private long sequence;
    private Position position = Position.NONE;
    private long openedNanos;
    private boolean hasReadCompressed;

    Client(int index, Crowd crowd, @Nullable Feed feed, Door door) {
        this.index = index;
        this.door = door;
        this.crowd = crowd;
        this.feed = feed;
    }

    State state() {
        return state;
    }

    int fd() {
        return fd;
    }

    /** When it began to connect. */
    long openedNanos() {
        return openedNanos;
    }

    boolean hasReadCompressed() {
        return hasReadCompressed;
    }

    /** The sequence of the last publication it has received. */
    long sequence() {
        return sequence;
    }

    /** From where the next {@link #open} recovers; known only in channels with history. */
    Position position() {
        return new Position(position.epoch(), position.offset() + sequence);
    }

    void open(int source, int port, int receiveBytes) throws ConnectException {
        fd = Kernel.connect(source, port, receiveBytes);
        state = State.UPGRADING;
        rest = NOTHING;
        openedNanos = System.nanoTime();
        switch (door) {
            case WEBSOCKET -> send(Commands.upgrade(port, crowd.takesCompressed()));
            case EVENTS -> send(Commands.listen(port, feed == null ? "" : feed.channel()));
            case API -> joined();
        }
    }

    /** Publishes in the way of its door. */
    void publish(long id, String channel, byte[] data) {
        send(door == Door.API ? Commands.post(channel, data) : Commands.publish(id, channel, data));
    }

    void close() {
        if (state == State.CLOSED) return;
        state = State.CLOSED;
        Kernel.close(fd);
    }

    void send(byte[] bytes) {
        if (!crowd.buffers().send(fd, bytes)) crowd.problem(this, "the server does not read");
    }

    /** Reads once; more may be waiting. */
    void readable(long nowNanos) {
        ByteBuffer in = crowd.buffers().in();
        in.put(0, rest);
        long count = crowd.buffers().receive(fd, rest.length);
        if (count == Kernel.NOTHING_YET) return;
        crowd.received(count);
        if (count <= 0) {
            lost(count == 0 ? "the server closed the connection" : "connection reset");
            return;
        }
        int length = rest.length + (int) count;
        int used =
                switch (door) {
                    case WEBSOCKET ->
                            state == State.UPGRADING
                                    ? upgraded(in, length)
                                    : frames(in, 0, length, nowNanos);
                    case EVENTS -> lines(in, length, nowNanos);
                    case API -> answers(in, length);
                };
        keep(in, used, length);
    }

    private void keep(ByteBuffer in, int used, int length) {
        if (used == length && rest.length == 0) return;
        rest = used == length ? NOTHING : new byte[length - used];
        in.get(used, rest);
    }

    private void lost(String why) {
        close();
        crowd.lost(this, why);
    }

    private int upgraded(ByteBuffer in, int length) {
        String head = ascii(in, 0, length);
        int end = head.indexOf("\r\n\r\n");
        if (end < 0) return 0;
        if (!head.startsWith("HTTP/1.1 101 ") || !head.contains(Commands.ACCEPT)) {
            crowd.problem(this, "no upgrade: " + head.lines().findFirst().orElse(""));
        }
        state = State.JOINING;
        send(feed == null ? Commands.connect() : Commands.join(feed.channel(), position()));
        return end + 4;
    }

    // A frame's head, RFC 6455 section 5.2; servers don't mask.
    private int frames(ByteBuffer in, int start, int length, long nowNanos) {
        int at = start;
        while (length - at >= 2) {
            int shortLength = in.get(at + 1) & 0x7f;
            int header = shortLength < 126 ? 2 : shortLength == 126 ? 4 : 10;
            if (length - at < header) break;
            int payload =
                    switch (header) {
                        case 2 -> shortLength;
                        case 4 -> Short.toUnsignedInt(Short.reverseBytes(in.getShort(at + 2)));
                        default -> Math.toIntExact(Long.reverseBytes(in.getLong(at + 2)));
                    };
            if (length - at < header + payload) break;
            frame(in, in.get(at) & 0xff, at + header, at + header + payload, nowNanos);
            if (state == State.CLOSED) return length;
            at += header + payload;
        }
        return at;
    }

    private void frame(ByteBuffer in, int first, int start, int end, long nowNanos) {
        switch (first) {
            case 0x81 -> text(in, start, end, nowNanos);
            case 0xc1 -> {
                hasReadCompressed = true;
                ByteBuffer inflated = crowd.buffers().inflate(in, start, end);
                text(inflated, 0, inflated.limit(), nowNanos);
            }
            case 0x88 -> lost("close frame " + closing(in, start, end));
            case 0x89 -> send(Commands.frame(10, NOTHING));
            default -> crowd.problem(this, "frame starting with 0x" + Integer.toHexString(first));
        }
    }

    private static String closing(ByteBuffer in, int start, int end) {
        if (end - start < 2) return "without a code";
        int code = Short.toUnsignedInt(Short.reverseBytes(in.getShort(start)));
        return code + " " + ascii(in, start + 2, end);
    }

    private void text(ByteBuffer in, int start, int end, long nowNanos) {
        int at = start;
        while (at < end) at = message(in, at, end, nowNanos) + 1;
    }

    /** Returns the end of the message: where its line feed is, or the frame's end. */
    private int message(ByteBuffer in, int start, int end, long nowNanos) {
        int length = feed == null ? 0 : feed.datumBytes();
        if (datumAt > 0 && Datum.isAt(in, start + datumAt, end, length)) {
            delivered(in, start + datumAt, nowNanos);
            return Lines.end(in, start + datumAt + length, end);
        }
        int stop = Lines.end(in, start, end);
        int datum = feed == null ? -1 : Datum.find(in, start, stop, length);
        if (in.get(start + 2) == 'p' && datum >= 0) {
            datumAt = datum - start;
            delivered(in, datum, nowNanos);
            return stop;
        }
        for (int at = datum; at >= 0; at = Datum.find(in, at + length, stop, length)) {
            delivered(in, at, nowNanos); // recovered, inside a reply
        }
        control(ascii(in, start, stop));
        return stop;
    }

    // What isn't data is left out: the response's head, the sizes of its chunks, ids.
    private int lines(ByteBuffer in, int length, long nowNanos) {
        int at = 0;
        while (true) {
            int end = Lines.end(in, at, length);
            if (end == length) return at;
            if (end - at > DATA.length && in.get(at) == 'd' && in.get(at + 4) == ':')
                event(in, at + DATA.length, end, nowNanos);
            else if (state == State.UPGRADING) head(ascii(in, at, end));
            if (state == State.CLOSED) return length;
            at = end + 1;
        }
    }

    private void head(String line) {
        if (line.startsWith("HTTP/1.1 ") && !line.startsWith("HTTP/1.1 200 "))
            crowd.problem(this, line);
        else if (line.equals("\r")) state = State.JOINING;
    }

    private void event(ByteBuffer in, int start, int end, long nowNanos) {
        int length = feed == null ? 0 : feed.datumBytes();
        if (datumAt == 0 || !Datum.isAt(in, start + datumAt, end, length)) {
            int datum = Datum.find(in, start, end, length);
            datumAt = datum < 0 ? 0 : datum - start;
        }
        if (datumAt > 0) {
            delivered(in, start + datumAt, nowNanos);
            return;
        }
        String push = ascii(in, start, end);
        if (push.startsWith("{\"connect\":")) joined();
        else if (!push.equals("{}")) crowd.problem(this, push);
    }

    /** Counts the answers to what was published: each begins with its status. */
    private int answers(ByteBuffer in, int length) {
        int at = 0;
        while (true) {
            int end = Lines.end(in, at, length);
            if (end == length) return at;
            if (end - at > STATUS.length() && in.get(at) == 'H' && in.get(at + 4) == '/') {
                String status = ascii(in, at, end);
                if (status.startsWith(STATUS)) crowd.published();
                else crowd.problem(this, status);
            }
            at = end + 1;
        }
    }

    private void delivered(ByteBuffer in, int datum, long nowNanos) {
        if (feed == null) return;
        long received = Datum.sequence(in, datum);
        if (received != sequence + 1) {
            crowd.problem(this, "publication " + received + " after " + sequence);
        }
        sequence = received;
        feed.delivered(this, received, Datum.nanos(in, datum), nowNanos);
    }

    private void control(String message) {
        if (message.equals("{}")) {
            send(Commands.pong());
        } else if (message.endsWith("\"publish\":{}}")) {
            crowd.published();
        } else if (message.contains("\"error\":{") || message.startsWith("{\"push\"")) {
            crowd.problem(this, message);
        } else if (message.startsWith("{\"id\":1,")) {
            if (feed == null) joined();
        } else if (message.startsWith("{\"id\":2,")) {
            subscribed(message);
        } else {
            crowd.problem(this, message);
        }
    }

    private void subscribed(String reply) {
        if (position.epoch().isEmpty()) {
            position = Lines.position(reply);
        } else if (!reply.contains("\"recovered\":true")) {
            crowd.problem(this, "not recovered: " + reply);
        }
        joined();
    }

    private void joined() {
        state = State.OPEN;
        crowd.joined(this);
    }

    private static String ascii(ByteBuffer in, int start, int end) {
        byte[] bytes = new byte[end - start];
        in.get(start, bytes);
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
