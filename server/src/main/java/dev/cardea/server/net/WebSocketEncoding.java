package dev.cardea.server.net;

import dev.cardea.messaging.log.Encoding;
import dev.cardea.messaging.log.Entry;
import dev.cardea.messaging.log.Frame;
import dev.cardea.wire.ByteWriter;
import dev.cardea.wire.centrifuge.Codec;
import dev.cardea.wire.centrifuge.JsonCodec;
import dev.cardea.wire.centrifuge.ProtobufCodec;
import dev.cardea.wire.centrifuge.Push;
import dev.cardea.wire.centrifuge.Reply;
import dev.cardea.wire.websocket.FrameWriter;
import dev.cardea.wire.websocket.Opcode;

/**
 * How entries are sent over a WebSocket: one frame each, the same for all connections, since
 * servers don't mask.
 */
@SuppressWarnings("ImmutableEnumChecker") // codecs are stateless
enum WebSocketEncoding implements Encoding {
    JSON(0, new JsonCodec(), Opcode.TEXT),
    PROTOBUF(1, new ProtobufCodec(), Opcode.BINARY);

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
    public Frame encode(String channel, Entry entry) {
        ByteWriter out = new ByteWriter(512);
        codec.write(new Reply.Pushed(entry.push()), out);
        for (Push more : entry.more()) codec.write(new Reply.Pushed(more), out);
        if (this == JSON)
            out.truncate(
                    out.length() - 1); // the newline that would separate it from a next message
        FrameWriter.wrap(opcode, out, 0);
        return new Frame(out.toArray());
    }
}
