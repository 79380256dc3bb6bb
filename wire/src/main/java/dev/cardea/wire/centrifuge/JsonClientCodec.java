package dev.cardea.wire.centrifuge;

import dev.cardea.wire.ByteWriter;
import dev.cardea.wire.json.JsonReader;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** The client's side of {@link JsonCodec}. */
public final class JsonClientCodec implements ClientCodec {
    @Override
    public void write(Command command, ByteWriter out) {
        JsonCommands.write(command, out);
        out.put('\n');
    }

    @Override
    public @Nullable Reply next(ByteBuffer message) {
        JsonReader in = JsonLines.next(message, Integer.MAX_VALUE);
        return in == null ? null : JsonReplies.read(in);
    }

    @Override
    public @Nullable Push nextPush(ByteBuffer message) {
        JsonReader in = JsonLines.next(message, Integer.MAX_VALUE);
        if (in == null) return null;
        Push push = JsonPushes.read(in);
        in.end();
        return push;
    }
}
