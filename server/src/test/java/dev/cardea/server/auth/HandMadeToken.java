package dev.cardea.server.auth;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Tokens made with the JDK alone (RFC 7515 section 3.1), so that nothing verifies its own work. */
public final class HandMadeToken {
    static final String SECRET = "a secret of more than thirty-two bytes";

    private HandMadeToken() {}

    static String of(String claims) {
        return of("{\"alg\":\"HS256\"}", claims, "HmacSHA256", SECRET);
    }

    public static String of(String header, String claims, String mac, String secret) {
        String signed = base64(utf8(header)) + "." + base64(utf8(claims));
        try {
            Mac hmac = Mac.getInstance(mac);
            hmac.init(new SecretKeySpec(utf8(secret), mac));
            return signed + "." + base64(hmac.doFinal(utf8(signed)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
