package dev.cardea.server.quic;

import dev.cardea.server.tls.TlsMaterial;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicSslContext;
import io.netty.handler.codec.quic.QuicSslContextBuilder;
import io.netty.handler.codec.quic.QuicSslEngine;
import io.netty.handler.ssl.ClientAuth;
import java.security.cert.X509Certificate;

/**
 * TLS 1.3 for the QUIC connections of one port. Thread safe; connections keep what they began with
 * when it is renewed.
 */
final class QuicTls {
    private static final String HTTP_3 = "h3";

    private volatile TlsMaterial material;
    private volatile QuicSslContext context;

    QuicTls(TlsMaterial material) {
        this.material = material;
        this.context = context(material);
    }

    /** New connections speak with this; returns false if it was known already. */
    synchronized boolean renew(TlsMaterial next) {
        if (material.equals(next)) return false;
        context = context(next);
        material = next;
        return true;
    }

    private static QuicSslContext context(TlsMaterial material) {
        X509Certificate[] chain = material.chain().toArray(X509Certificate[]::new);
        QuicSslContextBuilder builder =
                QuicSslContextBuilder.forServer(material.key(), null, chain)
                        .applicationProtocols(HTTP_3)
                        // what comes before the handshake's end may be a replay
                        .earlyData(false);
        if (!material.clientCas().isEmpty()) {
            builder.trustManager(material.clientCas().toArray(X509Certificate[]::new))
                    .clientAuth(ClientAuth.REQUIRE);
        }
        return builder.build();
    }

    QuicSslEngine engine(QuicChannel channel) {
        return context.newEngine(channel.alloc());
    }
}
