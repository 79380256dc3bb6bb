package dev.cardea.server.config;

import dev.cardea.server.tls.BadPem;
import dev.cardea.server.tls.ClientTls;

/** TLS of connections that Cardea opens itself: how the other is trusted, and trusts. */
interface ClientTlsConfig extends Checked {
    boolean enabled();

    String certPem();

    String keyPem();

    String serverCaPem();

    boolean insecureSkipVerify();

    /** Whom any server is taken for where nothing is verified. */
    String peer();

    /** Certificates and key; reads the files. */
    default ClientTls load() throws BadPem {
        return ClientTls.load(certPem(), keyPem(), serverCaPem(), insecureSkipVerify());
    }

    @Override
    default void check(Problems.Group problems) {
        if (!enabled()) return;
        if (keyPem().isEmpty() != certPem().isEmpty()) {
            String missing = keyPem().isEmpty() ? "key_pem" : "cert_pem";
            String other = keyPem().isEmpty() ? "cert_pem" : "key_pem";
            problems.add(missing, "is not set, and %s is".formatted(other));
            return;
        }
        try {
            load();
        } catch (BadPem e) {
            problems.add(e.setting(), String.valueOf(e.getMessage()));
        }
        if (insecureSkipVerify())
            problems.warn("insecure_skip_verify", "is set: any server is taken for " + peer());
    }
}
