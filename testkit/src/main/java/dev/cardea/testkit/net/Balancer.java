package dev.cardea.testkit.net;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A TCP load balancer as operators have one: it asks servers on this machine whether they are
 * ready, gives each connection to the next that is, and to another if that one refuses.
 */
public final class Balancer implements AutoCloseable {
    private static final Duration BETWEEN_QUESTIONS = Duration.ofMillis(50);
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final ServerSocket listener;
    private final HttpClient asking = HttpClient.newBuilder().connectTimeout(PATIENCE).build();
    private final Set<Integer> ports = ConcurrentHashMap.newKeySet();
    private final Set<Integer> ready = ConcurrentHashMap.newKeySet();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger next = new AtomicInteger();

    private Balancer() throws IOException {
        listener = new ServerSocket(0, 1024, InetAddress.getLoopbackAddress());
    }

    public static Balancer start() throws IOException {
        Balancer balancer = new Balancer();
        Thread.ofVirtual().start(balancer::accept);
        Thread.ofVirtual().start(balancer::ask);
        return balancer;
    }

    public int port() {
        return listener.getLocalPort();
    }

    /** One more server, which serves {@code /health/ready}; connections come once it is ready. */
    public void add(int port) {
        ports.add(port);
    }

    public void remove(int port) {
        ports.remove(port);
        ready.remove(port);
    }

    /** Whether connections are given to the server. */
    public boolean isReady(int port) {
        return ready.contains(port);
    }

    private void ask() {
        try {
            while (!listener.isClosed()) {
                for (int port : ports) {
                    if (answersReady(port)) ready.add(port);
                    else ready.remove(port);
                }
                Thread.sleep(BETWEEN_QUESTIONS);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean answersReady(int port) throws InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + port + "/health/ready");
        try {
            return asking.send(
                                    HttpRequest.newBuilder(uri).timeout(PATIENCE).build(),
                                    BodyHandlers.discarding())
                            .statusCode()
                    == 200;
        } catch (IOException _) {
            return false;
        }
    }

    private void accept() {
        while (true) {
            try {
                Socket down = listener.accept();
                open.add(down);
                Thread.ofVirtual().start(() -> serve(down));
            } catch (IOException _) {
                return; // closed
            }
        }
    }

    private void serve(Socket down) {
        List<Integer> tried = new ArrayList<>(ready);
        Collections.sort(tried);
        if (!tried.isEmpty())
            Collections.rotate(tried, -Math.floorMod(next.getAndIncrement(), tried.size()));
        for (int port : tried) {
            Socket up = new Socket();
            try {
                up.connect(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                        (int) PATIENCE.toMillis());
                up.setTcpNoDelay(true);
                down.setTcpNoDelay(true);
            } catch (IOException _) {
                continue; // to the next one
            }
            open.add(up);
            Thread.ofVirtual().start(() -> pass(up, down));
            pass(down, up);
            return;
        }
        end(down);
    }

    /** The end of either direction is the end of both. */
    private void pass(Socket from, Socket to) {
        try (InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream()) {
            in.transferTo(out);
        } catch (IOException _) {
            // one side has gone
        } finally {
            end(from);
            end(to);
        }
    }

    private void end(Socket socket) {
        open.remove(socket);
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        open.forEach(this::end);
        asking.shutdownNow();
    }
}
