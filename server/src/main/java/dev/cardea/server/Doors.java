package dev.cardea.server;

import dev.cardea.server.config.HttpServerConfig;
import dev.cardea.server.net.HttpLimits;
import dev.cardea.server.net.HttpPipeline;
import dev.cardea.server.net.HttpRoutes;
import dev.cardea.server.net.Listener;
import dev.cardea.server.net.NettyLoops;
import dev.cardea.server.net.Tls;
import dev.cardea.server.quic.Http3Door;
import dev.cardea.server.quic.QuicDoor;
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

    private final Certificates certificates;

    private Doors(
            Door external,
            @Nullable Door internal,
            @Nullable QuicDoor quic,
            Certificates certificates) {
        this.external = external;
        this.internal = internal;
        this.quic = quic;
        this.certificates = certificates;
    }

    /**
     * @param internal null: everything is external
     * @param http3 null: without
     * @param certificates of all of them
     */
    static Doors open(
            NettyLoops loops,
            HttpServerConfig config,
            HttpRoutes external,
            @Nullable HttpRoutes internal,
            @Nullable Http3Door http3,
            Certificates certificates)
            throws IOException {
        Door first =
                open(
                        loops,
                        config.address(),
                        config.port(),
                        certificates.external(config),
                        external);
        QuicDoor quic = null;
        try {
            // elsewhere than on Linux 'dev' goes on without
            TlsMaterial material = certificates.quic(config);
            boolean goesOnWithout = certificates.areForDevelopment();
            if (http3 != null && material != null && (!goesOnWithout || QuicDoor.isAvailable())) {
                int port = first.listener().port();
                quic = QuicDoor.open(loops, config.address(), port, material, http3);
            }
            if (internal == null) return new Doors(first, null, quic, certificates);
            Door second =
                    open(
                            loops,
                            config.effectiveInternalAddress(),
                            config.effectiveInternalPort(),
                            certificates.internal(config),
                            internal);
            return new Doors(first, second, quic, certificates);
        } catch (IOException e) {
            if (quic != null) quic.close();
            first.listener().close();
            throw e;
        }
    }

    private static Door open(
            NettyLoops loops,
            String address,
            int port,
            @Nullable TlsMaterial material,
            HttpRoutes routes)
            throws IOException {
        Tls tls = material == null ? null : Tls.of(material);
        HttpPipeline pipeline = new HttpPipeline(routes, HttpLimits.DEFAULT, tls);
        return new Door(Listener.bind(loops, address, port, pipeline), tls);
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
        boolean changed = renew(external, certificates.external(config));
        if (internal != null) changed |= renew(internal, certificates.internal(config));
        TlsMaterial material = quic == null ? null : certificates.quic(config);
        if (quic != null && material != null) changed |= quic.renewTls(material);
        return changed;
    }

    private static boolean renew(Door door, @Nullable TlsMaterial material) throws IOException {
        return door.tls() != null && material != null && door.tls().renew(material);
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
