package dev.cardea.wire.stun;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.zip.CRC32;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * MESSAGE-INTEGRITY, MESSAGE-INTEGRITY-SHA256 and FINGERPRINT (RFC 8489 sections 14.5 to 14.7).
 * Keeps what it calculates with: one for each thread.
 */
public final class StunIntegrity {
    static final int SHA1_BYTES = 20;
    static final int SHA256_BYTES = 32;
    private static final int FINGERPRINT_XOR = 0x5354554E;

    private final Mac sha1 = mac("HmacSHA1");
    private final Mac sha256 = mac("HmacSHA256");
    private final byte[] result = new byte[SHA256_BYTES];

    private static Mac mac(String algorithm) {
        try {
            return Mac.getInstance(algorithm);
        } catch (GeneralSecurityException e) {
            throw new LinkageError("every JDK has " + algorithm, e);
        }
    }

    /** Whether the message has a MESSAGE-INTEGRITY that was made with the key. */
    public boolean isAuthentic(StunReader message, byte[] key) {
        int at = message.find(StunAttribute.MESSAGE_INTEGRITY);
        if (at < 0 || message.length(at) != SHA1_BYTES) return false;
        calculate(sha1, key, message.buffer(), message.start(), at);
        return isSame(message, at, SHA1_BYTES);
    }

    /** Whether the message has a whole MESSAGE-INTEGRITY-SHA256 that was made with the key. */
    public boolean isAuthenticSha256(StunReader message, byte[] key) {
        int at = message.find(StunAttribute.MESSAGE_INTEGRITY_SHA256);
        if (at < 0 || message.length(at) != SHA256_BYTES) return false;
        calculate(sha256, key, message.buffer(), message.start(), at);
        return isSame(message, at, SHA256_BYTES);
    }

    /** Takes as long whatever differs. */
    private boolean isSame(StunReader message, int at, int bytes) {
        int difference = 0;
        for (int i = 0; i < bytes; i++) difference |= result[i] ^ message.buffer().get(at + i);
        return difference == 0;
    }

    /** The HMAC of all before the attribute, as if the attribute were the last one. */
    byte[] sha1(byte[] key, ByteBuffer message, int start, int valueAt) {
        calculate(sha1, key, message, start, valueAt);
        return result;
    }

    byte[] sha256(byte[] key, ByteBuffer message, int start, int valueAt) {
        calculate(sha256, key, message, start, valueAt);
        return result;
    }

    private void calculate(Mac mac, byte[] key, ByteBuffer message, int start, int valueAt) {
        try {
            mac.init(new SecretKeySpec(key, mac.getAlgorithm()));
            int length = valueAt + mac.getMacLength() - start - StunReader.HEADER_BYTES;
            mac.update(message.get(start));
            mac.update(message.get(start + 1));
            mac.update((byte) (length >> 8));
            mac.update((byte) length);
            int attributeAt = valueAt - StunReader.ATTRIBUTE_HEADER_BYTES;
            mac.update(message.slice(start + 4, attributeAt - start - 4));
            mac.doFinal(result, 0);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The FINGERPRINT of the bytes before the attribute. */
    static int fingerprint(ByteBuffer message, int start, int attributeAt) {
        CRC32 crc = new CRC32();
        crc.update(message.slice(start, attributeAt - start));
        return (int) crc.getValue() ^ FINGERPRINT_XOR;
    }

    /** For what is kept for long and compared in time that doesn't tell where it differs. */
    public static boolean isSame(byte[] a, byte[] b) {
        return MessageDigest.isEqual(a, b);
    }
}
