package dev.cardea.server.net;

import dev.cardea.messaging.log.Base;
import dev.cardea.messaging.log.Encoding;
import dev.cardea.messaging.log.Entry;
import dev.cardea.messaging.log.Frame;
import dev.cardea.wire.ByteWriter;
import dev.cardea.wire.centrifuge.Codec;
import dev.cardea.wire.centrifuge.DeltaForm;
import dev.cardea.wire.centrifuge.JsonCodec;
import dev.cardea.wire.centrifuge.ProtobufCodec;
import dev.cardea.wire.centrifuge.Publication;
import dev.cardea.wire.centrifuge.Push;
import dev.cardea.wire.centrifuge.Reply;
import dev.cardea.wire.fossil.FossilEncoder;
import dev.cardea.wire.websocket.FrameWriter;
import dev.cardea.wire.websocket.Opcode;
import io.netty.util.concurrent.FastThreadLocal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How entries are sent over a WebSocket: one frame each, the same for all connections, since
 * servers don't mask.
 */
@SuppressWarnings("ImmutableEnumChecker") // codecs are stateless
enum WebSocketEncoding implements Encoding {
    JSON(0, new JsonCodec(), Opcode.TEXT),
    PROTOBUF(1, new ProtobufCodec(), Opcode.BINARY),
    /** For subscriptions with deltas: data as a string. */
    JSON_WHOLE(2, JSON.codec, Opcode.TEXT),
    JSON_PATCH(3, JSON.codec, Opcode.TEXT),
    PROTOBUF_PATCH(4, PROTOBUF.codec, Opcode.BINARY),
    /** For who can't answer: pushes rather than replies, each in a frame of its own. */
    PUSHES(5, JSON.codec, Opcode.TEXT);

    static final int COUNT = 6;

    private static final FastThreadLocal<FossilEncoder> PATCHES =
            new FastThreadLocal<>() {
                @Override
                protected FossilEncoder initialValue() {
                    return new FossilEncoder();
                }
            };

    private final int index;
    private final Codec codec;
    private final int opcode;

    WebSocketEncoding(int index, Codec codec, int opcode) {
        this.index = index;
        this.codec = codec;
        this.opcode = opcode;
    }

    Codec codec() {
        return codec;
    }

    int opcode() {
        return opcode;
    }

    @Override
    public int index() {
        return index;
    }

    @Override
    public @Nullable Deltas deltas() {
        return switch (this) {
            case JSON -> new Deltas(DeltaForm.JSON, JSON_WHOLE, JSON_PATCH);
            case PROTOBUF -> new Deltas(DeltaForm.PROTOBUF, PROTOBUF, PROTOBUF_PATCH);
            case JSON_WHOLE, JSON_PATCH, PROTOBUF_PATCH, PUSHES -> null;
        };
    }

    /** What a publication is sent in that has no patch. */
    WebSocketEncoding whole() {
        return switch (this) {
            case JSON, PROTOBUF, JSON_WHOLE, PUSHES -> this;
            case JSON_PATCH -> JSON_WHOLE;
            case PROTOBUF_PATCH -> PROTOBUF;
        };
    }

    @Override
    public Frame encode(String channel, Entry entry) {
        if (this == PUSHES) return pushes(entry);
        ByteWriter message = message(channel, entry);
        if (message == null) return entry.frame(whole());
        FrameWriter.wrap(opcode, message, 0);
        return new Frame(message.toArray());
    }

    private Frame pushes(Entry entry) {
        ByteWriter out = new ByteWriter(512);
        push(entry.push(), out);
        for (Push each : entry.more()) push(each, out);
        return new Frame(out.toArray());
    }

    private void push(Push push, ByteWriter out) {
        int from = out.length();
        codec.write(push, out);
        out.truncate(out.length() - 1); // the newline
        FrameWriter.wrap(opcode, out, from);
    }

    /** The message without its frame; null: there is no patch, so it is sent whole. */
    @Nullable ByteWriter message(String channel, Entry entry) {
        return switch (this) {
            case JSON, PROTOBUF, PUSHES -> message(entry.push(), entry.more());
            case JSON_WHOLE -> message(channel, DeltaForm.JSON.whole(publication(entry)));
            case JSON_PATCH -> message(channel, patch(entry, DeltaForm.JSON));
            case PROTOBUF_PATCH -> message(channel, patch(entry, DeltaForm.PROTOBUF));
        };
    }

    private static @Nullable Publication patch(Entry entry, DeltaForm form) {
        Base base = entry.base();
        return base == null ? null : form.patch(base.data(), publication(entry), PATCHES.get());
    }

    private static Publication publication(Entry entry) {
        Publication publication = entry.publication();
        if (publication == null) throw new IllegalStateException("joins and leaves have no deltas");
        return publication;
    }

    private @Nullable ByteWriter message(String channel, @Nullable Publication publication) {
        return publication == null ? null : message(new Push.Pub(channel, publication), List.of());
    }

    private ByteWriter message(Push push, List<Push> more) {
        ByteWriter out = new ByteWriter(512);
        codec.write(new Reply.Pushed(push), out);
        for (Push each : more) codec.write(new Reply.Pushed(each), out);
        if (opcode == Opcode.TEXT)
            out.truncate(
                    out.length() - 1); // the newline that would separate it from a next message
        return out;
    }
}
