package dev.cardea.wire.centrifuge;

import dev.cardea.wire.ByteWriter;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** The Protobuf encoding. */
public final class ProtobufCodec implements Codec {
    @Override
    public @Nullable Command next(ByteBuffer message, int maxCommandBytes) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void write(Reply reply, ByteWriter out) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void write(Push push, ByteWriter out) {
        throw new UnsupportedOperationException();
    }
}
