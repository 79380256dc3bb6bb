package dev.cardea.server.auth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.util.Base64URL;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.EdECPrivateKey;
import java.security.interfaces.RSAPrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a {@link TokenIssuer} signs with: a secret, or the private half of a key pair. */
public final class SigningKey {
    private static final Pattern BLOCK =
            Pattern.compile(
                    "-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]*)-----END PRIVATE KEY-----");

    private interface Signer {
        Base64URL sign(JWSHeader header, byte[] input) throws JOSEException;
    }

    private final JWSAlgorithm algorithm;
    private final Signer signer;

    private SigningKey(JWSAlgorithm algorithm, Signer signer) {
        this.algorithm = algorithm;
        this.signer = signer;
    }

    /**
     * Signs with HS256.
     *
     * @throws IllegalArgumentException the secret is empty
     */
    public static SigningKey secret(String secret) {
        try {
            return new SigningKey(JWSAlgorithm.HS256, new MACSigner(HmacKey.of(secret))::sign);
        } catch (JOSEException e) {
            throw new IllegalStateException("no HMAC in this JDK", e);
        }
    }

    /**
     * Signs with RS256, ES256, ES384, ES512 or EdDSA, as the key is made for.
     *
     * @param pem a {@code PRIVATE KEY} (PKCS #8), as {@code openssl genpkey} writes it
     * @throws IllegalArgumentException it is no key of these kinds; the message says what it is
     */
    public static SigningKey pem(String pem) {
        Matcher block = BLOCK.matcher(pem);
        if (!block.find()) {
            throw new IllegalArgumentException("no PRIVATE KEY in PEM, as openssl genpkey writes");
        }
        byte[] der = Base64.getMimeDecoder().decode(block.group(1));
        for (String kind : new String[] {"RSA", "EC", "EdDSA"}) {
            try {
                PKCS8EncodedKeySpec spec = new PKCS8EncodedKeySpec(der);
                return of(KeyFactory.getInstance(kind).generatePrivate(spec));
            } catch (GeneralSecurityException | JOSEException e) {
                // of another kind
            }
        }
        throw new IllegalArgumentException("no RSA, ECDSA or Ed25519 key");
    }

    private static SigningKey of(PrivateKey key) throws JOSEException {
        return switch (key) {
            case RSAPrivateKey rsa ->
                    new SigningKey(JWSAlgorithm.RS256, new RSASSASigner(rsa)::sign);
            case ECPrivateKey ec -> {
                ECDSASigner signer = new ECDSASigner(ec);
                yield new SigningKey(
                        signer.supportedJWSAlgorithms().iterator().next(), signer::sign);
            }
            case EdECPrivateKey ed ->
                    new SigningKey(JWSAlgorithm.EdDSA, (_, input) -> ed25519(ed, input));
            default -> throw new JOSEException("another kind of key");
        };
    }

    private static Base64URL ed25519(PrivateKey key, byte[] input) throws JOSEException {
        try {
            Signature signature = Signature.getInstance("Ed25519");
            signature.initSign(key);
            signature.update(input);
            return Base64URL.encode(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new JOSEException("can't sign", e);
        }
    }

    JWSAlgorithm algorithm() {
        return algorithm;
    }

    Base64URL sign(JWSHeader header, byte[] input) {
        try {
            return signer.sign(header, input);
        } catch (JOSEException e) {
            throw new IllegalStateException("a key that can't sign", e);
        }
    }
}
