package dev.cardea.server.auth;

import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import dev.cardea.server.config.PemPublicKey;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** Key sets as an issuer publishes them. */
final class KeySets {
    private KeySets() {}

    static String rsa(String kid, OpenSsl key) {
        try {
            return json(new RSAKey.Builder(PemPublicKey.rsa(key.publicPem())).keyID(kid).build());
        } catch (PemPublicKey.Unusable e) {
            throw new AssertionError(e);
        }
    }

    static String ec(String kid, Curve curve, OpenSsl key) {
        try {
            return json(
                    new ECKey.Builder(curve, PemPublicKey.ecdsa(key.publicPem()))
                            .keyID(kid)
                            .build());
        } catch (PemPublicKey.Unusable e) {
            throw new AssertionError(e);
        }
    }

    static String ed25519(String kid, OpenSsl key) {
        byte[] der = key.publicDer();
        byte[] x = Arrays.copyOfRange(der, der.length - 32, der.length);
        return json(
                new OctetKeyPair.Builder(Curve.Ed25519, Base64URL.encode(x)).keyID(kid).build());
    }

    private static String json(JWK key) {
        return key.toJSONString();
    }

    static byte[] of(String... keys) {
        String set = "{\"keys\":[" + String.join(",", List.of(keys)) + "]}";
        return set.getBytes(StandardCharsets.UTF_8);
    }
}
