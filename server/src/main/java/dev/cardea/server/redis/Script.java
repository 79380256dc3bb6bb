package dev.cardea.server.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Objects;

/** What Redis does in one step; each is a file beside this class, which says what it takes. */
enum Script {
    APPEND,
    READ,
    RENEW,
    ENTER,
    LEAVE,
    WHO;

    private final String source;
    private final String digest;

    Script() {
        String file = name().toLowerCase(Locale.ROOT) + ".lua";
        try (InputStream in = Script.class.getResourceAsStream(file)) {
            byte[] read = Objects.requireNonNull(in, file).readAllBytes();
            source = new String(read, StandardCharsets.UTF_8);
            byte[] sha1 = MessageDigest.getInstance("SHA-1").digest(read);
            digest = HexFormat.of().formatHex(sha1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every JDK has it
        }
    }

    String source() {
        return source;
    }

    /** What Redis knows it by. */
    String digest() {
        return digest;
    }
}
