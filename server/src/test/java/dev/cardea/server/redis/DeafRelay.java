package dev.cardea.server.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Stands between a node and Redis, and can lose what is published on the way of the answers. */
final class DeafRelay implements AutoCloseable {
    private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final int redis;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final Set<Socket> deaf = ConcurrentHashMap.newKeySet();

    DeafRelay(int redis) throws IOException {
        this.redis = redis;
        Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    /** From now on the connections that there are bring answers, and no messages. */
    void deafen() {
        deaf.addAll(sockets);
    }

    private void accept() {
        try {
            while (true) {
                Socket down = listener.accept();
                Socket up = new Socket(InetAddress.getLoopbackAddress(), redis);
                sockets.add(down);
                Thread.ofVirtual().start(() -> pass(down, up, false));
                Thread.ofVirtual().start(() -> pass(up, down, true));
            }
        } catch (IOException _) {
            // closed
        }
    }

    private void pass(Socket from, Socket to, boolean isAnswer) {
        byte[] some = new byte[64 * 1024];
        try (from;
                to;
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream()) {
            for (int n = in.read(some); n >= 0; n = in.read(some)) {
                boolean isMessage =
                        new String(some, 0, n, StandardCharsets.ISO_8859_1)
                                .contains("\r\nmessage\r\n");
                if (isAnswer && isMessage && deaf.contains(to)) continue;
                out.write(some, 0, n);
            }
        } catch (IOException _) {
            // one side has ended, and with it the other
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket each : sockets) each.close();
    }
}
