package dev.cardea.testkit.websocket;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.cardea.wire.websocket.Handshake;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/** The client's half of the opening handshake, RFC 6455 section 4.1. */
final class UpgradeRequest {
    private static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";

    private final String host;
    private final int port;
    String path = "/";
    final Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

    UpgradeRequest(String host, int port) {
        this.host = host;
        this.port = port;
        headers.put("Host", host + ":" + port);
        headers.put("Upgrade", "websocket");
        headers.put("Connection", "Upgrade");
        headers.put("Sec-WebSocket-Key", KEY);
        headers.put("Sec-WebSocket-Version", "13");
    }

    /** Connects, and leaves the socket behind the response's head. */
    UpgradeResponse exchange(Socket socket, Duration within) throws IOException {
        int millis = (int) Math.max(1, within.toMillis());
        socket.connect(new InetSocketAddress(host, port), millis);
        socket.setSoTimeout(millis);
        socket.getOutputStream().write(text().getBytes(UTF_8));
        UpgradeResponse response = new UpgradeResponse(readHead(socket.getInputStream()));
        if (response.status() != 101) {
            throw new HandshakeRefused(
                    response.status(),
                    response.head(),
                    readBody(socket.getInputStream(), response));
        }
        String accept = response.header("Sec-WebSocket-Accept");
        String key = headers.getOrDefault("Sec-WebSocket-Key", "");
        if (!accept.equals(Handshake.accept(key))) {
            throw new IOException("wrong Sec-WebSocket-Accept: " + accept);
        }
        return response;
    }

    private String text() {
        StringBuilder text = new StringBuilder("GET " + path + " HTTP/1.1\r\n");
        headers.forEach((name, value) -> {
            if (!value.isEmpty()) text.append(name + ": " + value + "\r\n");
        });
        return text.append("\r\n").toString();
    }

    /** Byte by byte: frames may follow at once, and they aren't ours to read. */
    private static String readHead(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        int matched = 0;
        while (matched < 4) {
            int next = in.read();
            if (next < 0) break;
            head.write(next);
            matched = next == "\r\n\r\n".charAt(matched) ? matched + 1 : next == '\r' ? 1 : 0;
        }
        return head.toString(ISO_8859_1);
    }

    private static String readBody(InputStream in, UpgradeResponse response) throws IOException {
        String length = response.header("Content-Length");
        byte[] body =
                length.isEmpty() ? in.readAllBytes() : in.readNBytes(Integer.parseInt(length));
        return new String(body, UTF_8);
    }
}
