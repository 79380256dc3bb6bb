package dev.cardea.wire.centrifuge;

import dev.cardea.wire.Bytes;
import dev.cardea.wire.Malformed;
import dev.cardea.wire.json.JsonNames;
import dev.cardea.wire.json.JsonReader;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** One JSON object on each line of a transport message; the last line feed may be missing. */
final class JsonLines {
    private static final JsonNames NAMES =
            new JsonNames(
                    "asc",
                    "chan_info",
                    "channel",
                    "client",
                    "cmp",
                    "code",
                    "conn_info",
                    "connect",
                    "cursor",
                    "data",
                    "delta",
                    "disconnect",
                    "epoch",
                    "error",
                    "expires",
                    "flag",
                    "headers",
                    "history",
                    "id",
                    "info",
                    "join",
                    "join_leave",
                    "key",
                    "leave",
                    "limit",
                    "message",
                    "method",
                    "name",
                    "node",
                    "nodes",
                    "num_clients",
                    "num_users",
                    "offset",
                    "op",
                    "phase",
                    "ping",
                    "pong",
                    "positioned",
                    "presence",
                    "presence_stats",
                    "pub",
                    "publications",
                    "publish",
                    "push",
                    "reason",
                    "recover",
                    "recoverable",
                    "recovered",
                    "refresh",
                    "removed",
                    "reverse",
                    "rpc",
                    "score",
                    "send",
                    "session",
                    "since",
                    "sub_refresh",
                    "subs",
                    "subscribe",
                    "tags",
                    "temporary",
                    "tf",
                    "time",
                    "token",
                    "ttl",
                    "type",
                    "unsubscribe",
                    "user",
                    "val",
                    "vals",
                    "version",
                    "was_recovering");

    private JsonLines() {}

    /**
     * Takes the next line off the message.
     *
     * @return null at the end of the message
     * @throws Malformed the line is longer than {@code maxBytes}, its line feed not counted
     */
    static @Nullable JsonReader next(ByteBuffer message, int maxBytes) {
        if (!message.hasRemaining()) return null;
        int from = message.position();
        int length = lineLength(message, maxBytes);
        message.position(Math.min(from + length + 1, message.limit()));
        if (message.hasArray()) {
            int start = message.arrayOffset() + from;
            return new JsonReader(NAMES, message.array(), start, start + length);
        }
        byte[] copy = new byte[length];
        message.get(from, copy);
        return new JsonReader(NAMES, copy, 0, length);
    }

    /** A whole message that is one value, newlines in it or not. */
    static JsonReader whole(Bytes message) {
        byte[] array = message.toArray();
        return new JsonReader(NAMES, array, 0, array.length);
    }

    private static int lineLength(ByteBuffer message, int maxBytes) {
        int from = message.position();
        int last = message.remaining() > maxBytes ? from + maxBytes + 1 : message.limit();
        for (int i = from; i < last; i++) {
            if (message.get(i) == '\n') return i - from;
        }
        if (message.remaining() > maxBytes) throw new Malformed("message too long");
        return message.remaining();
    }
}
