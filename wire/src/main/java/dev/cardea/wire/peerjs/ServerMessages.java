package dev.cardea.wire.peerjs;

import dev.cardea.wire.ByteWriter;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.json.JsonWriter;

/** What the server says, as JSON text. Stateless and thread safe. */
public final class ServerMessages {
    private static final Bytes OPEN = Bytes.utf8("{\"type\":\"OPEN\"}");
    private static final Bytes ID_TAKEN =
            Bytes.utf8("{\"type\":\"ID-TAKEN\",\"payload\":{\"msg\":\"ID is taken\"}}");

    private ServerMessages() {}

    /** The client has its id. */
    public static Bytes open() {
        return OPEN;
    }

    /** Somebody else has it. */
    public static Bytes idTaken() {
        return ID_TAKEN;
    }

    /** Why the connection ends. */
    public static Bytes error(String why) {
        ByteWriter out = begin("ERROR");
        JsonWriter.name(out, "payload");
        out.put('{');
        JsonWriter.name(out, "msg");
        JsonWriter.string(out, why);
        return out.put('}').put('}').toBytes();
    }

    /** Nobody came to take what was said to this peer. */
    public static Bytes expire(String absent, String sender) {
        ByteWriter out = begin("EXPIRE");
        JsonWriter.name(out, "src");
        JsonWriter.string(out, absent);
        JsonWriter.name(out, "dst");
        JsonWriter.string(out, sender);
        return out.put('}').toBytes();
    }

    /** What another peer says. */
    public static Bytes signal(Signal signal) {
        ByteWriter out = begin(signal.kind().name());
        JsonWriter.name(out, "src");
        JsonWriter.string(out, signal.src());
        JsonWriter.name(out, "dst");
        JsonWriter.string(out, signal.dst());
        if (!signal.payload().isEmpty()) {
            JsonWriter.name(out, "payload");
            JsonWriter.raw(out, signal.payload());
        }
        return out.put('}').toBytes();
    }

    private static ByteWriter begin(String type) {
        ByteWriter out = new ByteWriter().put('{');
        JsonWriter.name(out, "type");
        JsonWriter.string(out, type);
        return out;
    }
}
