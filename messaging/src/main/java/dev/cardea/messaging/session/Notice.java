package dev.cardea.messaging.session;

import dev.cardea.wire.ByteWriter;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.json.JsonWriter;

/**
 * What the server itself tells a client in a message push. The protocol has no word for it, so it
 * is JSON of ours.
 */
final class Notice {
    private Notice() {}

    /**
     * {@code {"skipped":{"channel":"prices","count":12}}}: publications that this reader was too
     * slow for.
     */
    static Bytes skipped(String channel, long count) {
        ByteWriter out = new ByteWriter(64 + channel.length());
        out.putAscii("{\"skipped\":{\"channel\":");
        JsonWriter.string(out, channel);
        out.putAscii(",\"count\":").putAscii(Long.toString(count)).putAscii("}}");
        return out.toBytes();
    }
}
