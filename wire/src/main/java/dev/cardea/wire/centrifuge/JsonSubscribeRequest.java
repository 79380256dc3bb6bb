package dev.cardea.wire.centrifuge;

import dev.cardea.wire.ByteWriter;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.json.JsonReader;
import dev.cardea.wire.json.JsonWriter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Subscribe requests and the tags filters inside. */
final class JsonSubscribeRequest {
    private JsonSubscribeRequest() {}

    static SubscribeRequest read(JsonReader in) {
        String channel = "";
        String token = "";
        boolean recover = false;
        String epoch = "";
        long offset = 0;
        Bytes data = Bytes.EMPTY;
        boolean positioned = false;
        boolean recoverable = false;
        boolean joinLeave = false;
        String delta = "";
        FilterNode tf = null;
        long flag = 0;
        int type = 0;
        in.beginObject();
        for (String name = in.nextName(); name != null; name = in.nextName()) {
            switch (name) {
                case "channel" -> channel = in.text();
                case "token" -> token = in.text();
                case "recover" -> recover = in.bool();
                case "epoch" -> epoch = in.text();
                case "offset" -> offset = in.uint64();
                case "data" -> data = in.raw();
                case "positioned" -> positioned = in.bool();
                case "recoverable" -> recoverable = in.bool();
                case "join_leave" -> joinLeave = in.bool();
                case "delta" -> delta = in.text();
                case "tf" -> tf = in.skipNull() ? null : filter(in, 1, new FilterNode.Room());
                case "flag" -> flag = in.int64();
                case "type" -> type = in.int32();
                default -> in.skip();
            }
        }
        return new SubscribeRequest(
                channel,
                token,
                recover,
                epoch,
                offset,
                data,
                positioned,
                recoverable,
                joinLeave,
                delta,
                tf,
                flag,
                type);
    }

    private static FilterNode filter(JsonReader in, int depth, FilterNode.Room room) {
        if (!room.takes(depth)) {
            in.skipDeep();
            return FilterNode.TOO_MUCH;
        }
        String op = "";
        String key = "";
        String cmp = "";
        String val = "";
        List<String> vals = List.of();
        List<FilterNode> nodes = List.of();
        in.beginObject();
        for (String name = in.nextName(); name != null; name = in.nextName()) {
            switch (name) {
                case "op" -> op = in.text();
                case "key" -> key = in.text();
                case "cmp" -> cmp = in.text();
                case "val" -> val = in.text();
                case "vals" -> vals = JsonFields.list(in, JsonReader::text);
                case "nodes" -> nodes = filters(in, depth + 1, room);
                default -> in.skip();
            }
        }
        return new FilterNode(op, key, cmp, val, vals, nodes);
    }

    private static List<FilterNode> filters(JsonReader in, int depth, FilterNode.Room room) {
        if (in.skipNull()) return List.of();
        List<FilterNode> nodes = new ArrayList<>();
        in.beginArray();
        while (in.nextElement()) nodes.add(filter(in, depth, room));
        return Collections.unmodifiableList(nodes);
    }

    /** Writes the request as a member of the object at hand, whose name may be a channel's. */
    static void write(String name, SubscribeRequest request, ByteWriter out) {
        JsonWriter.anyName(out, name);
        out.put('{');
        JsonFields.text(out, "channel", request.channel());
        JsonFields.text(out, "token", request.token());
        JsonFields.bool(out, "recover", request.recover());
        JsonFields.text(out, "epoch", request.epoch());
        JsonFields.uint64(out, "offset", request.offset());
        JsonFields.raw(out, "data", request.data());
        JsonFields.bool(out, "positioned", request.positioned());
        JsonFields.bool(out, "recoverable", request.recoverable());
        JsonFields.bool(out, "join_leave", request.joinLeave());
        JsonFields.text(out, "delta", request.delta());
        FilterNode tf = request.tf();
        if (tf != null) {
            JsonWriter.name(out, "tf");
            write(tf, out);
        }
        JsonFields.int64(out, "flag", request.flag());
        JsonFields.int64(out, "type", request.type());
        out.put('}');
    }

    private static void write(FilterNode node, ByteWriter out) {
        out.put('{');
        JsonFields.text(out, "op", node.op());
        JsonFields.text(out, "key", node.key());
        JsonFields.text(out, "cmp", node.cmp());
        JsonFields.text(out, "val", node.val());
        if (!node.vals().isEmpty()) {
            JsonWriter.name(out, "vals");
            out.put('[');
            for (String val : node.vals()) {
                JsonWriter.comma(out);
                JsonWriter.string(out, val);
            }
            out.put(']');
        }
        if (!node.nodes().isEmpty()) {
            JsonWriter.name(out, "nodes");
            out.put('[');
            for (FilterNode child : node.nodes()) {
                JsonWriter.comma(out);
                write(child, out);
            }
            out.put(']');
        }
        out.put('}');
    }
}
