package dev.cardea.wire.centrifuge;

import dev.cardea.wire.ByteWriter;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** The Protobuf encoding: each message behind its length, payloads as they are. */
public final class ProtobufCodec implements Codec {
    @Override
    public @Nullable Command next(ByteBuffer message, int maxCommandBytes) {
        ProtobufReader in = ProtobufReader.next(message, maxCommandBytes);
        return in == null ? null : ProtobufCommands.read(in);
    }

    @Override
    public void write(Reply reply, ByteWriter out) {
        int mark = ProtobufWriter.begin(out, ProtobufReplies.atLeastBytes(reply));
        ProtobufReplies.write(reply, out);
        ProtobufWriter.end(out, mark);
    }

    @Override
    public void write(Push push, ByteWriter out) {
        int mark = ProtobufWriter.begin(out, ProtobufPushes.atLeastBytes(push));
        ProtobufPushes.write(push, out);
        ProtobufWriter.end(out, mark);
    }
}
