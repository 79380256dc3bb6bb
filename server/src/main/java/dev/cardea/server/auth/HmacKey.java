package dev.cardea.server.auth;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The bytes of a secret, as the library wants them. */
final class HmacKey {
    // The least that the library takes for HS512.
    private static final int LEAST_BYTES = 64;

    private HmacKey() {}

    /**
     * HMAC fills a key that is shorter than a block (64 bytes at least) with zeros itself (RFC 2104
     * section 2), so that done here changes no signature, but lets short secrets be used that a
     * Centrifugo configuration may have. The configuration warns of them.
     */
    static byte[] of(String secret) {
        if (secret.isEmpty())
            throw new IllegalArgumentException("an empty secret protects nothing");
        byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
        return bytes.length >= LEAST_BYTES ? bytes : Arrays.copyOf(bytes, LEAST_BYTES);
    }
}
