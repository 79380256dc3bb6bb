package dev.cardea.wire.centrifuge;

import dev.cardea.wire.ByteWriter;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** The client's side of {@link ProtobufCodec}. */
public final class ProtobufClientCodec implements ClientCodec {
    @Override
    public void write(Command command, ByteWriter out) {
        int mark = ProtobufWriter.begin(out, 0);
        ProtobufCommands.write(command, out);
        ProtobufWriter.end(out, mark);
    }

    @Override
    public @Nullable Reply next(ByteBuffer message) {
        ProtobufReader in = ProtobufReader.next(message, Integer.MAX_VALUE);
        return in == null ? null : ProtobufReplies.read(in);
    }

    @Override
    public @Nullable Push nextPush(ByteBuffer message) {
        ProtobufReader in = ProtobufReader.next(message, Integer.MAX_VALUE);
        return in == null ? null : ProtobufPushes.read(in);
    }
}
