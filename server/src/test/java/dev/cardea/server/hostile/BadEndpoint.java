package dev.cardea.server.hostile;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/** An HTTP server that Cardea asks, and that answers as a test says. */
final class BadEndpoint implements AutoCloseable {
    private static final String PATH = "/asked";
    private static final byte[] MUCH = "[".repeat(64 * 1024).getBytes(StandardCharsets.UTF_8);

    /** A gigabyte. */
    static final Body ENDLESS =
            (out, written) -> {
                for (int i = 0; i < 16_384; i++) {
                    out.write(MUCH);
                    written.addAndGet(MUCH.length);
                }
            };

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final AtomicLong requests = new AtomicLong();
    private final AtomicLong written = new AtomicLong();
    private final HttpServer http;

    interface Body {
        /**
         * @param written counts what was
         */
        void write(OutputStream out, AtomicLong written) throws IOException;
    }

    BadEndpoint() throws IOException {
        http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        http.setExecutor(threads);
        http.createContext(PATH);
        http.start();
    }

    static Body text(String body) {
        return (out, _) -> out.write(body.getBytes(StandardCharsets.UTF_8));
    }

    /** From now on; returns where. */
    String answers(int status, Body body) {
        http.removeContext(PATH);
        http.createContext(
                PATH,
                exchange -> {
                    requests.incrementAndGet();
                    try (exchange) {
                        exchange.getResponseHeaders().add("Location", "/elsewhere");
                        exchange.sendResponseHeaders(status, 0);
                        body.write(exchange.getResponseBody(), written);
                    }
                });
        return "http://127.0.0.1:" + http.getAddress().getPort() + PATH;
    }

    long requests() {
        return requests.get();
    }

    long writtenBytes() {
        return written.get();
    }

    @Override
    public void close() {
        http.stop(0);
        threads.shutdownNow();
    }
}
