package dev.cardea.server.net;

import dev.cardea.messaging.log.Encoding;
import dev.cardea.messaging.log.Entry;
import dev.cardea.messaging.log.Frame;
import dev.cardea.wire.ByteWriter;
import dev.cardea.wire.centrifuge.Codec;
import dev.cardea.wire.centrifuge.JsonCodec;
import dev.cardea.wire.centrifuge.Push;
import org.jspecify.annotations.Nullable;

/**
 * How entries are sent in responses that go on: the messages of a WebSocket, framed otherwise. The
 * same over every HTTP version.
 */
@SuppressWarnings("ImmutableEnumChecker") // codecs are stateless
public enum StreamEncoding implements Encoding {
    JSON_LINES(0, WebSocketEncoding.JSON, StreamFraming.LINES),
    JSON_LINES_WHOLE(1, WebSocketEncoding.JSON_WHOLE, StreamFraming.LINES),
    JSON_LINES_PATCH(2, WebSocketEncoding.JSON_PATCH, StreamFraming.LINES),
    PROTOBUF(3, WebSocketEncoding.PROTOBUF, StreamFraming.LENGTHS),
    PROTOBUF_PATCH(4, WebSocketEncoding.PROTOBUF_PATCH, StreamFraming.LENGTHS),
    EVENTS(5, WebSocketEncoding.JSON, StreamFraming.EVENTS),
    EVENTS_WHOLE(6, WebSocketEncoding.JSON_WHOLE, StreamFraming.EVENTS),
    EVENTS_PATCH(7, WebSocketEncoding.JSON_PATCH, StreamFraming.EVENTS),
    /** Pushes alone, for who can't answer. */
    PUSH_LINES(8, null, StreamFraming.LINES),
    /** The same as events, each of which says its connection's position. */
    PUSH_EVENTS(9, null, StreamFraming.EVENTS);

    /** Those of WebSockets come first, plain and compressed. */
    private static final int FIRST_INDEX = 2 * WebSocketEncoding.COUNT;

    private static final Codec PUSHES = new JsonCodec();

    private final int index;

    /** Null: messages are pushes rather than replies. */
    private final @Nullable WebSocketEncoding messages;

    private final StreamFraming framing;

    StreamEncoding(int index, @Nullable WebSocketEncoding messages, StreamFraming framing) {
        this.index = FIRST_INDEX + index;
        this.messages = messages;
        this.framing = framing;
    }

    public Codec codec() {
        return messages == null ? PUSHES : messages.codec();
    }

    StreamFraming framing() {
        return framing;
    }

    boolean isPushes() {
        return messages == null;
    }

    @Override
    public int index() {
        return index;
    }

    @Override
    public boolean inRuns() {
        return this != PUSH_EVENTS;
    }

    @Override
    public @Nullable Deltas deltas() {
        if (messages == null || messages.deltas() == null) return null;
        return switch (this) {
            case JSON_LINES -> deltas(JSON_LINES_WHOLE, JSON_LINES_PATCH);
            case PROTOBUF -> deltas(PROTOBUF, PROTOBUF_PATCH);
            case EVENTS -> deltas(EVENTS_WHOLE, EVENTS_PATCH);
            default -> null;
        };
    }

    private @Nullable Deltas deltas(StreamEncoding whole, StreamEncoding patch) {
        Deltas deltas = messages == null ? null : messages.deltas();
        return deltas == null ? null : new Deltas(deltas.form(), whole, patch);
    }

    private StreamEncoding whole() {
        return switch (this) {
            case JSON_LINES_PATCH -> JSON_LINES_WHOLE;
            case PROTOBUF_PATCH -> PROTOBUF;
            case EVENTS_PATCH -> EVENTS_WHOLE;
            case JSON_LINES, JSON_LINES_WHOLE, PROTOBUF, EVENTS, EVENTS_WHOLE -> this;
            case PUSH_LINES, PUSH_EVENTS -> this;
        };
    }

    @Override
    public Frame encode(String channel, Entry entry) {
        ByteWriter message = messages == null ? pushes(entry) : messages.message(channel, entry);
        if (message == null) return entry.frame(whole());
        return new Frame(framing.frame(message));
    }

    private static ByteWriter pushes(Entry entry) {
        ByteWriter out = new ByteWriter(512);
        PUSHES.write(entry.push(), out);
        for (Push each : entry.more()) PUSHES.write(each, out);
        out.truncate(out.length() - 1); // the framing separates them
        return out;
    }
}
