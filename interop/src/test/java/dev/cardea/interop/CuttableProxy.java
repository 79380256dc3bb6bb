package dev.cardea.interop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A TCP proxy in front of the server that can cut its connections without a word, like a lost
 * network.
 */
final class CuttableProxy implements AutoCloseable {
    private final ServerSocket listener;
    private final int serverPort;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private volatile boolean isCut;

    CuttableProxy(int serverPort) throws IOException {
        this.serverPort = serverPort;
        listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    String url() {
        return "ws://127.0.0.1:" + listener.getLocalPort() + "/connection/websocket";
    }

    /** Resets every connection; new ones are refused until mended. */
    void cut() {
        isCut = true;
        sockets.forEach(CuttableProxy::reset);
    }

    void mend() {
        isCut = false;
    }

    @Override
    public void close() throws IOException {
        cut();
        listener.close();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                serve(listener.accept());
            } catch (IOException e) {
                if (!listener.isClosed()) throw new UncheckedIOException(e);
            }
        }
    }

    private void serve(Socket down) throws IOException {
        sockets.add(down);
        if (isCut) {
            reset(down);
            return;
        }
        var up = new Socket(InetAddress.getLoopbackAddress(), serverPort);
        sockets.add(up);
        if (isCut) { // cut between the look above and now
            reset(up);
            reset(down);
            return;
        }
        Thread.ofVirtual().start(() -> copy(down, up));
        Thread.ofVirtual().start(() -> copy(up, down));
    }

    private void copy(Socket from, Socket to) {
        try (from;
                to) {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException e) {
            // cut, or closed by either side
        } finally {
            sockets.remove(from);
        }
    }

    private static void reset(Socket socket) {
        try {
            socket.setSoLinger(true, 0); // close sends RST
            socket.close();
        } catch (IOException e) {
            // it is closed already
        }
    }
}
