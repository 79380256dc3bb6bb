package dev.cardea.server.tls;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * What a client needs to speak TLS with a server that the JDK's authorities don't know, or that
 * wants to know the client. Immutable.
 *
 * @param own the client's certificate and key; null: it has none
 * @param serverCas authorities, one of which must have issued the server's certificate; empty:
 *     those of the JDK
 * @param trustsAnybody no certificate is looked at, nor the name in it
 */
public record ClientTls(
        @Nullable TlsMaterial own, List<X509Certificate> serverCas, boolean trustsAnybody) {
    private static final char[] NO_PASSWORD = {};

    public ClientTls {
        serverCas = List.copyOf(serverCas);
    }

    /**
     * Reads the settings, each PEM, PEM in base64 or the name of a file. Reads files.
     *
     * @param certPem empty: the client has no certificate
     * @param serverCaPem may be empty
     */
    public static ClientTls load(
            String certPem, String keyPem, String serverCaPem, boolean trustsAnybody)
            throws BadPem {
        return new ClientTls(
                certPem.isEmpty() ? null : TlsMaterial.load(certPem, keyPem, ""),
                serverCaPem.isEmpty()
                        ? List.of()
                        : TlsMaterial.certificates("server_ca_pem", serverCaPem),
                trustsAnybody);
    }

    /**
     * For connections of any number.
     *
     * @throws GeneralSecurityException the JDK doesn't take such a key or certificate
     */
    public SSLContext context() throws GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys(), trust(), null);
        return context;
    }

    private KeyManager @Nullable [] keys() throws GeneralSecurityException {
        if (own == null) return null;
        KeyStore store = emptyStore();
        X509Certificate[] chain = own.chain().toArray(X509Certificate[]::new);
        store.setKeyEntry("own", own.key(), NO_PASSWORD, chain);
        KeyManagerFactory factory =
                KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, NO_PASSWORD);
        return factory.getKeyManagers();
    }

    private TrustManager @Nullable [] trust() throws GeneralSecurityException {
        if (trustsAnybody) return new TrustManager[] {new Anybody()};
        if (serverCas.isEmpty()) return null;
        KeyStore store = emptyStore();
        for (X509Certificate each : serverCas) {
            store.setCertificateEntry(Integer.toString(store.size()), each);
        }
        TrustManagerFactory factory =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory.getTrustManagers();
    }

    private static KeyStore emptyStore() throws GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try {
            store.load(null, null);
        } catch (IOException e) {
            throw new GeneralSecurityException(e); // nothing is read
        }
        return store;
    }

    /** Extended, so that nobody checks the name in the certificate in its stead. */
    private static final class Anybody extends X509ExtendedTrustManager {
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
