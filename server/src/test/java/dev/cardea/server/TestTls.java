package dev.cardea.server;

import dev.cardea.server.config.ConfigLoader;
import dev.cardea.server.tls.BadPem;
import dev.cardea.server.tls.ClientTls;
import dev.cardea.server.tls.TlsMaterial;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** Certificates for tests, and clients that trust every server. */
public final class TestTls {
    private TestTls() {}

    public static String file(String name) {
        return Path.of("src/test/resources/dev/cardea/server/tls", name).toString();
    }

    /** Turns TLS on, for {@code http_server.tls} for example. */
    public static void layOver(ConfigLoader loader, String group) {
        layOver(loader, group, file("server-cert.pem"), file("server-key.pem"));
    }

    static void layOver(ConfigLoader loader, String group, String cert, String key) {
        loader.flag("test", group + ".enabled", "true")
                .flag("test", group + ".cert_pem", cert)
                .flag("test", group + ".key_pem", key);
    }

    public static SSLContext trustful() {
        return context(null);
    }

    /** With a certificate of its own, which {@code client-ca.pem} has issued. */
    static SSLContext withClientCertificate() throws BadPem {
        return context(TlsMaterial.load(file("client-cert.pem"), file("client-key.pem"), ""));
    }

    private static SSLContext context(@Nullable TlsMaterial own) {
        try {
            return new ClientTls(own, List.of(), true).context();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }
}
