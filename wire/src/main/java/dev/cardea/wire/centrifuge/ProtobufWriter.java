package dev.cardea.wire.centrifuge;

import dev.cardea.wire.ByteWriter;
import dev.cardea.wire.Bytes;
import java.util.Map;

/**
 * The proto3 wire format, written straight into a {@link ByteWriter}: fields that are zero, empty
 * or false are left out, embedded messages never.
 *
 * <p>A message's length stands before it and is known last. {@link #begin} leaves room for the
 * length of a lower bound that the caller knows, {@link #end} moves the message only if the length
 * turned out to need more room; so a large payload is seldom moved, and no length is computed
 * twice.
 */
final class ProtobufWriter {
    private ProtobufWriter() {}

    static void uint32(ByteWriter out, int field, int value) {
        uint64(out, field, Integer.toUnsignedLong(value));
    }

    /** Signed numbers too: negative ones take all ten bytes. */
    static void uint64(ByteWriter out, int field, long value) {
        if (value == 0) return;
        tag(out, field, 0);
        out.putVarint(value);
    }

    static void sint64(ByteWriter out, int field, long value) {
        uint64(out, field, value << 1 ^ value >> 63);
    }

    static void bool(ByteWriter out, int field, boolean value) {
        if (value) uint64(out, field, 1);
    }

    static void bytes(ByteWriter out, int field, Bytes value) {
        if (value.isEmpty()) return;
        tag(out, field, 2);
        out.putVarint(value.length()).put(value);
    }

    static void text(ByteWriter out, int field, String value) {
        if (!value.isEmpty()) anyText(out, field, value);
    }

    /** A text that is written even if it is empty, as elements of lists and maps are. */
    static void anyText(ByteWriter out, int field, String value) {
        int mark = begin(out, field, value.length());
        out.putUtf8(value);
        end(out, mark);
    }

    static void texts(ByteWriter out, int field, Map<String, String> values) {
        if (values.isEmpty()) return;
        for (Map.Entry<String, String> entry : values.entrySet()) {
            int mark = begin(out, field, 0);
            anyText(out, 1, entry.getKey());
            anyText(out, 2, entry.getValue());
            end(out, mark);
        }
    }

    /**
     * Begins an embedded message.
     *
     * @param atLeastBytes no more than the message will take
     * @return what {@link #end} asks for
     */
    static int begin(ByteWriter out, int field, int atLeastBytes) {
        tag(out, field, 2);
        return begin(out, atLeastBytes);
    }

    /** Begins a message that stands behind its length alone, not in a field. */
    static int begin(ByteWriter out, int atLeastBytes) {
        int mark = out.length();
        int room = varintBytes(atLeastBytes);
        for (int i = 0; i < room; i++) out.put(room); // its width, kept here until the end
        return mark;
    }

    static void end(ByteWriter out, int mark) {
        int room = out.array()[mark];
        int length = out.length() - mark - room;
        int needed = varintBytes(length);
        if (needed > room) out.insert(mark, needed - room);
        int rest = length;
        for (int i = mark; i < mark + needed; i++) {
            out.set(i, i == mark + needed - 1 ? rest : rest | 0x80);
            rest >>>= 7;
        }
    }

    private static int varintBytes(int value) {
        return (38 - Integer.numberOfLeadingZeros(value | 1)) / 7; // one byte for each 7 bits
    }

    private static void tag(ByteWriter out, int field, int wireType) {
        out.putVarint(field << 3 | wireType);
    }
}
