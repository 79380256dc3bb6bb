package dev.cardea.server.net;

import dev.cardea.server.tls.TlsMaterial;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import java.util.List;
import javax.net.ssl.SSLException;

/**
 * TLS 1.2 and 1.3 for the connections of one port. Thread safe; connections keep what they began
 * with when it is renewed.
 */
public final class Tls {
    /** For a peer that doesn't read any more; then the connection is ended without a goodbye. */
    private static final long CLOSE_MILLIS = 1000;

    private volatile TlsMaterial material;
    private volatile SslContext context;

    private Tls(TlsMaterial material, SslContext context) {
        this.material = material;
        this.context = context;
    }

    /**
     * @throws SSLException the library doesn't take such a key or certificate
     */
    public static Tls of(TlsMaterial material) throws SSLException {
        return new Tls(material, context(material));
    }

    /** New connections speak with this; returns false if it was known already. */
    public synchronized boolean renew(TlsMaterial next) throws SSLException {
        if (material.equals(next)) return false;
        context = context(next);
        material = next;
        return true;
    }

    private static SslContext context(TlsMaterial material) throws SSLException {
        SslContextBuilder builder =
                SslContextBuilder.forServer(material.key(), material.chain())
                        .sslProvider(OpenSsl.isAvailable() ? SslProvider.OPENSSL : SslProvider.JDK)
                        .protocols(List.of("TLSv1.3", "TLSv1.2"))
                        .applicationProtocolConfig(
                                new ApplicationProtocolConfig(
                                        Protocol.ALPN,
                                        SelectorFailureBehavior.NO_ADVERTISE,
                                        SelectedListenerFailureBehavior.ACCEPT,
                                        ApplicationProtocolNames.HTTP_2,
                                        ApplicationProtocolNames.HTTP_1_1));
        if (!material.clientCas().isEmpty()) {
            builder.trustManager(material.clientCas()).clientAuth(ClientAuth.REQUIRE);
        }
        return builder.build();
    }

    public SslHandler handler(ByteBufAllocator allocator) {
        SslHandler handler = context.newHandler(allocator);
        handler.setCloseNotifyFlushTimeoutMillis(CLOSE_MILLIS);
        return handler;
    }
}
