package dev.cardea.wire.centrifuge;

import dev.cardea.wire.ByteWriter;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.json.JsonReader;
import dev.cardea.wire.json.JsonWriter;
import java.util.List;
import java.util.Map;

/** Publications and the clients who made them. */
final class JsonPublications {
    private JsonPublications() {}

    static void write(String name, Publication publication, ByteWriter out) {
        JsonWriter.name(out, name);
        write(publication, out);
    }

    static void write(Publication publication, ByteWriter out) {
        out.put('{');
        JsonFields.raw(out, "data", publication.data());
        ClientInfo info = publication.info();
        if (info != null) write("info", info, out);
        JsonFields.uint64(out, "offset", publication.offset());
        JsonFields.texts(out, "tags", publication.tags());
        JsonFields.bool(out, "delta", publication.delta());
        JsonFields.int64(out, "time", publication.timeMillis());
        JsonFields.text(out, "channel", publication.channel());
        JsonFields.text(out, "key", publication.key());
        JsonFields.bool(out, "removed", publication.removed());
        JsonFields.int64(out, "score", publication.score());
        JsonFields.text(out, "epoch", publication.epoch());
        JsonFields.uint64(out, "version", publication.version());
        out.put('}');
    }

    static void writeAll(List<Publication> publications, ByteWriter out) {
        JsonWriter.name(out, "publications");
        if (publications instanceof SharedPublications shared) out.put(shared.json());
        else writeArray(publications, out);
    }

    static void writeArray(List<Publication> publications, ByteWriter out) {
        out.put('[');
        for (Publication publication : publications) {
            JsonWriter.comma(out);
            write(publication, out);
        }
        out.put(']');
    }

    /** Writes the info as a member of the object at hand, whose name may be a client's. */
    static void write(String name, ClientInfo info, ByteWriter out) {
        JsonWriter.anyName(out, name);
        out.put('{');
        // SDKs expect these two also where they are empty.
        JsonWriter.name(out, "user");
        JsonWriter.string(out, info.user());
        JsonWriter.name(out, "client");
        JsonWriter.string(out, info.client());
        JsonFields.raw(out, "conn_info", info.connInfo());
        JsonFields.raw(out, "chan_info", info.chanInfo());
        out.put('}');
    }

    static Publication read(JsonReader in) {
        Bytes data = Bytes.EMPTY;
        ClientInfo info = null;
        long offset = 0;
        Map<String, String> tags = Map.of();
        boolean delta = false;
        long timeMillis = 0;
        String channel = "";
        String key = "";
        boolean removed = false;
        long score = 0;
        String epoch = "";
        long version = 0;
        in.beginObject();
        for (String name = in.nextName(); name != null; name = in.nextName()) {
            switch (name) {
                case "data" -> data = in.raw();
                case "info" -> info = in.skipNull() ? null : readInfo(in);
                case "offset" -> offset = in.uint64();
                case "tags" -> tags = JsonFields.map(in, JsonReader::text);
                case "delta" -> delta = in.bool();
                case "time" -> timeMillis = in.int64();
                case "channel" -> channel = in.text();
                case "key" -> key = in.text();
                case "removed" -> removed = in.bool();
                case "score" -> score = in.int64();
                case "epoch" -> epoch = in.text();
                case "version" -> version = in.uint64();
                default -> in.skip();
            }
        }
        return new Publication(
                data,
                info,
                offset,
                tags,
                delta,
                timeMillis,
                channel,
                key,
                removed,
                score,
                epoch,
                version);
    }

    static ClientInfo readInfo(JsonReader in) {
        String user = "";
        String client = "";
        Bytes connInfo = Bytes.EMPTY;
        Bytes chanInfo = Bytes.EMPTY;
        in.beginObject();
        for (String name = in.nextName(); name != null; name = in.nextName()) {
            switch (name) {
                case "user" -> user = in.text();
                case "client" -> client = in.text();
                case "conn_info" -> connInfo = in.raw();
                case "chan_info" -> chanInfo = in.raw();
                default -> in.skip();
            }
        }
        return new ClientInfo(user, client, connInfo, chanInfo);
    }
}
