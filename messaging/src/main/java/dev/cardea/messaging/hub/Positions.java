package dev.cardea.messaging.hub;

import dev.cardea.wire.ByteWriter;
import dev.cardea.wire.centrifuge.StreamPositions;
import java.util.ArrayList;
import java.util.List;

/**
 * Where one connection stands in the streams that it could recover, as one text. Nothing is kept up
 * to date for it: the cursors know. Belongs to the connection's event loop.
 */
public final class Positions {
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody, written to by nobody
    private record Stream(Subscription reading, byte[] name) {}

    private final List<Stream> streams = new ArrayList<>(1);

    /** The connection is subscribed to one more. */
    public void add(Subscription reading, String epoch) {
        streams.add(new Stream(reading, StreamPositions.name(reading.channelName(), epoch)));
    }

    public void remove(Subscription reading) {
        streams.removeIf(stream -> stream.reading() == reading);
    }

    /** More streams than a text has room for: it stays empty. */
    public boolean areTooMany() {
        return streams.size() > StreamPositions.MAX;
    }

    void writeTo(ByteWriter out) {
        if (areTooMany()) return;
        for (int i = 0; i < streams.size(); i++) {
            Stream stream = streams.get(i);
            StreamPositions.write(stream.name(), stream.reading().cursor().offset(), out);
        }
    }
}
