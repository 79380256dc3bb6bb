package dev.cardea.wire.centrifuge;

import dev.cardea.wire.ByteWriter;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.json.JsonReader;
import dev.cardea.wire.json.JsonWriter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Members of JSON objects, written only when they are not empty, zero or false. */
final class JsonFields {
    private JsonFields() {}

    static void text(ByteWriter out, String name, String value) {
        if (value.isEmpty()) return;
        JsonWriter.name(out, name);
        JsonWriter.string(out, value);
    }

    /**
     * A payload, embedded as it is. One that isn't JSON, as Protobuf clients and the server API may
     * publish, would break the message for every JSON client: it goes as a string in base64.
     */
    static void raw(ByteWriter out, String name, Bytes value) {
        if (value.isEmpty()) return;
        JsonWriter.name(out, name);
        int from = out.length();
        JsonWriter.raw(out, value);
        if (JsonReader.isValid(out.array(), from, out.length())) return;
        out.truncate(from);
        JsonWriter.string(out, Base64.getEncoder().encodeToString(value.toArray()));
    }

    static void bool(ByteWriter out, String name, boolean value) {
        if (!value) return;
        JsonWriter.name(out, name);
        out.putAscii("true");
    }

    static void uint32(ByteWriter out, String name, int value) {
        uint64(out, name, Integer.toUnsignedLong(value));
    }

    static void uint64(ByteWriter out, String name, long value) {
        if (value == 0) return;
        JsonWriter.name(out, name);
        out.putUnsignedDecimal(value);
    }

    static void int64(ByteWriter out, String name, long value) {
        if (value == 0) return;
        JsonWriter.name(out, name);
        out.putDecimal(value);
    }

    static void texts(ByteWriter out, String name, Map<String, String> values) {
        if (values.isEmpty()) return;
        begin(out, name);
        for (Map.Entry<String, String> entry : values.entrySet()) {
            JsonWriter.anyName(out, entry.getKey());
            JsonWriter.string(out, entry.getValue());
        }
        out.put('}');
    }

    /** Begins a member that is an object. */
    static void begin(ByteWriter out, String name) {
        JsonWriter.name(out, name);
        out.put('{');
    }

    /** Reads an object of any names; members that are null count as absent. */
    static <V> Map<String, V> map(JsonReader in, Function<JsonReader, V> value) {
        if (in.skipNull()) return Map.of();
        Map<String, V> map = new LinkedHashMap<>();
        in.beginObject();
        for (String name = in.nextName(); name != null; name = in.nextName()) {
            if (!in.skipNull()) map.put(name, value.apply(in));
        }
        return Collections.unmodifiableMap(map);
    }

    /** Reads an array. */
    static <V> List<V> list(JsonReader in, Function<JsonReader, V> element) {
        if (in.skipNull()) return List.of();
        List<V> list = new ArrayList<>();
        in.beginArray();
        while (in.nextElement()) list.add(element.apply(in));
        return Collections.unmodifiableList(list);
    }
}
