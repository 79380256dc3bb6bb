package dev.cardea.testkit.websocket;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.cardea.wire.ByteWriter;
import dev.cardea.wire.websocket.FrameWriter;
import dev.cardea.wire.websocket.Opcode;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** The server's end of one connection, whose bytes the test decides. */
final class ScriptedServer implements AutoCloseable {
    static final String SWITCHING =
            String.join(
                    "\r\n",
                    "HTTP/1.1 101 Switching Protocols",
                    "Upgrade: websocket",
                    "Connection: Upgrade",
                    "sec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=",
                    "",
                    "");

    private final ServerSocket listening;
    private Socket socket = new Socket();
    private String requestHead = "";

    ScriptedServer() throws IOException {
        listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    }

    int port() {
        return listening.getLocalPort();
    }

    /** Lets the client connect, with this as the answer to its handshake. */
    RawWebSocket accept(RawWebSocket.Dial dial, String answer) throws Exception {
        CompletableFuture<Socket> accepted = new CompletableFuture<>();
        Thread.startVirtualThread(() -> {
            try {
                Socket client = listening.accept();
                requestHead = readHead(client.getInputStream());
                client.getOutputStream().write(answer.getBytes(ISO_8859_1));
                accepted.complete(client);
            } catch (IOException e) {
                accepted.completeExceptionally(e);
            }
        });
        RawWebSocket client = dial.connect(Duration.ofSeconds(5));
        socket = accepted.get();
        return client;
    }

    RawWebSocket accept(RawWebSocket.Dial dial) throws Exception {
        return accept(dial, SWITCHING);
    }

    /** What the client's handshake was. */
    String requestHead() {
        return requestHead;
    }

    Socket socket() {
        return socket;
    }

    void raw(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    void text(String text) throws IOException {
        ByteWriter out = new ByteWriter();
        FrameWriter.frame(Opcode.TEXT, ByteBuffer.wrap(text.getBytes(UTF_8)), out);
        raw(out.toArray());
    }

    void closeFrame(int code, String reason) throws IOException {
        ByteWriter out = new ByteWriter();
        FrameWriter.close(code, reason, out);
        raw(out.toArray());
    }

    /** Reads a short masked text frame. */
    String readText() throws IOException {
        byte[] header = socket.getInputStream().readNBytes(6);
        byte[] payload = socket.getInputStream().readNBytes(header[1] & 0x7F);
        for (int i = 0; i < payload.length; i++) payload[i] ^= header[2 + i % 4];
        return new String(payload, UTF_8);
    }

    @Override
    public void close() throws IOException {
        socket.close();
        listening.close();
    }

    private static String readHead(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) head.append((char) in.read());
        return head.toString();
    }
}
