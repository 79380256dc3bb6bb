package dev.cardea.server.tls;

import static dev.cardea.server.tls.Der.ALTERNATIVE_NAMES;
import static dev.cardea.server.tls.Der.DNS_NAME;
import static dev.cardea.server.tls.Der.ECDSA_WITH_SHA256;
import static dev.cardea.server.tls.Der.OCTET_STRING;
import static dev.cardea.server.tls.Der.SEQUENCE;
import static dev.cardea.server.tls.Der.SET;
import static dev.cardea.server.tls.Der.bits;
import static dev.cardea.server.tls.Der.element;
import static dev.cardea.server.tls.Der.hex;
import static dev.cardea.server.tls.Der.text;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.util.List;

/** What an authority is given to sign (PKCS #10, RFC 2986), for ECDSA keys of P-256. */
public final class CertificateRequest {
    private static final byte[] VERSION_1 = hex("020100");
    private static final byte[] EXTENSION_REQUEST = hex("06092a864886f70d01090e");
    private static final int ATTRIBUTES = 0xa0;

    private CertificateRequest() {}

    /** A new key of P-256. */
    public static KeyPair newKey() {
        try {
            KeyPairGenerator keys = KeyPairGenerator.getInstance("EC");
            keys.initialize(new ECGenParameterSpec("secp256r1"));
            return keys.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new LinkageError("the JDK can't make a key", e);
        }
    }

    /**
     * In DER. The subject is empty, since the names stand in the extension that browsers look at.
     *
     * @param names DNS names
     */
    public static byte[] of(KeyPair key, List<String> names) {
        byte[] content =
                element(
                        SEQUENCE,
                        VERSION_1,
                        element(SEQUENCE),
                        key.getPublic().getEncoded(),
                        element(ATTRIBUTES, extensionRequest(names)));
        return signed(key, content);
    }

    /** What was signed, how, and the signature, as certificates and requests have them. */
    static byte[] signed(KeyPair key, byte[] content) {
        try {
            Signature signature = Signature.getInstance("SHA256withECDSA");
            signature.initSign(key.getPrivate());
            signature.update(content);
            return element(SEQUENCE, content, ECDSA_WITH_SHA256, bits(signature.sign()));
        } catch (GeneralSecurityException e) {
            throw new LinkageError("the JDK can't sign", e);
        }
    }

    private static byte[] extensionRequest(List<String> names) {
        byte[] general =
                element(
                        SEQUENCE,
                        names.stream().map(name -> text(DNS_NAME, name)).toArray(byte[][]::new));
        byte[] extension = element(SEQUENCE, ALTERNATIVE_NAMES, element(OCTET_STRING, general));
        return element(SEQUENCE, EXTENSION_REQUEST, element(SET, element(SEQUENCE, extension)));
    }
}
