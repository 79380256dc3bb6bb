package dev.cardea.server.hostile;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Tokens as an attacker writes them: any header, any claims, any signature. */
final class Tokens {
    private Tokens() {}

    static String base64(String text) {
        return base64(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** With a signature of the right length that is none. */
    static String unsigned(String header, String claims) {
        return base64(header) + "." + base64(claims) + "." + base64("x".repeat(32));
    }

    /** With HS256 and this secret. */
    static String signed(String claims, String secret) {
        return withHead("{\"alg\":\"HS256\"}", claims, secret);
    }

    /** The same with a type ({@code typ}). */
    static String signed(String type, String claims, String secret) {
        return withHead("{\"alg\":\"HS256\",\"typ\":\"" + type + "\"}", claims, secret);
    }

    private static String withHead(String header, String claims, String secret) {
        String signed = base64(header) + "." + base64(claims);
        try {
            Mac hmac = Mac.getInstance("HmacSHA256");
            hmac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            byte[] signature = hmac.doFinal(signed.getBytes(StandardCharsets.UTF_8));
            return signed + "." + base64(signature);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
