package dev.cardea.server.tls;

import static dev.cardea.server.tls.Der.OCTET_STRING;
import static dev.cardea.server.tls.Der.SEQUENCE;
import static dev.cardea.server.tls.Der.element;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.security.KeyFactory;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.HexFormat;
import java.util.List;

/**
 * A private key in any of the three ways that openssl writes: PKCS #8 (RFC 5958), and the older
 * ones for RSA (RFC 8017 appendix A.1.2) and elliptic curves (RFC 5915), which the JDK doesn't
 * read. They are wrapped into the first.
 */
final class PrivateKeyPem {
    private static final List<String> ALGORITHMS = List.of("RSA", "EC", "EdDSA");

    private static final byte[] VERSION_0 = {2, 1, 0};
    private static final byte[] RSA = HexFormat.of().parseHex("300d06092a864886f70d0101010500");
    private static final byte[] EC_OID = HexFormat.of().parseHex("06072a8648ce3d0201");

    private static final int PARAMETERS = 0xa0;

    private PrivateKeyPem() {}

    /** The first key among the blocks. */
    static PrivateKey read(String setting, List<Pem.Block> blocks) throws BadPem {
        for (Pem.Block block : blocks) {
            if (!block.label().endsWith("PRIVATE KEY")) continue;
            if (block.isEncrypted() || block.label().startsWith("ENCRYPTED")) {
                throw new BadPem(setting, "is encrypted; expected a key without a passphrase");
            }
            return key(setting, block);
        }
        throw new BadPem(setting, "has no private key in it");
    }

    private static PrivateKey key(String setting, Pem.Block block) throws BadPem {
        byte[] der = block.der().toArray();
        byte[] pkcs8;
        try {
            pkcs8 =
                    switch (block.label()) {
                        case "RSA PRIVATE KEY" -> wrap(RSA, der);
                        case "EC PRIVATE KEY" -> wrap(ecAlgorithm(der), der);
                        default -> der;
                    };
        } catch (BufferUnderflowException | IllegalArgumentException _) {
            throw new BadPem(setting, "has a private key that is damaged");
        }
        for (String algorithm : ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm)
                        .generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
            } catch (InvalidKeySpecException _) {
                // of another kind, perhaps
            } catch (NoSuchAlgorithmException e) {
                throw new LinkageError("the JDK has no " + algorithm, e);
            }
        }
        throw new BadPem(setting, "has a private key that is neither RSA, EC nor Ed25519");
    }

    private static byte[] wrap(byte[] algorithm, byte[] key) {
        return element(SEQUENCE, VERSION_0, algorithm, element(OCTET_STRING, key));
    }

    /** The curve stands in the key itself: version, key, then [0] its parameters. */
    private static byte[] ecAlgorithm(byte[] der) {
        ByteBuffer key = ByteBuffer.wrap(der);
        enter(key, SEQUENCE);
        skip(key);
        skip(key);
        int length = enter(key, PARAMETERS);
        byte[] curve = new byte[length];
        key.get(curve);
        return element(SEQUENCE, EC_OID, curve);
    }

    private static int enter(ByteBuffer der, int tag) {
        if ((der.get() & 0xff) != tag) throw new IllegalArgumentException("another tag");
        return length(der);
    }

    private static void skip(ByteBuffer der) {
        der.get();
        int length = length(der);
        if (length > der.remaining()) throw new BufferUnderflowException();
        der.position(der.position() + length);
    }

    private static int length(ByteBuffer der) {
        int first = der.get() & 0xff;
        if (first < 0x80) return first;
        int bytes = first & 0x7f;
        if (bytes == 0 || bytes > 3) throw new IllegalArgumentException("length in " + bytes);
        int length = 0;
        for (int i = 0; i < bytes; i++) length = (length << 8) | (der.get() & 0xff);
        if (length > der.remaining()) throw new BufferUnderflowException();
        return length;
    }
}
