package dev.cardea.server.tls;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.cardea.wire.Bytes;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** Textual encodings of certificates and keys (RFC 7468). */
final class Pem {
    private static final int MAX_BYTES = 1 << 20;
    private static final String BEGIN = "-----BEGIN ";
    private static final String DASHES = "-----";

    /**
     * @param label such as {@code CERTIFICATE}
     * @param isEncrypted in the old way, with headers inside the block (RFC 1421)
     */
    record Block(String label, Bytes der, boolean isEncrypted) {}

    private Pem() {}

    /**
     * The blocks of what a setting says, as Centrifugo reads it: PEM itself, PEM in base64, or the
     * name of a file.
     */
    static List<Block> blocks(String setting, String value) throws BadPem {
        String text = value.contains(BEGIN) ? value : fromBase64(value);
        boolean isFile = text.isEmpty();
        if (isFile) text = fromFile(setting, value.strip());
        List<Block> blocks = parse(setting, text);
        if (blocks.isEmpty()) {
            throw new BadPem(setting, (isFile ? "is a file that " : "") + "has no PEM in it");
        }
        return blocks;
    }

    /** Empty if it is something else. */
    private static String fromBase64(String value) {
        try {
            byte[] bytes = Base64.getMimeDecoder().decode(value);
            String text = new String(bytes, ISO_8859_1);
            return text.contains(BEGIN) ? text : "";
        } catch (IllegalArgumentException _) {
            return "";
        }
    }

    private static String fromFile(String setting, String name) throws BadPem {
        try (InputStream in = Files.newInputStream(Path.of(name))) {
            byte[] bytes = in.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                throw new BadPem(setting, "is a file of more than 1 MiB; expected PEM");
            }
            return new String(bytes, ISO_8859_1);
        } catch (IOException | InvalidPathException e) {
            // the value may be a key that was cut short: it isn't shown
            throw new BadPem(
                    setting,
                    "is neither PEM, nor PEM in base64, nor a file that can be read (%s)"
                            .formatted(e.getClass().getSimpleName()));
        }
    }

    static List<Block> parse(String setting, String text) throws BadPem {
        List<Block> blocks = new ArrayList<>();
        int at = text.indexOf(BEGIN);
        while (at >= 0) {
            int labelEnd = text.indexOf(DASHES, at + BEGIN.length());
            String label = labelEnd < 0 ? "" : text.substring(at + BEGIN.length(), labelEnd);
            String last = "-----END " + label + DASHES;
            int end = labelEnd < 0 ? -1 : text.indexOf(last, labelEnd);
            if (end < 0) throw new BadPem(setting, "has PEM that is cut short");
            blocks.add(block(setting, label, text.substring(labelEnd + DASHES.length(), end)));
            at = text.indexOf(BEGIN, end + last.length());
        }
        return blocks;
    }

    private static Block block(String setting, String label, String body) throws BadPem {
        if (body.contains("Proc-Type:")) return new Block(label, Bytes.EMPTY, true);
        try {
            return new Block(label, Bytes.wrap(Base64.getMimeDecoder().decode(body)), false);
        } catch (IllegalArgumentException _) {
            throw new BadPem(setting, "has PEM that isn't base64");
        }
    }
}
