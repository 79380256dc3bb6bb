package dev.cardea.rtc.turn;

import dev.cardea.wire.stun.IpAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Nonces that nobody has to remember: the time at which one was made, sealed together with the
 * address that it was made for. They begin with the cookie that says what we can (RFC 8489 section
 * 9.2).
 */
final class Nonces {
    /** With password algorithms and user hashes: the last two of 24 bits. */
    private static final String COOKIE = "obMatJos2" + "AAAD";

    private static final long LIFETIME_SECONDS = Duration.ofHours(1).toSeconds();
    private static final int TIME_BYTES = 6;
    private static final int SEAL_BYTES = 12;
    private static final int LENGTH = COOKIE.length() + (TIME_BYTES + SEAL_BYTES) / 3 * 4;

    private final Mac mac;

    /**
     * @param secret the same on all loops, and on no other server
     */
    Nonces(byte[] secret) {
        try {
            mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret, "HmacSHA256"));
        } catch (GeneralSecurityException e) {
            throw new LinkageError("every JDK has it", e);
        }
    }

    byte[] make(IpAddress client, long nowNanos) {
        long seconds = seconds(nowNanos);
        ByteBuffer nonce = ByteBuffer.allocate(TIME_BYTES + SEAL_BYTES);
        nonce.putShort((short) (seconds >> 32)).putInt((int) seconds);
        nonce.put(seal(client, seconds), 0, SEAL_BYTES);
        String text =
                COOKIE + Base64.getUrlEncoder().withoutPadding().encodeToString(nonce.array());
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Whether we made it, for this client, less than an hour ago. */
    boolean isValid(byte[] nonce, IpAddress client, long nowNanos) {
        if (nonce.length != LENGTH) return false;
        for (int i = 0; i < COOKIE.length(); i++) if (nonce[i] != COOKIE.charAt(i)) return false;
        byte[] sealed;
        try {
            byte[] text = new byte[LENGTH - COOKIE.length()];
            System.arraycopy(nonce, COOKIE.length(), text, 0, text.length);
            sealed = Base64.getUrlDecoder().decode(text);
        } catch (IllegalArgumentException _) {
            return false;
        }
        if (sealed.length != TIME_BYTES + SEAL_BYTES) return false;
        ByteBuffer in = ByteBuffer.wrap(sealed);
        long seconds = (long) in.getShort() << 32 | Integer.toUnsignedLong(in.getInt());
        byte[] seal = new byte[SEAL_BYTES];
        in.get(seal);
        byte[] expected = java.util.Arrays.copyOf(seal(client, seconds), SEAL_BYTES);
        long age = seconds(nowNanos) - seconds;
        return MessageDigest.isEqual(seal, expected) && age >= 0 && age < LIFETIME_SECONDS;
    }

    private byte[] seal(IpAddress client, long seconds) {
        ByteBuffer sealed = ByteBuffer.allocate(24);
        return mac.doFinal(
                sealed.putLong(seconds).putLong(client.high()).putLong(client.low()).array());
    }

    private static long seconds(long nowNanos) {
        return Math.floorDiv(nowNanos, 1_000_000_000L);
    }
}
