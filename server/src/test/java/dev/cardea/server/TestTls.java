package dev.cardea.server;

import dev.cardea.server.config.ConfigLoader;
import dev.cardea.server.tls.BadPem;
import dev.cardea.server.tls.TlsMaterial;
import java.net.Socket;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

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
    static SSLContext withClientCertificate() throws BadPem, Exception {
        TlsMaterial own = TlsMaterial.load(file("client-cert.pem"), file("client-key.pem"), "");
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry(
                "own", own.key(), new char[0], own.chain().toArray(X509Certificate[]::new));
        KeyManagerFactory keys =
                KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, new char[0]);
        return context(keys);
    }

    private static SSLContext context(@org.jspecify.annotations.Nullable KeyManagerFactory keys) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(
                    keys == null ? null : keys.getKeyManagers(),
                    new TrustManager[] {new TrustsAll()},
                    null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static final class TrustsAll extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
