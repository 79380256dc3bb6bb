package dev.cardea.wire.centrifuge;

import dev.cardea.wire.ByteWriter;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.Malformed;
import dev.cardea.wire.json.JsonReader;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The JSON encoding: an object a line, payloads as raw embedded JSON. What is written is one line
 * only if the payloads are valid JSON; line feeds between their tokens are left out.
 */
public final class JsonCodec implements Codec {
    @Override
    public @Nullable Command next(ByteBuffer message, int maxCommandBytes) {
        JsonReader in = JsonLines.next(message, maxCommandBytes);
        return in == null ? null : JsonCommands.read(in);
    }

    /**
     * Reads the connect request of a client that says nothing else: what would stand in its
     * command.
     *
     * @throws Malformed it is something else
     */
    public static Command.Connect connect(Bytes request) {
        return JsonCommands.readConnect(JsonLines.whole(request));
    }

    @Override
    public void write(Reply reply, ByteWriter out) {
        JsonReplies.write(reply, out);
        out.put('\n');
    }

    @Override
    public void write(Push push, ByteWriter out) {
        JsonPushes.write(push, out);
        out.put('\n');
    }
}
