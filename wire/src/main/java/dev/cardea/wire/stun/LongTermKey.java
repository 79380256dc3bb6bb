package dev.cardea.wire.stun;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.text.Normalizer;

/** The keys of long-term credentials (RFC 8489 section 9.2.2). */
public final class LongTermKey {
    private LongTermKey() {}

    /** The key that messages are sealed with. */
    public static byte[] of(
            PasswordAlgorithm algorithm, String user, String realm, String password) {
        String all = prepared(user) + ":" + prepared(realm) + ":" + prepared(password);
        return switch (algorithm) {
            case MD5 -> digest("MD5", all);
            case SHA256 -> digest("SHA-256", all);
        };
    }

    /** What stands for the user's name in USERHASH (RFC 8489 section 14.4). */
    public static byte[] userHash(String user, String realm) {
        return digest("SHA-256", prepared(user) + ":" + prepared(realm));
    }

    /** As the OpaqueString profile has it: any space is a space, and NFC (RFC 8265 section 4.2). */
    static String prepared(String text) {
        boolean isAscii = text.chars().allMatch(c -> c < 0x80);
        if (isAscii) return text;
        StringBuilder spaced = new StringBuilder(text.length());
        text.codePoints()
                .map(c -> Character.getType(c) == Character.SPACE_SEPARATOR ? ' ' : c)
                .forEach(spaced::appendCodePoint);
        return Normalizer.normalize(spaced, Normalizer.Form.NFC);
    }

    private static byte[] digest(String algorithm, String text) {
        try {
            return MessageDigest.getInstance(algorithm)
                    .digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new LinkageError("every JDK has " + algorithm, e);
        }
    }
}
