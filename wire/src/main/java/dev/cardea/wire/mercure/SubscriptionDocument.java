package dev.cardea.wire.mercure;

import dev.cardea.wire.ByteWriter;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.json.JsonWriter;
import java.nio.charset.StandardCharsets;

/**
 * What is told about one subscription, in the version that it was made in.
 *
 * @param hubPath the path of the hub's URL
 * @param text the selector's
 * @param payload JSON of the subscriber's token; empty: none
 */
public record SubscriptionDocument(
        String hubPath,
        TopicSelector.Kind kind,
        String text,
        String subscriber,
        boolean active,
        Bytes payload) {
    private static final String CONTEXT = "https://mercure.rocks/";
    private static final CharSet UNRESERVED =
            CharSet.LETTER.or(CharSet.DIGIT).or(CharSet.of("-._~"));

    /** The subscription's own path, which is the topic of events about it too. */
    public String path() {
        String match = kind == TopicSelector.Kind.TOPIC ? "" : "/" + kind.matchType();
        return hubPath + "/subscriptions" + match + "/" + escaped(text) + "/" + escaped(subscriber);
    }

    /**
     * Writes it as JSON.
     *
     * @param alone rather than in a collection, which has the context for all
     */
    public void write(boolean alone, ByteWriter out) {
        boolean isOfVersion0 = kind == TopicSelector.Kind.TOPIC;
        out.put('{');
        if (isOfVersion0 && alone) text(out, "@context", CONTEXT);
        text(out, "id", path());
        text(out, "type", isOfVersion0 ? "Subscription" : "subscription");
        text(out, "subscriber", subscriber);
        if (isOfVersion0) {
            text(out, "topic", text);
        } else {
            text(out, "match_type", kind.matchType());
            text(out, "match", text);
        }
        JsonWriter.name(out, "active");
        out.putAscii(active ? "true" : "false");
        if (!payload.isEmpty()) {
            JsonWriter.name(out, "payload");
            JsonWriter.raw(out, payload);
        }
        out.put('}');
    }

    /**
     * Writes a collection.
     *
     * @param id its path
     */
    public static void writeAll(
            Iterable<SubscriptionDocument> documents,
            String id,
            Generation generation,
            String lastEventId,
            ByteWriter out) {
        boolean isOfVersion0 = generation == Generation.ZERO;
        out.put('{');
        if (isOfVersion0) text(out, "@context", CONTEXT);
        text(out, "id", id);
        text(out, "type", isOfVersion0 ? "Subscriptions" : "subscriptions");
        if (isOfVersion0) text(out, "lastEventID", lastEventId);
        JsonWriter.name(out, "subscriptions");
        out.put('[');
        for (SubscriptionDocument each : documents) {
            JsonWriter.comma(out);
            each.write(false, out);
        }
        out.put(']').put('}');
    }

    private static void text(ByteWriter out, String name, String value) {
        JsonWriter.name(out, name);
        JsonWriter.string(out, value);
    }

    /** RFC 6570, simple expansion: whatever isn't unreserved is encoded, once. */
    static String escaped(String text) {
        StringBuilder out = new StringBuilder();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            if (b > 0 && UNRESERVED.has((char) b)) out.append((char) b);
            else out.append('%').append("%02X".formatted(b & 0xFF));
        }
        return out.toString();
    }
}
