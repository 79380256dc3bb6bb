package dev.cardea.server.config;

import com.nimbusds.jose.jwk.Curve;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.cert.CertificateFactory;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.NamedParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads a public key written as PEM (RFC 7468): a {@code PUBLIC KEY}, an {@code RSA PUBLIC KEY}
 * (PKCS #1), or the {@code CERTIFICATE} that has it. Where one line has to do, as in an environment
 * variable, line breaks may be written as <code>\n</code>.
 */
public final class PemPublicKey {
    /** A smaller modulus is broken; RFC 7518 section 3.3 asks for 2048. */
    static final int LEAST_RSA_BITS = 1024;

    /** What a signature costs grows with the cube of it. */
    static final int MOST_RSA_BITS = 8192;

    private static final Pattern BLOCK =
            Pattern.compile(
                    "-----BEGIN ([A-Z ]{1,40})-----([A-Za-z0-9+/=\\s]*)-----END ([A-Z ]{1,40})-----");
    private static final Set<Curve> CURVES = Set.of(Curve.P_256, Curve.P_384, Curve.P_521);

    private PemPublicKey() {}

    /** It can't be used; the message completes "the key ...". */
    public static final class Unusable extends Exception {
        private static final long serialVersionUID = 1;

        private final String why;

        Unusable(String why) {
            super(why, null, false, false);
            this.why = why;
        }

        String why() {
            return why;
        }
    }

    /** For RS256, RS384 and RS512. */
    public static RSAPublicKey rsa(String pem) throws Unusable {
        return fit(as(RSAPublicKey.class, read(pem, "RSA"), "RSA"));
    }

    /** For ES256, ES384 or ES512, by its curve. */
    public static ECPublicKey ecdsa(String pem) throws Unusable {
        return fit(as(ECPublicKey.class, read(pem, "EC"), "ECDSA"));
    }

    /** For EdDSA: Ed25519. */
    public static EdECPublicKey eddsa(String pem) throws Unusable {
        return fit(as(EdECPublicKey.class, read(pem, "EdDSA"), "EdDSA"));
    }

    public static RSAPublicKey fit(RSAPublicKey key) throws Unusable {
        int bits = key.getModulus().bitLength();
        if (bits < LEAST_RSA_BITS || bits > MOST_RSA_BITS) {
            throw new Unusable(
                    "has %d bits; expected %d to %d"
                            .formatted(bits, LEAST_RSA_BITS, MOST_RSA_BITS));
        }
        if (key.getPublicExponent().bitLength() > 64) throw new Unusable("has a huge exponent");
        return key;
    }

    public static ECPublicKey fit(ECPublicKey key) throws Unusable {
        Curve curve = Curve.forECParameterSpec(key.getParams());
        if (curve == null || !CURVES.contains(curve)) {
            throw new Unusable("is on another curve than P-256, P-384 and P-521");
        }
        return key;
    }

    public static EdECPublicKey fit(EdECPublicKey key) throws Unusable {
        if (!key.getParams().getName().equals(NamedParameterSpec.ED25519.getName())) {
            throw new Unusable("is on another curve than Ed25519");
        }
        return key;
    }

    private static <K> K as(Class<K> type, PublicKey key, String kind) throws Unusable {
        if (!type.isInstance(key)) {
            throw new Unusable("is a key for " + key.getAlgorithm() + "; expected one for " + kind);
        }
        return type.cast(key);
    }

    private static PublicKey read(String pem, String algorithm) throws Unusable {
        Matcher block = BLOCK.matcher(pem.replace("\\n", "\n"));
        if (!block.find() || !block.group(1).equals(block.group(3))) {
            throw new Unusable("is no public key in PEM");
        }
        try {
            byte[] der = Base64.getMimeDecoder().decode(block.group(2));
            return switch (block.group(1)) {
                case "PUBLIC KEY" -> subjectPublicKeyInfo(der, algorithm);
                case "RSA PUBLIC KEY" -> subjectPublicKeyInfo(pkcs1(der), "RSA");
                case "CERTIFICATE" ->
                        CertificateFactory.getInstance("X.509")
                                .generateCertificate(new ByteArrayInputStream(der))
                                .getPublicKey();
                default -> throw new Unusable("is no public key, but: " + block.group(1));
            };
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new Unusable("can't be read as a public key");
        }
    }

    /** Tries the expected algorithm first; another one that fits tells the operator what it is. */
    private static PublicKey subjectPublicKeyInfo(byte[] der, String algorithm)
            throws GeneralSecurityException {
        PublicKey expected = key(der, algorithm);
        if (expected != null) return expected;
        for (String other : new String[] {"RSA", "EC", "EdDSA"}) {
            PublicKey key = key(der, other);
            if (key != null) return key;
        }
        throw new GeneralSecurityException("another kind of key");
    }

    private static @Nullable PublicKey key(byte[] der, String algorithm) {
        try {
            return KeyFactory.getInstance(algorithm).generatePublic(new X509EncodedKeySpec(der));
        } catch (GeneralSecurityException e) {
            return null;
        }
    }

    //  SEQUENCE { SEQUENCE { OBJECT IDENTIFIER rsaEncryption, NULL }, BIT STRING { the key } }
    private static byte[] pkcs1(byte[] key) {
        byte[] algorithm = {
            0x30, 13, 6, 9, 0x2A, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xF7, 13, 1, 1, 1, 5, 0
        };
        byte[] bits = new byte[key.length + 1]; // none of them unused
        System.arraycopy(key, 0, bits, 1, key.length);
        ByteArrayOutputStream inner = new ByteArrayOutputStream();
        inner.writeBytes(algorithm);
        inner.writeBytes(tagged(0x03, bits));
        return tagged(0x30, inner.toByteArray());
    }

    private static byte[] tagged(int tag, byte[] content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(tag);
        if (content.length < 0x80) {
            out.write(content.length);
        } else {
            out.write(0x84);
            for (int shift = 24; shift >= 0; shift -= 8) out.write(content.length >>> shift);
        }
        out.writeBytes(content);
        return out.toByteArray();
    }
}
