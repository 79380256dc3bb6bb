package dev.cardea.wire.mercure;

import dev.cardea.wire.ByteWriter;
import dev.cardea.wire.Bytes;

/** Writes events of a stream ({@code text/event-stream}, the HTML standard, section 9.2). */
public final class EventWriter {
    private EventWriter() {}

    /**
     * The fields in the order that Mercure hubs send them in.
     *
     * @param update its id and type have neither line breaks nor NUL
     */
    public static void write(Update update, ByteWriter out) {
        if (!update.type().isEmpty()) field(out, "event: ").putUtf8(update.type()).put('\n');
        if (update.retryMillis() != Update.NO_RETRY)
            field(out, "retry: ").putDecimal(update.retryMillis()).put('\n');
        field(out, "id: ").putUtf8(update.id()).put('\n');
        data(update.data(), out);
        out.put('\n');
    }

    /** A line for each line of the data: one ends with CR, LF, or both. */
    private static void data(Bytes data, ByteWriter out) {
        field(out, "data: ");
        for (int i = 0; i < data.length(); i++) {
            byte b = data.at(i);
            if (b != '\n' && b != '\r') {
                out.put(b);
                continue;
            }
            if (b == '\r' && i + 1 < data.length() && data.at(i + 1) == '\n') i++;
            field(out.put('\n'), "data: ");
        }
        out.put('\n');
    }

    private static ByteWriter field(ByteWriter out, String name) {
        return out.putAscii(name);
    }
}
