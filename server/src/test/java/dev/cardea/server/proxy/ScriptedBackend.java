package dev.cardea.server.proxy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLServerSocket;

/** An HTTP server that answers with the bytes that a test says, and remembers what it was asked. */
public final class ScriptedBackend implements AutoCloseable {
    /** A request; header names are in lower case. */
    public record Asked(String path, Map<String, String> headers, String body) {}

    /** Writes an answer. */
    public interface Script {
        void answer(Asked asked, OutputStream out) throws IOException, InterruptedException;
    }

    private final ServerSocket listener;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final List<Asked> asked = new CopyOnWriteArrayList<>();
    private volatile Script script = (_, out) -> out.write(ok("{}"));

    public ScriptedBackend() throws IOException {
        this(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
    }

    /** On a socket of the test's, which may speak TLS. */
    ScriptedBackend(ServerSocket listener) {
        this.listener = listener;
        Thread.startVirtualThread(this::accept);
    }

    public String url(String path) {
        String scheme = listener instanceof SSLServerSocket ? "https" : "http";
        return scheme + "://localhost:" + listener.getLocalPort() + path;
    }

    public ScriptedBackend answers(Script script) {
        this.script = script;
        return this;
    }

    /** Answers everything with 200 and this. */
    public ScriptedBackend answers(String json) {
        return answers((_, out) -> out.write(ok(json)));
    }

    public List<Asked> asked() {
        return asked;
    }

    /** An answer with 200. */
    public static byte[] ok(String json) {
        return response("200 OK", json);
    }

    static byte[] response(String status, String body) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        return ("HTTP/1.1 " + status + "\r\nContent-Length: " + bytes.length + "\r\n\r\n" + body)
                .getBytes(StandardCharsets.UTF_8);
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = listener.accept();
                open.add(socket);
                Thread.startVirtualThread(() -> serve(socket));
            }
        } catch (IOException _) {
            // closed
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            InputStream in = socket.getInputStream();
            OutputStream out = socket.getOutputStream();
            while (true) {
                Asked request = read(in);
                asked.add(request);
                script.answer(request, out);
                out.flush();
            }
        } catch (IOException | InterruptedException _) {
            // the peer has gone, or the test is over
        }
    }

    private static Asked read(InputStream in) throws IOException {
        String path = line(in).split(" ", 3)[1];
        Map<String, String> headers = new TreeMap<>();
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            String[] header = line.split(": *", 2);
            headers.put(header[0].toLowerCase(Locale.ROOT), header[1]);
        }
        int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
        return new Asked(path, headers, new String(in.readNBytes(length), StandardCharsets.UTF_8));
    }

    private static String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) throw new IOException("the peer has gone");
            if (b != '\r') line.write(b);
        }
        return line.toString(StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : open) socket.close();
    }
}
