package dev.cardea.server.net;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import dev.cardea.wire.Bytes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * Reads frames of publications with nothing of our own: zlib, Jackson and protobuf-java, and
 * patches by the description of their format. It knows one publication for each frame.
 */
final class StandardClient implements AutoCloseable {
    private static final String DIGITS =
            "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz~";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Inflater inflater = new Inflater(true);

    /**
     * @param data as the encoding carries it
     */
    record Received(Bytes data, boolean isPatch, boolean wasCompressed) {}

    /**
     * A text frame of a subscription with deltas: the data is a string, and its text the payload.
     */
    Received json(byte[] frame) throws IOException, DataFormatException {
        JsonNode publication = tree(frame);
        if (!publication.get("data").isTextual()) throw new IOException("data is no string");
        return new Received(
                Bytes.utf8(publication.get("data").asText()),
                publication.path("delta").asBoolean(),
                isCompressed(frame));
    }

    /** The data in a text frame of a subscription without deltas; null: it has none. */
    @Nullable JsonNode plainJson(byte[] frame) throws IOException, DataFormatException {
        return tree(frame).get("data");
    }

    private JsonNode tree(byte[] frame) throws IOException, DataFormatException {
        if ((frame[0] & 0x0F) != 1) throw new IOException("no text");
        ByteBuffer message = ByteBuffer.wrap(message(frame));
        try {
            String text = StandardCharsets.UTF_8.newDecoder().decode(message).toString();
            return JSON.readTree(text).get("push").get("pub");
        } catch (CharacterCodingException e) {
            throw new IOException("text that is none", e);
        }
    }

    Received protobuf(byte[] frame) throws IOException, DataFormatException {
        if ((frame[0] & 0x0F) != 2) throw new IOException("no binary frame");
        CodedInputStream in = CodedInputStream.newInstance(message(frame));
        in.pushLimit(in.readRawVarint32());
        byte[] data = {};
        boolean isPatch = false;
        // Reply.push = 4, Push.pub = 4
        CodedInputStream publication = inside(inside(in, 4), 4);
        for (int tag = publication.readTag(); tag != 0; tag = publication.readTag()) {
            switch (WireFormat.getTagFieldNumber(tag)) {
                case 4 -> data = publication.readByteArray();
                case 8 -> isPatch = publication.readBool();
                default -> publication.skipField(tag);
            }
        }
        return new Received(Bytes.wrap(data), isPatch, isCompressed(frame));
    }

    private static CodedInputStream inside(CodedInputStream in, int number) throws IOException {
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (WireFormat.getTagFieldNumber(tag) == number)
                return CodedInputStream.newInstance(in.readByteArray());
            in.skipField(tag);
        }
        throw new IOException("no field " + number);
    }

    private static boolean isCompressed(byte[] frame) {
        return (frame[0] & 0x40) != 0;
    }

    //  |F|R|R|R| opcode|M| length      |  RFC 6455 section 5.2; R1 is compression, RFC 7692
    private byte[] message(byte[] frame) throws IOException, DataFormatException {
        ByteBuffer in = ByteBuffer.wrap(frame);
        if ((in.get() & 0xB0) != 0x80) throw new IOException("no whole message");
        int length = in.get();
        if (length < 0) throw new IOException("a server must not mask");
        if (length == 126) length = Short.toUnsignedInt(in.getShort());
        else if (length == 127) length = Math.toIntExact(in.getLong());
        if (length != in.remaining()) throw new IOException("another length");
        byte[] payload = new byte[length];
        in.get(payload);
        return isCompressed(frame) ? inflated(payload) : payload;
    }

    /** RFC 7692 section 7.2.2. */
    private byte[] inflated(byte[] payload) throws DataFormatException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] piece = new byte[4096];
        inflater.reset();
        for (byte[] part : new byte[][] {payload, {0, 0, -1, -1}}) {
            inflater.setInput(part);
            for (int n = inflater.inflate(piece); n > 0; n = inflater.inflate(piece))
                out.write(piece, 0, n);
        }
        return out.toByteArray();
    }

    /** What a patch makes of its base; see the Fossil delta format. */
    static byte[] patched(byte[] base, byte[] patch) throws IOException {
        int[] at = {0};
        byte[] made = new byte[number(patch, at)];
        int length = 0;
        if (patch[at[0]++] != '\n') throw new IOException("no size");
        while (true) {
            int number = number(patch, at);
            switch (patch[at[0]++]) {
                case '@' -> {
                    int from = number(patch, at);
                    if (patch[at[0]++] != ',') throw new IOException("no comma");
                    System.arraycopy(base, from, made, length, number);
                    length += number;
                }
                case ':' -> {
                    System.arraycopy(patch, at[0], made, length, number);
                    at[0] += number;
                    length += number;
                }
                case ';' -> {
                    if (length != made.length || at[0] != patch.length)
                        throw new IOException("another length");
                    if (number != checksum(made)) throw new IOException("another base");
                    return made;
                }
                default -> throw new IOException("no such command");
            }
        }
    }

    private static int number(byte[] patch, int[] at) {
        int number = 0;
        for (int digit = DIGITS.indexOf(patch[at[0]]);
                digit >= 0;
                digit = DIGITS.indexOf(patch[at[0]])) {
            number = number << 6 | digit;
            at[0]++;
        }
        return number;
    }

    /** The sum of all words of 32 bits, the highest byte first. */
    private static int checksum(byte[] bytes) {
        int sum = 0;
        for (int i = 0; i < bytes.length; i++) sum += (bytes[i] & 0xFF) << (8 * (3 - i % 4));
        return sum;
    }

    @Override
    public void close() {
        inflater.end();
    }
}
