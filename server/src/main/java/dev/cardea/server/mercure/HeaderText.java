package dev.cardea.server.mercure;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Text in headers, which carry bytes: a character stands for one of them. Nothing may be written
 * there whose low byte is a line's end.
 */
final class HeaderText {
    private HeaderText() {}

    static String encoded(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        return new String(utf8, StandardCharsets.ISO_8859_1);
    }

    static @Nullable String decoded(@Nullable String header) {
        if (header == null) return null;
        return new String(header.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    /** A quoted string (RFC 9110 section 5.6.4). */
    static String quoted(String text) {
        return "\"" + encoded(text).replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }

    /** An entity tag (RFC 9110 section 8.8.3): what may not stand there is percent-encoded. */
    static String tag(String text) {
        StringBuilder tag = new StringBuilder("\"");
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            if (b > ' ' && b != '"' && b != '%' && b != 127) tag.append((char) b);
            else tag.append("%%%02X".formatted(b & 0xFF));
        }
        return tag.append('"').toString();
    }
}
