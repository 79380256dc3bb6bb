package dev.cardea.wire.centrifuge;

import dev.cardea.wire.Bytes;
import dev.cardea.wire.Malformed;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Pulls the fields of one Protobuf message (the proto3 wire format) out of a byte array, which is
 * borrowed. Every length is checked before anything is allocated for it. Not thread safe.
 *
 * <pre>{@code
 * while (in.nextField()) {
 *     switch (in.field()) {
 *         case 1 -> id = in.uint32();
 *         default -> in.skip();
 *     }
 * }
 * }</pre>
 */
final class ProtobufReader {
    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int SIZED = 2;
    private static final int FIXED32 = 5;

    private final byte[] array;
    private int at;
    private int end;
    private int field;
    private int wireType;

    ProtobufReader(byte[] array, int from, int to) {
        this.array = array;
        this.at = from;
        this.end = to;
    }

    /**
     * Takes the next message off a run of messages, each behind its length.
     *
     * @return null at the end of the run
     * @throws Malformed the message is longer than {@code maxBytes}
     */
    static @Nullable ProtobufReader next(ByteBuffer messages, int maxBytes) {
        if (!messages.hasRemaining()) return null;
        int length = length(messages, maxBytes);
        int from = messages.position();
        messages.position(from + length);
        if (messages.hasArray()) {
            int start = messages.arrayOffset() + from;
            return new ProtobufReader(messages.array(), start, start + length);
        }
        byte[] copy = new byte[length];
        messages.get(from, copy);
        return new ProtobufReader(copy, 0, length);
    }

    private static int length(ByteBuffer messages, int maxBytes) {
        long length = 0;
        for (int shift = 0; shift < 35; shift += 7) {
            if (!messages.hasRemaining()) throw new Malformed("message without its length");
            int b = messages.get();
            length |= (long) (b & 0x7F) << shift;
            if (b < 0) continue;
            if (length > maxBytes) throw new Malformed("message too long");
            if (length > messages.remaining()) throw new Malformed("message shorter than it says");
            return (int) length;
        }
        throw new Malformed("message too long");
    }

    /** Goes to the next field; false at the end of the message. */
    boolean nextField() {
        if (at == end) return false;
        long tag = varint();
        if (tag >>> 32 != 0) throw new Malformed("field number above 29 bits");
        field = (int) tag >>> 3;
        wireType = (int) tag & 7;
        if (field == 0) throw new Malformed("field number 0");
        return true;
    }

    int field() {
        return field;
    }

    /** Takes the low 32 bits, as every Protobuf reader does; so do the others. */
    int uint32() {
        return (int) uint64();
    }

    int int32() {
        return (int) uint64();
    }

    long int64() {
        return uint64();
    }

    long uint64() {
        require(VARINT);
        return varint();
    }

    long sint64() {
        long zigzag = uint64();
        return zigzag >>> 1 ^ -(zigzag & 1);
    }

    boolean bool() {
        return uint64() != 0;
    }

    String text() {
        int length = size();
        int start = at;
        at += length;
        for (int i = start; i < at; i++) {
            if (array[i] < 0) return utf8(start, length);
        }
        return new String(array, start, length, StandardCharsets.US_ASCII);
    }

    private String utf8(int start, int length) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder() // reports what new String() would replace
                    .decode(ByteBuffer.wrap(array, start, length))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new Malformed("invalid UTF-8");
        }
    }

    Bytes bytes() {
        int length = size();
        at += length;
        return Bytes.wrap(Arrays.copyOfRange(array, at - length, at));
    }

    /** The embedded message at hand, for a reader of its own. */
    ProtobufReader message() {
        int length = size();
        at += length;
        return new ProtobufReader(array, at - length, at);
    }

    /** Reads the embedded message at hand. */
    <T> T message(Function<ProtobufReader, T> reader) {
        return reader.apply(message());
    }

    /** Reads one entry of a map of messages or texts. */
    <V> void entry(Map<String, V> map, V absent, Function<ProtobufReader, V> value) {
        ProtobufReader entry = message();
        String key = "";
        V read = absent;
        while (entry.nextField()) {
            switch (entry.field) {
                case 1 -> key = entry.text();
                case 2 -> read = value.apply(entry);
                default -> entry.skip();
            }
        }
        map.put(key, read);
    }

    void skip() {
        switch (wireType) {
            case VARINT -> varint();
            case FIXED64 -> advance(8);
            case SIZED -> advance(size());
            case FIXED32 -> advance(4);
            default -> throw new Malformed("groups are not supported");
        }
    }

    private void require(int expected) {
        if (wireType != expected) throw new Malformed("field of another type");
    }

    private int size() {
        require(SIZED);
        long length = varint();
        if (length < 0 || length > end - at) throw new Malformed("field shorter than it says");
        return (int) length;
    }

    private void advance(int count) {
        if (count > end - at) throw new Malformed("field shorter than it says");
        at += count;
    }

    private long varint() {
        long value = 0;
        for (int shift = 0; shift < 70; shift += 7) {
            if (at == end) throw new Malformed("message ends inside a number");
            int b = array[at++];
            value |= (long) (b & 0x7F) << shift;
            if (b >= 0) return value;
        }
        throw new Malformed("number longer than 10 bytes");
    }
}
