package dev.cardea.testkit.websocket;

import dev.cardea.wire.ByteWriter;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.websocket.FrameListener;
import dev.cardea.wire.websocket.FrameReader;
import dev.cardea.wire.websocket.FrameWriter;
import dev.cardea.wire.websocket.Opcode;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * A blocking WebSocket client that can misbehave: it sends any bytes, answers no ping and no close
 * on its own, reads only when asked (so whoever doesn't ask is a slow reader), and can reset the
 * connection.
 *
 * <p>One thread reads; any thread may send.
 */
public final class RawWebSocket implements AutoCloseable {
    private static final int MAX_MESSAGE_BYTES = 1 << 28;

    private final Socket socket;
    private final UpgradeResponse response;
    private final SplittableRandom keys = new SplittableRandom(0x5EED);
    private final ByteWriter out = new ByteWriter();

    private final FrameReader frames = new FrameReader(FrameReader.Side.CLIENT, MAX_MESSAGE_BYTES);
    private final Arrivals arrivals = new Arrivals();
    private final byte[] piece = new byte[16_384];

    RawWebSocket(Socket socket, UpgradeResponse response) {
        this.socket = socket;
        this.response = response;
    }

    public static Dial to(String host, int port) {
        return new Dial(host, port);
    }

    /** The status line and the headers of the 101 response, as they came. */
    public String responseHead() {
        return response.head();
    }

    /** All values of a header of the 101 response, comma-separated; empty if it isn't there. */
    public String responseHeader(String name) {
        return response.header(name);
    }

    public void text(String text) throws IOException {
        frame(Opcode.TEXT, text.getBytes(StandardCharsets.UTF_8));
    }

    public void binary(byte[] payload) throws IOException {
        frame(Opcode.BINARY, payload);
    }

    public void ping(byte[] payload) throws IOException {
        frame(Opcode.PING, payload);
    }

    public void pong(byte[] payload) throws IOException {
        frame(Opcode.PONG, payload);
    }

    public void closeFrame(int code, String reason) throws IOException {
        ByteBuffer payload = FrameWriter.closePayload(code, reason);
        frame(Opcode.CLOSE, Bytes.copyOf(payload).toArray());
    }

    /** One whole masked frame, in one write. */
    public synchronized void frame(int opcode, byte[] payload) throws IOException {
        out.clear();
        FrameWriter.masked(opcode, ByteBuffer.wrap(payload), keys.nextInt(), out);
        socket.getOutputStream().write(out.array(), 0, out.length());
    }

    /** Any bytes, in one write: half a frame, many frames, no frame at all. */
    public synchronized void raw(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    /**
     * Waits for the next frame or message, or the end.
     *
     * @throws SocketTimeoutException nothing whole arrived in time; what arrived in part is kept
     * @throws dev.cardea.wire.websocket.ProtocolError the server broke the protocol
     */
    public Incoming next(Duration within) throws IOException {
        long deadlineNanos = System.nanoTime() + within.toNanos();
        while (arrivals.queue.isEmpty()) {
            long leftMillis = (deadlineNanos - System.nanoTime() + 999_999) / 1_000_000;
            if (leftMillis <= 0) throw new SocketTimeoutException("nothing came in " + within);
            socket.setSoTimeout((int) Math.min(leftMillis, Integer.MAX_VALUE));
            int count;
            try {
                count = socket.getInputStream().read(piece);
            } catch (SocketException | SSLException e) {
                return new Incoming.Reset();
            }
            if (count < 0) return new Incoming.End();
            frames.read(ByteBuffer.wrap(piece, 0, count), arrivals);
        }
        return arrivals.queue.remove();
    }

    /** Reads and drops everything until the connection ends, and says how it did. */
    public Incoming end(Duration within) throws IOException {
        long deadlineNanos = System.nanoTime() + within.toNanos();
        while (true) {
            Incoming incoming = next(Duration.ofNanos(deadlineNanos - System.nanoTime()));
            if (incoming instanceof Incoming.End || incoming instanceof Incoming.Reset) {
                return incoming;
            }
        }
    }

    /** Ends our direction of the TCP connection; reading goes on. */
    public void shutdownOutput() throws IOException {
        socket.shutdownOutput();
    }

    /** Ends the connection with a TCP reset. */
    public void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    public int localPort() {
        return socket.getLocalPort();
    }

    /** Closes the TCP connection, without a close frame. */
    @Override
    public void close() throws IOException {
        socket.close();
    }

    /** Where to, and how; one connection for each call of {@link #connect}. */
    public static final class Dial {
        private final UpgradeRequest request;
        private int receiveBufferBytes;
        private @Nullable SSLContext tls;

        private Dial(String host, int port) {
            request = new UpgradeRequest(host, port);
        }

        /** The path with its query; {@code /} otherwise. */
        public Dial path(String path) {
            request.path = path;
            return this;
        }

        /** Adds a header, or replaces one of the handshake's own; an empty value removes those. */
        public Dial header(String name, String value) {
            request.headers.put(name, value);
            return this;
        }

        public Dial subprotocols(List<String> names) {
            return header("Sec-WebSocket-Protocol", String.join(", ", names));
        }

        /** SO_RCVBUF, which has to be known before connecting to bound the TCP window. */
        public Dial receiveBufferBytes(int bytes) {
            receiveBufferBytes = bytes;
            return this;
        }

        /** Speaks TLS, and trusts whom the context trusts. */
        public Dial tls(SSLContext context) {
            tls = context;
            return this;
        }

        /**
         * @throws HandshakeRefused the answer was not 101
         */
        public RawWebSocket connect(Duration within) throws IOException {
            Socket socket = tls == null ? new Socket() : tls.getSocketFactory().createSocket();
            try {
                if (receiveBufferBytes > 0) socket.setReceiveBufferSize(receiveBufferBytes);
                socket.setTcpNoDelay(true);
                return new RawWebSocket(socket, request.exchange(socket, within));
            } catch (IOException | RuntimeException e) {
                socket.close();
                throw e;
            }
        }
    }

    private static final class Arrivals implements FrameListener {
        private final Queue<Incoming> queue = new ArrayDeque<>();

        @Override
        public boolean message(boolean text, ByteBuffer payload) {
            Bytes bytes = Bytes.copyOf(payload);
            return queue.add(text ? new Incoming.Text(bytes.toUtf8()) : new Incoming.Binary(bytes));
        }

        @Override
        public boolean ping(ByteBuffer payload) {
            return queue.add(new Incoming.Ping(Bytes.copyOf(payload)));
        }

        @Override
        public boolean pong(ByteBuffer payload) {
            return queue.add(new Incoming.Pong(Bytes.copyOf(payload)));
        }

        @Override
        public void close(int code, String reason) {
            queue.add(new Incoming.Close(code, reason));
        }
    }
}
