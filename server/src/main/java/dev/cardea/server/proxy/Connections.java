package dev.cardea.server.proxy;

import dev.cardea.server.config.ProxyTlsConfig;
import dev.cardea.server.tls.BadPem;
import java.io.EOFException;
import java.net.SocketException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.security.GeneralSecurityException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** HTTP connections to all backends that are trusted alike. Thread safe. */
final class Connections implements AutoCloseable {
    private final Executor threads;
    private final @Nullable SSLContext tls;
    private HttpClient client;
    private boolean isClosed;

    /**
     * @param tls not enabled: as the JDK trusts
     */
    Connections(Executor threads, ProxyTlsConfig tls) {
        this.threads = threads;
        try {
            this.tls = tls.enabled() ? tls.load().context() : null;
        } catch (BadPem | GeneralSecurityException e) {
            throw new IllegalStateException("http.tls of a proxy can't be used", e);
        }
        this.client = newClient();
    }

    /**
     * HTTP/1.1: an offer of HTTP/2 without TLS puzzles some servers. No redirects: what a client
     * sent goes to the configured address only.
     */
    private HttpClient newClient() {
        HttpClient.Builder builder =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .followRedirects(HttpClient.Redirect.NEVER)
                        .executor(threads);
        if (tls != null) builder.sslContext(tls);
        return builder.build();
    }

    /** Asks; returns at once. To cancel it closes its connection. */
    synchronized CompletableFuture<HttpResponse<byte[]>> send(
            HttpRequest request, BodyHandler<byte[]> reader) {
        HttpClient by = client;
        CompletableFuture<HttpResponse<byte[]>> exchange = by.sendAsync(request, reader);
        var _ =
                exchange.whenComplete((_, why) -> {
                    if (why != null) failed(by, why);
                });
        return exchange;
    }

    /**
     * An answer that can't be read as HTTP (headers or a chunk's head that don't end) leaves its
     * connection open in JDK 25, and nobody reads it: such a client isn't asked again, and closes
     * what it has when its other calls are over.
     */
    private synchronized void failed(HttpClient by, Throwable why) {
        if (!by.equals(client) || isClosed || closesByItself(why)) return;
        client = newClient();
        by.shutdown();
    }

    private static boolean closesByItself(Throwable why) {
        for (Throwable cause = why; cause != null; cause = cause.getCause()) {
            switch (cause) {
                case SocketException _,
                        SSLException _,
                        EOFException _,
                        BoundedBody.TooLong _,
                        CancellationException _ -> {
                    return true;
                }
                default -> {}
            }
        }
        return false;
    }

    /** Calls that are under way fail. */
    @Override
    public synchronized void close() {
        isClosed = true;
        client.shutdownNow();
    }
}
