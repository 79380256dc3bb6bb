package dev.cardea.server.tls;

import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;

/**
 * What a server needs to speak TLS. Immutable.
 *
 * @param chain the server's certificate first, then those that lead to its authority
 * @param key of the first certificate
 * @param clientCas authorities, one of which must have issued a client's certificate; empty:
 *     clients need none
 */
public record TlsMaterial(
        List<X509Certificate> chain, PrivateKey key, List<X509Certificate> clientCas) {
    public TlsMaterial {
        chain = List.copyOf(chain);
        clientCas = List.copyOf(clientCas);
    }

    /**
     * Reads the three settings, each PEM, PEM in base64 or the name of a file. Reads files.
     *
     * @param clientCaPem may be empty
     */
    public static TlsMaterial load(String certPem, String keyPem, String clientCaPem)
            throws BadPem {
        List<X509Certificate> chain = certificates("cert_pem", certPem);
        PrivateKey key = PrivateKeyPem.read("key_pem", Pem.blocks("key_pem", keyPem));
        if (!belongTogether(chain.getFirst().getPublicKey(), key)) {
            throw new BadPem("key_pem", "isn't the key of the certificate in cert_pem");
        }
        List<X509Certificate> clientCas =
                clientCaPem.isEmpty() ? List.of() : certificates("client_ca_pem", clientCaPem);
        return new TlsMaterial(chain, key, clientCas);
    }

    static List<X509Certificate> certificates(String setting, String value) throws BadPem {
        List<X509Certificate> certificates = new ArrayList<>();
        try {
            CertificateFactory x509 = CertificateFactory.getInstance("X.509");
            for (Pem.Block block : Pem.blocks(setting, value)) {
                if (!block.label().equals("CERTIFICATE")) continue;
                certificates.add(
                        (X509Certificate)
                                x509.generateCertificate(
                                        new ByteArrayInputStream(block.der().toArray())));
            }
        } catch (CertificateException _) {
            throw new BadPem(setting, "has a certificate that is damaged");
        }
        if (certificates.isEmpty()) throw new BadPem(setting, "has no certificate in it");
        return certificates;
    }

    private static boolean belongTogether(PublicKey open, PrivateKey secret) {
        String algorithm =
                switch (open.getAlgorithm()) {
                    case "RSA", "RSASSA-PSS" -> "SHA256withRSA";
                    case "EC" -> "SHA256withECDSA";
                    default -> "EdDSA";
                };
        byte[] message = {1, 2, 3};
        try {
            Signature signature = Signature.getInstance(algorithm);
            signature.initSign(secret);
            signature.update(message);
            byte[] signed = signature.sign();
            signature.initVerify(open);
            signature.update(message);
            return signature.verify(signed);
        } catch (GeneralSecurityException _) {
            return false;
        }
    }
}
