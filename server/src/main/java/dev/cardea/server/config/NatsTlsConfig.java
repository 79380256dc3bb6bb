package dev.cardea.server.config;

import dev.cardea.server.tls.BadPem;
import dev.cardea.server.tls.ClientTls;

/** {@code broker.nats.tls}. Each PEM may be a file, too. */
public record NatsTlsConfig(
        @Setting(is = "false", means = "speaks TLS, and takes the keys below") boolean enabled,
        @Setting(
                        means =
                                "certificate that Cardea shows, with those that lead to its authority: a"
                                        + " file, PEM itself, or PEM in base64; empty: none")
                String certPem,
        @Setting(
                        means =
                                "the certificate's private key without a passphrase, in the same ways",
                        secret = true)
                String keyPem,
        @Setting(
                        means =
                                "authorities, one of which must have issued NATS's certificate; empty:"
                                        + " those of the JDK")
                String serverCaPem,
        @Setting(is = "false", means = "believes every certificate of NATS; for development only")
                boolean insecureSkipVerify)
        implements Checked {

    /** Certificates and key; reads the files. */
    public ClientTls load() throws BadPem {
        return ClientTls.load(certPem, keyPem, serverCaPem, insecureSkipVerify);
    }

    @Override
    public void check(Problems.Group problems) {
        if (!enabled) return;
        if (keyPem.isEmpty() != certPem.isEmpty()) {
            String missing = keyPem.isEmpty() ? "key_pem" : "cert_pem";
            String other = keyPem.isEmpty() ? "cert_pem" : "key_pem";
            problems.add(missing, "is not set, and %s is".formatted(other));
            return;
        }
        try {
            load();
        } catch (BadPem e) {
            problems.add(e.setting(), String.valueOf(e.getMessage()));
        }
        if (insecureSkipVerify) {
            problems.warn("insecure_skip_verify", "is set: any server is taken for NATS");
        }
    }
}
