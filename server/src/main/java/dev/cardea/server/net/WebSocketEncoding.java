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
    JSON(new JsonCodec(), Opcode.TEXT),
    PROTOBUF(new ProtobufCodec(), Opcode.BINARY),
    /** For subscriptions with deltas: data as a string. */
    JSON_WHOLE(JSON.codec, Opcode.TEXT),
    JSON_PATCH(JSON.codec, Opcode.TEXT),
    PROTOBUF_PATCH(PROTOBUF.codec, Opcode.BINARY);

    private static final FastThreadLocal<FossilEncoder> PATCHES =
            new FastThreadLocal<>() {
                @Override
                protected FossilEncoder initialValue() {
                    return new FossilEncoder();
                }
            };

    private final Codec codec;
    private final int opcode;

    WebSocketEncoding(Codec codec, int opcode) {
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
        return ordinal();
    }

    @Override
    public @Nullable Deltas deltas() {
        return switch (this) {
            case JSON -> new Deltas(DeltaForm.JSON, JSON_WHOLE, JSON_PATCH);
            case PROTOBUF -> new Deltas(DeltaForm.PROTOBUF, PROTOBUF, PROTOBUF_PATCH);
            case JSON_WHOLE, JSON_PATCH, PROTOBUF_PATCH -> null;
        };
    }

    @Override
    public Frame encode(String channel, Entry entry) {
        return switch (this) {
            case JSON, PROTOBUF -> frame(entry.push(), entry.more());
            case JSON_WHOLE ->
                    frame(new Push.Pub(channel, DeltaForm.JSON.whole(publication(entry))), List.of());
            case JSON_PATCH -> patch(channel, entry, DeltaForm.JSON, JSON_WHOLE);
            case PROTOBUF_PATCH -> patch(channel, entry, DeltaForm.PROTOBUF, PROTOBUF);
        };
    }

    private Frame patch(String channel, Entry entry, DeltaForm form, Encoding whole) {
        Base base = entry.base();
        Publication patch =
                base == null ? null : form.patch(base.data(), publication(entry), PATCHES.get());
        return patch == null ? entry.frame(whole) : frame(new Push.Pub(channel, patch), List.of());
    }

    private static Publication publication(Entry entry) {
        Publication publication = entry.publication();
        if (publication == null) throw new IllegalStateException("joins and leaves have no deltas");
        return publication;
    }

    private Frame frame(Push push, List<Push> more) {
        ByteWriter out = new ByteWriter(512);
        codec.write(new Reply.Pushed(push), out);
        for (Push each : more) codec.write(new Reply.Pushed(each), out);
        if (opcode == Opcode.TEXT)
            out.truncate(
                    out.length() - 1); // the newline that would separate it from a next message
        FrameWriter.wrap(opcode, out, 0);
        return new Frame(out.toArray());
    }
}
