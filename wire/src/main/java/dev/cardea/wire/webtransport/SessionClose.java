package dev.cardea.wire.webtransport;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.cardea.wire.ByteWriter;
import java.nio.ByteBuffer;

/**
 * The end of a session, as a capsule says it (CLOSE_WEBTRANSPORT_SESSION).
 *
 * @param code the application's, 32 bits unsigned
 * @param reason at most {@value #MAX_REASON_BYTES} bytes of UTF-8
 */
public record SessionClose(int code, String reason) {
    static final long TYPE = 0x2843;
    static final int MAX_REASON_BYTES = 1024;

    /** Writes the capsule; a reason that is too long is cut off behind a whole character. */
    public void write(ByteWriter out) {
        ByteWriter text = new ByteWriter(64).putUtf8(reason);
        int length = text.length();
        if (length > MAX_REASON_BYTES) {
            length = MAX_REASON_BYTES;
            while ((text.array()[length] & 0xC0) == 0x80) length--;
        }
        QuicVarint.write(TYPE, out);
        QuicVarint.write(4 + length, out);
        out.put(code >> 24).put(code >> 16).put(code >> 8).put(code);
        out.put(text.array(), 0, length);
    }

    /** Reads a capsule's whole payload, at least four bytes. */
    static SessionClose read(ByteBuffer payload) {
        int code = payload.getInt();
        return new SessionClose(code, UTF_8.decode(payload).toString());
    }
}
