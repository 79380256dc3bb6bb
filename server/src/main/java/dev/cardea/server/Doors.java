package dev.cardea.server;

import dev.cardea.server.config.HttpServerConfig;
import dev.cardea.server.config.TlsConfig;
import dev.cardea.server.net.HttpLimits;
import dev.cardea.server.net.HttpPipeline;
import dev.cardea.server.net.HttpRoutes;
import dev.cardea.server.net.Listener;
import dev.cardea.server.net.NettyLoops;
import dev.cardea.server.net.Tls;
import dev.cardea.server.tls.BadPem;
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

    private Doors(Door external, @Nullable Door internal) {
        this.external = external;
        this.internal = internal;
    }

    /**
     * @param internal null: everything is external
     */
    static Doors open(
            NettyLoops loops,
            HttpServerConfig config,
            HttpRoutes external,
            @Nullable HttpRoutes internal)
            throws IOException {
        Door first = open(loops, config.address(), config.port(), config.tls(), external);
        if (internal == null) return new Doors(first, null);
        try {
            Door second =
                    open(
                            loops,
                            config.effectiveInternalAddress(),
                            config.effectiveInternalPort(),
                            config.effectiveInternalTls(),
                            internal);
            return new Doors(first, second);
        } catch (IOException e) {
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
        external.listener().close();
    }

    @Override
    public void close() {
        external.listener().close();
        if (internal != null) internal.listener().close();
    }
}
