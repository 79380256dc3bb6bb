package dev.cardea.wire.websocket;

import dev.cardea.wire.ByteWriter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Writes frames (RFC 6455 section 5.2): unfragmented, with the shortest length. What a server sends
 * is unmasked, what a client sends is masked. Stateless and thread safe.
 */
public final class FrameWriter {
    private static final int MAX_REASON_BYTES = Opcode.MAX_CONTROL_BYTES - 2;

    private FrameWriter() {}

    /** The length of an unmasked header before a payload of this length: 2, 4 or 10. */
    public static int headerBytes(int payloadBytes) {
        if (payloadBytes < Opcode.LENGTH_16) return 2;
        return payloadBytes <= 0xFFFF ? 4 : 10;
    }

    /** Writes the header of a server's frame; the caller writes the payload behind it. */
    public static void header(int opcode, int payloadBytes, ByteWriter out) {
        header(opcode, payloadBytes, 0, out);
    }

    /** A server's frame. The payload keeps its position. */
    public static void frame(int opcode, ByteBuffer payload, ByteWriter out) {
        header(opcode, payload.remaining(), out);
        out.put(payload);
    }

    /**
     * Makes a server's frame of what is in the writer from {@code from} on, by inserting the header
     * before it: for payloads whose length is known last.
     */
    public static void wrap(int opcode, ByteWriter payload, int from) {
        int length = payload.length() - from;
        int header = headerBytes(length);
        payload.insert(from, header);
        payload.set(from, Opcode.FIN | opcode);
        switch (header) {
            case 2 -> payload.set(from + 1, length);
            case 4 -> payload.set(from + 1, Opcode.LENGTH_16);
            default -> payload.set(from + 1, Opcode.LENGTH_64);
        }
        for (int i = from + header - 1, rest = length; i > from + 1; i--, rest >>>= 8) {
            payload.set(i, rest);
        }
    }

    /** A client's frame, masked with the given key. The payload keeps its position. */
    public static void masked(int opcode, ByteBuffer payload, int key, ByteWriter out) {
        header(opcode, payload.remaining(), Opcode.MASKED, out);
        out.put(key >>> 24).put(key >>> 16).put(key >>> 8).put(key);
        int from = out.length();
        out.put(payload);
        Mask.apply(key, out.array(), from, out.length());
    }

    /** A server's close frame. */
    public static void close(int code, String reason, ByteWriter out) {
        frame(Opcode.CLOSE, closePayload(code, reason), out);
    }

    /** A client's close frame. */
    public static void maskedClose(int code, String reason, int key, ByteWriter out) {
        masked(Opcode.CLOSE, closePayload(code, reason), key, out);
    }

    /**
     * The payload of a close frame (section 5.5.1).
     *
     * @param code {@link CloseCode#NONE} makes it empty
     * @param reason cut before the character that would make it longer than 123 bytes
     */
    public static ByteBuffer closePayload(int code, String reason) {
        if (code == CloseCode.NONE) return ByteBuffer.allocate(0);
        byte[] text = reason.getBytes(StandardCharsets.UTF_8);
        int length = Math.min(text.length, MAX_REASON_BYTES);
        if (length < text.length) {
            while (length > 0 && isContinuation(text[length])) length--;
        }
        return ByteBuffer.allocate(2 + length).putShort((short) code).put(text, 0, length).flip();
    }

    private static boolean isContinuation(byte b) {
        return (b & 0xC0) == 0x80;
    }

    private static void header(int opcode, int length, int masked, ByteWriter out) {
        out.put(Opcode.FIN | opcode);
        switch (headerBytes(length)) {
            case 2 -> out.put(masked | length);
            case 4 -> out.put(masked | Opcode.LENGTH_16).put(length >>> 8).put(length);
            default -> {
                out.put(masked | Opcode.LENGTH_64).put(0).put(0).put(0).put(0);
                out.put(length >>> 24).put(length >>> 16).put(length >>> 8).put(length);
            }
        }
    }
}
