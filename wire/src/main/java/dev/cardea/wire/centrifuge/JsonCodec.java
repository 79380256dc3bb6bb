package dev.cardea.wire.centrifuge;

import dev.cardea.wire.ByteWriter;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** The Json encoding. */
public final class JsonCodec implements Codec {
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
