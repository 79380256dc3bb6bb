package dev.cardea.wire.centrifuge;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.cardea.wire.ByteWriter;
import dev.cardea.wire.Malformed;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * Positions in several channels' streams as one text, which a client keeps and brings back: the id
 * of a server-sent event. {@code 1c291ca3:XyZkLmNo:17,e5e3ac5a:QwErTyUi:4} says for each stream the
 * CRC-32 of its channel's name, its epoch, and the offset of the last publication known.
 *
 * <p>The short name keeps the text short; should two channels share one, the epoch tells that the
 * position isn't that of the other. Immutable.
 */
public final class StreamPositions {
    /** More streams than this have no text. */
    public static final int MAX = 16;

    /** None known. */
    public static final StreamPositions NONE = new StreamPositions(Map.of());

    private static final int MAX_EPOCH_CHARS = 64;
    private static final int MAX_CHARS = MAX * (8 + 1 + MAX_EPOCH_CHARS + 1 + 20 + 1);

    private final Map<Integer, StreamPosition> byName;

    private StreamPositions(Map<Integer, StreamPosition> byName) {
        this.byName = byName;
    }

    /**
     * Reads what {@link #write} has written.
     *
     * @throws Malformed it is something else, or too long
     */
    public static StreamPositions read(String text) {
        if (text.isEmpty()) return NONE;
        if (text.length() > MAX_CHARS) throw new Malformed("positions too long");
        Map<Integer, StreamPosition> byName = new HashMap<>();
        for (int from = 0; from <= text.length(); ) {
            int comma = text.indexOf(',', from);
            int to = comma < 0 ? text.length() : comma;
            readOne(text.substring(from, to), byName);
            from = to + 1;
        }
        if (byName.size() > MAX) throw new Malformed("too many positions");
        return new StreamPositions(byName);
    }

    private static void readOne(String text, Map<Integer, StreamPosition> byName) {
        int first = text.indexOf(':');
        int last = text.lastIndexOf(':');
        if (first != 8 || first == last) throw new Malformed("not name, epoch and offset");
        String epoch = text.substring(first + 1, last);
        if (!isEpoch(epoch)) throw new Malformed("not an epoch");
        try {
            int name = Integer.parseUnsignedInt(text.substring(0, first), 16);
            long offset = Long.parseUnsignedLong(text.substring(last + 1));
            byName.put(name, new StreamPosition(offset, epoch));
        } catch (NumberFormatException _) {
            throw new Malformed("not a number");
        }
    }

    /** Where the text stands in a channel's stream; null: it says nothing of it. */
    public @Nullable StreamPosition in(String channel) {
        return byName.isEmpty() ? null : byName.get(shortName(channel));
    }

    public boolean isEmpty() {
        return byName.isEmpty();
    }

    /** What a stream's part of the text begins with, for {@link #write}. */
    public static byte[] name(String channel, String epoch) {
        // One that could not be read back stands for none: nothing is recovered from it.
        String readable = isEpoch(epoch) ? epoch : "-";
        return "%08x:%s:".formatted(shortName(channel), readable).getBytes(US_ASCII);
    }

    /**
     * Adds one stream's position to the text.
     *
     * @param name as {@link #name} made it
     * @param offset unsigned
     * @param out empty, or holds the text so far
     */
    public static void write(byte[] name, long offset, ByteWriter out) {
        if (out.length() > 0) out.put(',');
        out.put(name).putUnsignedDecimal(offset);
    }

    private static boolean isEpoch(String text) {
        if (text.isEmpty() || text.length() > MAX_EPOCH_CHARS) return false;
        for (int i = 0; i < text.length(); i++) {
            if (!isPlain(text.charAt(i))) return false;
        }
        return true;
    }

    private static boolean isPlain(char c) {
        return (c >= '0' && c <= '9')
                || (c >= 'A' && c <= 'Z')
                || (c >= 'a' && c <= 'z')
                || c == '-'
                || c == '_'
                || c == '.';
    }

    private static int shortName(String channel) {
        CRC32 crc = new CRC32();
        crc.update(channel.getBytes(UTF_8));
        return (int) crc.getValue();
    }
}
