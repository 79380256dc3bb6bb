package dev.cardea.server.auth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.util.Base64URL;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Set;
import java.util.function.Predicate;

/**
 * A key that signatures are checked with, and the algorithms that it is for. Whatever a token's
 * header says, a key checks no signature of another kind: a public key is never taken for an HMAC
 * secret (RFC 8725 section 3.1). Thread safe.
 */
final class VerificationKey {
    private static final Set<JWSAlgorithm> HMAC =
            Set.of(JWSAlgorithm.HS256, JWSAlgorithm.HS384, JWSAlgorithm.HS512);
    private static final Set<JWSAlgorithm> RSA =
            Set.of(JWSAlgorithm.RS256, JWSAlgorithm.RS384, JWSAlgorithm.RS512);

    // The second name is of RFC 9864.
    private static final Set<JWSAlgorithm> EDDSA = Set.of(JWSAlgorithm.EdDSA, JWSAlgorithm.Ed25519);

    /** Takes every signature of every algorithm. */
    static final VerificationKey ANY = new VerificationKey(_ -> true, (_, _, _) -> true);

    private interface Check {
        boolean passes(JWSHeader header, byte[] signed, Base64URL signature) throws JOSEException;
    }

    private final Predicate<JWSAlgorithm> algorithms;
    private final Check check;

    private VerificationKey(Set<JWSAlgorithm> algorithms, Check check) {
        this(algorithms::contains, check);
    }

    private VerificationKey(Predicate<JWSAlgorithm> algorithms, Check check) {
        this.algorithms = algorithms;
        this.check = check;
    }

    static VerificationKey of(String secret) {
        try {
            return new VerificationKey(HMAC, new MACVerifier(HmacKey.of(secret))::verify);
        } catch (JOSEException e) {
            throw new IllegalStateException("no HMAC in this JDK", e);
        }
    }

    static VerificationKey of(RSAPublicKey key) {
        JWSVerifier verifier = new RSASSAVerifier(key);
        return new VerificationKey(RSA, verifier::verify);
    }

    static VerificationKey of(ECPublicKey key) {
        JWSAlgorithm algorithm =
                switch (key.getParams().getCurve().getField().getFieldSize()) {
                    case 256 -> JWSAlgorithm.ES256;
                    case 384 -> JWSAlgorithm.ES384;
                    default -> JWSAlgorithm.ES512;
                };
        try {
            JWSVerifier verifier = new ECDSAVerifier(key);
            return new VerificationKey(Set.of(algorithm), verifier::verify);
        } catch (JOSEException e) {
            throw new IllegalArgumentException("no key of a curve that JWS knows", e);
        }
    }

    /** The library leaves Ed25519 to another one; the JDK has it. */
    static VerificationKey of(EdECPublicKey key) {
        return new VerificationKey(
                EDDSA,
                (_, signed, signature) -> {
                    try {
                        Signature ed25519 = Signature.getInstance("Ed25519");
                        ed25519.initVerify(key);
                        ed25519.update(signed);
                        return ed25519.verify(signature.decode());
                    } catch (GeneralSecurityException e) {
                        return false; // of another length, for example
                    }
                });
    }

    /** The same key for one algorithm only, as a key set may say; for none, if it can't have it. */
    VerificationKey onlyFor(JWSAlgorithm algorithm) {
        Set<JWSAlgorithm> one = isFor(algorithm) ? Set.of(algorithm) : Set.of();
        return new VerificationKey(one, check);
    }

    boolean isFor(JWSAlgorithm algorithm) {
        return algorithms.test(algorithm);
    }

    /** A signature of this algorithm isn't for an event loop to check: it takes up to 6 ms. */
    boolean takesLong(JWSAlgorithm algorithm) {
        return this != ANY && isFor(algorithm) && !HMAC.contains(algorithm);
    }

    /** The library compares in constant time where that matters. */
    boolean hasSigned(JWSObject jws) {
        try {
            return isFor(jws.getHeader().getAlgorithm())
                    && check.passes(jws.getHeader(), jws.getSigningInput(), jws.getSignature());
        } catch (JOSEException e) {
            return false;
        }
    }
}
