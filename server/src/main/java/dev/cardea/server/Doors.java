package dev.cardea.server;

import dev.cardea.server.config.HttpServerConfig;
import dev.cardea.server.config.TlsConfig;
import dev.cardea.server.net.HttpLimits;
import dev.cardea.server.net.HttpPipeline;
import dev.cardea.server.net.HttpRoutes;
import dev.cardea.server.net.Listener;
import dev.cardea.server.net.NettyLoops;
import dev.cardea.server.net.Tls;
import dev.cardea.server.quic.Http3Door;
import dev.cardea.server.quic.QuicDoor;
import dev.cardea.server.tls.BadPem;
import dev.cardea.server.tls.TlsMaterial;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Where the server listens: one port for all, or one for clients and one for what is internal. Each
 * with TLS or without.
 */
final class Doors implements AutoCloseable {
    private record Door(Listener listener, @Nullable Tls tls) {}

    private final Door external;
    private final @Nullable Door internal;
    private final @Nullable QuicDoor quic;

    /** Null where QUIC has the configured certificate. */
    private final @Nullable DevelopmentTls development;

    private Doors(
            Door external,
            @Nullable Door internal,
            @Nullable QuicDoor quic,
            @Nullable DevelopmentTls development) {
        this.external = external;
        this.internal = internal;
        this.quic = quic;
        this.development = development;
    }

    /**
     * @param internal null: everything is external
     * @param http3 null: without
     * @param development what HTTP/3 uses where there is no TLS
     */
    static Doors open(
            NettyLoops loops,
            HttpServerConfig config,
            HttpRoutes external,
            @Nullable HttpRoutes internal,
            @Nullable Http3Door http3,
            @Nullable DevelopmentTls development)
            throws IOException {
        Door first = open(loops, config.address(), config.port(), config.tls(), external);
        QuicDoor quic = null;
        try {
            // elsewhere than on Linux 'dev' goes on without
            if (http3 != null && (development == null || QuicDoor.isAvailable())) {
                TlsMaterial material = material(config.tls(), development);
                int port = first.listener().port();
                quic = QuicDoor.open(loops, config.address(), port, material, http3);
            }
            if (internal == null) return new Doors(first, null, quic, development);
            Door second =
                    open(
                            loops,
                            config.effectiveInternalAddress(),
                            config.effectiveInternalPort(),
                            config.effectiveInternalTls(),
                            internal);
            return new Doors(first, second, quic, development);
        } catch (IOException e) {
            if (quic != null) quic.close();
            first.listener().close();
            throw e;
        }
    }

    private static Door open(
            NettyLoops loops, String address, int port, TlsConfig config, HttpRoutes routes)
            throws IOException {
        Tls tls = config.enabled() ? tls(config) : null;
        HttpPipeline pipeline = new HttpPipeline(routes, HttpLimits.DEFAULT, tls);
        return new Door(Listener.bind(loops, address, port, pipeline), tls);
    }

    private static Tls tls(TlsConfig config) throws IOException {
        try {
            return Tls.of(config.load());
        } catch (BadPem e) {
            throw new IOException(e.setting() + " " + e.getMessage(), e);
        }
    }

    private static TlsMaterial material(TlsConfig config, @Nullable DevelopmentTls development)
            throws IOException {
        if (development != null) return development.material();
        try {
            return config.load();
        } catch (BadPem e) {
            throw new IOException(e.setting() + " " + e.getMessage(), e);
        }
    }

    int port() {
        return external.listener().port();
    }

    /** The same as {@link #port} where that serves everything. */
    int internalPort() {
        return (internal == null ? external : internal).listener().port();
    }

    boolean speaksTls() {
        return external.tls() != null;
    }

    /**
     * Reads the certificates anew, for connections that begin from now on.
     *
     * @return whether any has changed
     */
    boolean renewTls(HttpServerConfig config) throws IOException {
        boolean changed = renew(external, config.tls());
        if (internal != null) changed |= renew(internal, config.effectiveInternalTls());
        if (quic != null && (development != null || config.tls().enabled()))
            changed |= quic.renewTls(material(config.tls(), development));
        return changed;
    }

    private static boolean renew(Door door, TlsConfig config) throws IOException {
        if (door.tls() == null || !config.enabled()) return false;
        try {
            return door.tls().renew(config.load());
        } catch (BadPem e) {
            throw new IOException(e.setting() + " " + e.getMessage(), e);
        }
    }

    /** No new connections of clients; what is internal goes on. */
    void closeExternal() {
        if (quic != null) quic.stopAccepting();
        external.listener().close();
    }

    @Override
    public void close() {
        if (quic != null) quic.close();
        external.listener().close();
        if (internal != null) internal.listener().close();
    }
}
