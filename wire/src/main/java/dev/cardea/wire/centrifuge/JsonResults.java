package dev.cardea.wire.centrifuge;

import dev.cardea.wire.ByteWriter;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.json.JsonReader;
import dev.cardea.wire.json.JsonWriter;
import java.util.List;
import java.util.Map;

/** The two large results; connect's is also a push of unidirectional transports. */
final class JsonResults {
    private JsonResults() {}

    static void write(ConnectResult result, ByteWriter out) {
        JsonFields.begin(out, "connect");
        JsonFields.text(out, "client", result.client());
        JsonFields.text(out, "version", result.version());
        JsonFields.bool(out, "expires", result.expires());
        JsonFields.uint32(out, "ttl", result.ttlSeconds());
        JsonFields.raw(out, "data", result.data());
        if (!result.subs().isEmpty()) {
            JsonFields.begin(out, "subs");
            result.subs().forEach((channel, sub) -> write(channel, sub, out));
            out.put('}');
        }
        JsonFields.uint32(out, "ping", result.pingSeconds());
        JsonFields.bool(out, "pong", result.pong());
        JsonFields.text(out, "session", result.session());
        JsonFields.text(out, "node", result.node());
        JsonFields.int64(out, "time", result.timeMillis());
        out.put('}');
    }

    /** Writes the result as a member of the object at hand, whose name may be a channel's. */
    static void write(String name, SubscribeResult result, ByteWriter out) {
        JsonWriter.anyName(out, name);
        out.put('{');
        JsonFields.bool(out, "expires", result.expires());
        JsonFields.uint32(out, "ttl", result.ttlSeconds());
        JsonFields.bool(out, "recoverable", result.recoverable());
        JsonFields.text(out, "epoch", result.epoch());
        if (!result.publications().isEmpty()) {
            JsonPublications.writeAll(result.publications(), out);
        }
        JsonFields.bool(out, "recovered", result.recovered());
        JsonFields.uint64(out, "offset", result.offset());
        JsonFields.bool(out, "positioned", result.positioned());
        JsonFields.raw(out, "data", result.data());
        JsonFields.bool(out, "was_recovering", result.wasRecovering());
        JsonFields.bool(out, "delta", result.delta());
        out.put('}');
    }

    static ConnectResult readConnect(JsonReader in) {
        String client = "";
        String version = "";
        boolean expires = false;
        int ttlSeconds = 0;
        Bytes data = Bytes.EMPTY;
        Map<String, SubscribeResult> subs = Map.of();
        int pingSeconds = 0;
        boolean pong = false;
        String session = "";
        String node = "";
        long timeMillis = 0;
        in.beginObject();
        for (String name = in.nextName(); name != null; name = in.nextName()) {
            switch (name) {
                case "client" -> client = in.text();
                case "version" -> version = in.text();
                case "expires" -> expires = in.bool();
                case "ttl" -> ttlSeconds = in.uint32();
                case "data" -> data = in.raw();
                case "subs" -> subs = JsonFields.map(in, JsonResults::readSubscribe);
                case "ping" -> pingSeconds = in.uint32();
                case "pong" -> pong = in.bool();
                case "session" -> session = in.text();
                case "node" -> node = in.text();
                case "time" -> timeMillis = in.int64();
                default -> in.skip();
            }
        }
        return new ConnectResult(
                client,
                version,
                expires,
                ttlSeconds,
                data,
                subs,
                pingSeconds,
                pong,
                session,
                node,
                timeMillis);
    }

    static SubscribeResult readSubscribe(JsonReader in) {
        boolean expires = false;
        int ttlSeconds = 0;
        boolean recoverable = false;
        String epoch = "";
        List<Publication> publications = List.of();
        boolean recovered = false;
        long offset = 0;
        boolean positioned = false;
        Bytes data = Bytes.EMPTY;
        boolean wasRecovering = false;
        boolean delta = false;
        in.beginObject();
        for (String name = in.nextName(); name != null; name = in.nextName()) {
            switch (name) {
                case "expires" -> expires = in.bool();
                case "ttl" -> ttlSeconds = in.uint32();
                case "recoverable" -> recoverable = in.bool();
                case "epoch" -> epoch = in.text();
                case "publications" -> publications = JsonFields.list(in, JsonPublications::read);
                case "recovered" -> recovered = in.bool();
                case "offset" -> offset = in.uint64();
                case "positioned" -> positioned = in.bool();
                case "data" -> data = in.raw();
                case "was_recovering" -> wasRecovering = in.bool();
                case "delta" -> delta = in.bool();
                default -> in.skip();
            }
        }
        return new SubscribeResult(
                expires,
                ttlSeconds,
                recoverable,
                epoch,
                publications,
                recovered,
                offset,
                positioned,
                data,
                wasRecovering,
                delta);
    }
}
