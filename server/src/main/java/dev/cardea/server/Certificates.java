package dev.cardea.server;

import dev.cardea.server.acme.AutoCert;
import dev.cardea.server.config.HttpServerConfig;
import dev.cardea.server.config.TlsConfig;
import dev.cardea.server.tls.BadPem;
import dev.cardea.server.tls.TlsMaterial;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Which certificate each port shows now: one from files, one that an authority has issued, or one
 * that is made for development. Files are read with every call. Thread safe.
 *
 * @param auto null: without
 * @param development what HTTP/3 shows where there is no TLS; null: there is
 */
record Certificates(@Nullable AutoCert auto, @Nullable DevelopmentTls development) {
    boolean areForDevelopment() {
        return development != null;
    }

    /** Of what clients connect to; null: without TLS. */
    @Nullable TlsMaterial external(HttpServerConfig config) throws IOException {
        return auto != null ? auto.material() : load(config.tls());
    }

    /** Of what is internal, if that is apart; null: without TLS. */
    @Nullable TlsMaterial internal(HttpServerConfig config) throws IOException {
        return auto != null && config.isInternalTlsAutomatic()
                ? auto.material()
                : load(config.effectiveInternalTls());
    }

    /** Of HTTP/3; null: without TLS. */
    @Nullable TlsMaterial quic(HttpServerConfig config) throws IOException {
        return development != null ? development.material() : external(config);
    }

    private static @Nullable TlsMaterial load(TlsConfig config) throws IOException {
        if (!config.enabled()) return null;
        try {
            return config.load();
        } catch (BadPem e) {
            throw new IOException(e.setting() + " " + e.getMessage(), e);
        }
    }
}
