package dev.cardea.messaging.cluster;

import dev.cardea.wire.ByteWriter;
import dev.cardea.wire.Bytes;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Values one after the other; {@link FieldReader} reads them in the same order. */
public final class FieldWriter {
    private final ByteWriter out = new ByteWriter();

    public FieldWriter number(long value) {
        out.putVarint(value);
        return this;
    }

    public FieldWriter bool(boolean value) {
        out.put(value ? 1 : 0);
        return this;
    }

    /** One of three: not said, no, yes. */
    public FieldWriter maybe(@Nullable Boolean value) {
        out.put(value == null ? 0 : value ? 2 : 1);
        return this;
    }

    public FieldWriter text(String value) {
        byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
        out.putVarint(utf8.length).put(utf8);
        return this;
    }

    public FieldWriter bytes(Bytes value) {
        out.putVarint(value.length()).put(value);
        return this;
    }

    public Bytes written() {
        return out.toBytes();
    }
}
