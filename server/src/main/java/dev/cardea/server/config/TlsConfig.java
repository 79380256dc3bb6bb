package dev.cardea.server.config;

import dev.cardea.server.tls.BadPem;
import dev.cardea.server.tls.TlsMaterial;

/** {@code http_server.tls} and {@code http_server.internal_tls}. Each PEM may be a file, too. */
public record TlsConfig(
        @Setting(is = "false", means = "speaks TLS") boolean enabled,
        @Setting(
                        means =
                                "the certificate and those that lead to its authority: a file, PEM itself,"
                                        + " or PEM in base64")
                String certPem,
        @Setting(
                        means =
                                "the certificate's private key without a passphrase, in the same ways",
                        secret = true)
                String keyPem,
        @Setting(
                        means =
                                "authorities of client certificates; with some, a client without such a"
                                        + " certificate is refused")
                String clientCaPem)
        implements Checked {

    /** Certificates and key; reads the files. */
    public TlsMaterial load() throws BadPem {
        return TlsMaterial.load(certPem, keyPem, clientCaPem);
    }

    @Override
    public void check(Problems.Group problems) {
        if (!enabled) return;
        if (certPem.isEmpty()) problems.add("cert_pem", "is not set, and enabled is true");
        if (keyPem.isEmpty()) problems.add("key_pem", "is not set, and enabled is true");
        if (certPem.isEmpty() || keyPem.isEmpty()) return;
        try {
            load();
        } catch (BadPem e) {
            problems.add(e.setting(), String.valueOf(e.getMessage()));
        }
    }
}
