package dev.cardea.server.net;

import dev.cardea.messaging.log.Encoding;
import dev.cardea.messaging.log.Entry;
import dev.cardea.messaging.log.Frame;
import dev.cardea.wire.ByteWriter;
import org.jspecify.annotations.Nullable;

/**
 * A WebSocket encoding, compressed: once for each entry, for all connections that negotiated it.
 * What isn't worth compressing is sent in the plain encoding's frame.
 */
record DeflateEncoding(WebSocketEncoding plain, Compression compression) implements Encoding {
    @Override
    public int index() {
        return WebSocketEncoding.COUNT + plain.index();
    }

    @Override
    public @Nullable Deltas deltas() {
        Deltas deltas = plain.deltas();
        if (!(deltas instanceof Deltas(var form, WebSocketEncoding whole, WebSocketEncoding patch)))
            return null;
        return new Deltas(form, compression.of(whole), compression.of(patch));
    }

    @Override
    public Frame encode(String channel, Entry entry) {
        ByteWriter message = plain.message(channel, entry);
        if (message == null) return entry.frame(compression.of(plain.whole()));
        ByteWriter frame = compression.frame(plain.opcode(), message.written());
        return frame == null ? entry.frame(plain) : new Frame(frame.toArray());
    }
}
