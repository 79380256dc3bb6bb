package dev.cardea.server.tls;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.List;

/** Keys and certificates as the server itself keeps them: PEM, the private key first. */
public final class KeyPairPem {
    private static final Base64.Encoder LINES = Base64.getMimeEncoder(64, new byte[] {'\n'});
    private static final String SETTING = "file";

    private KeyPairPem() {}

    public static String write(KeyPair pair) {
        return block("PRIVATE KEY", pair.getPrivate().getEncoded())
                + block("PUBLIC KEY", pair.getPublic().getEncoded());
    }

    /** What {@link TlsMaterial#load} takes for a certificate and for a key. */
    public static String write(PrivateKey key, List<X509Certificate> chain) {
        StringBuilder pem = new StringBuilder(block("PRIVATE KEY", key.getEncoded()));
        for (X509Certificate each : chain) {
            try {
                pem.append(block("CERTIFICATE", each.getEncoded()));
            } catch (CertificateEncodingException e) {
                throw new LinkageError("a certificate that was read can't be written", e);
            }
        }
        return pem.toString();
    }

    /** Reads what {@link #write(KeyPair)} has written. */
    public static KeyPair read(String pem) throws BadPem {
        List<Pem.Block> blocks = Pem.parse(SETTING, pem);
        PrivateKey key = PrivateKeyPem.read(SETTING, blocks);
        for (Pem.Block block : blocks) {
            if (!block.label().equals("PUBLIC KEY")) continue;
            try {
                PublicKey open =
                        KeyFactory.getInstance(key.getAlgorithm())
                                .generatePublic(new X509EncodedKeySpec(block.der().toArray()));
                return new KeyPair(open, key);
            } catch (GeneralSecurityException _) {
                throw new BadPem(SETTING, "has a public key that is damaged");
            }
        }
        throw new BadPem(SETTING, "has no public key in it");
    }

    private static String block(String label, byte[] der) {
        String body = new String(LINES.encode(der), US_ASCII);
        return "-----BEGIN " + label + "-----\n" + body + "\n-----END " + label + "-----\n";
    }
}
