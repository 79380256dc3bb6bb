package dev.cardea.testkit.websocket;

import dev.cardea.wire.ByteWriter;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.centrifuge.ClientCodec;
import dev.cardea.wire.centrifuge.Command;
import dev.cardea.wire.centrifuge.JsonClientCodec;
import dev.cardea.wire.centrifuge.ProtobufClientCodec;
import dev.cardea.wire.centrifuge.Reply;
import dev.cardea.wire.websocket.Opcode;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.function.Predicate;

/**
 * A blocking client of the Centrifugo protocol over a {@link RawWebSocket}, for scripts: it sends
 * the commands it is told to, several in one frame if asked, and remembers every reply it has seen.
 *
 * <p>One thread reads; any thread may send.
 */
public final class CentrifugeSocket implements AutoCloseable {
    /** The path of the server's WebSocket endpoint. */
    public static final String PATH = "/connection/websocket";

    private final RawWebSocket socket;
    private final ClientCodec codec;
    private final boolean text;
    private final Queue<Reply> replies = new ArrayDeque<>();
    private final List<Reply> seen = new ArrayList<>();
    private boolean answersPings = true;

    private CentrifugeSocket(RawWebSocket socket, ClientCodec codec, boolean text) {
        this.socket = socket;
        this.codec = codec;
        this.text = text;
    }

    public static CentrifugeSocket json(RawWebSocket socket) {
        return new CentrifugeSocket(socket, new JsonClientCodec(), true);
    }

    /** For a socket that asked for the subprotocol {@code centrifuge-protobuf}. */
    public static CentrifugeSocket protobuf(RawWebSocket socket) {
        return new CentrifugeSocket(socket, new ProtobufClientCodec(), false);
    }

    public static CentrifugeSocket connectJson(String host, int port, Duration within)
            throws IOException {
        return json(RawWebSocket.to(host, port).path(PATH).connect(within));
    }

    public static CentrifugeSocket connectProtobuf(String host, int port, Duration within)
            throws IOException {
        return protobuf(
                RawWebSocket.to(host, port)
                        .path(PATH)
                        .subprotocols(List.of("centrifuge-protobuf"))
                        .connect(within));
    }

    /**
     * Whether a ping, the protocol's or WebSocket's, is answered when it is read; it is at first.
     */
    public CentrifugeSocket answersPings(boolean answers) {
        answersPings = answers;
        return this;
    }

    /** Sends the commands together in one frame. */
    public void send(Command... commands) throws IOException {
        ByteWriter message = new ByteWriter();
        for (Command command : commands) codec.write(command, message);
        socket.frame(text ? Opcode.TEXT : Opcode.BINARY, message.toArray());
    }

    /**
     * Waits for the next reply, the ping included.
     *
     * @throws SocketTimeoutException it didn't come in time
     * @throws Closed the connection ended instead
     */
    public Reply next(Duration within) throws IOException {
        long deadlineNanos = System.nanoTime() + within.toNanos();
        while (replies.isEmpty()) {
            Duration left = Duration.ofNanos(deadlineNanos - System.nanoTime());
            take(socket.next(left));
        }
        Reply reply = replies.remove();
        seen.add(reply);
        if (reply instanceof Reply.Ping && answersPings) send(new Command.Empty(0));
        return reply;
    }

    /**
     * Passes over replies until one is as wanted, and returns that.
     *
     * @throws SocketTimeoutException it didn't come in time; the message lists what came
     * @throws Closed the connection ended instead
     */
    public Reply await(Predicate<Reply> wanted, Duration within) throws IOException {
        long deadlineNanos = System.nanoTime() + within.toNanos();
        int from = seen.size();
        while (true) {
            Reply reply;
            try {
                reply = next(Duration.ofNanos(deadlineNanos - System.nanoTime()));
            } catch (SocketTimeoutException e) {
                SocketTimeoutException telling =
                        new SocketTimeoutException(
                                "not in " + within + ", but " + seen.subList(from, seen.size()));
                telling.initCause(e);
                throw telling;
            }
            if (wanted.test(reply)) return reply;
        }
    }

    /** The same for replies of one kind. */
    public <R extends Reply> R await(Class<R> kind, Duration within) throws IOException {
        return kind.cast(await(kind::isInstance, within));
    }

    /** Waits for the answer to the command with this id. */
    public Reply.Answer answer(int id, Duration within) throws IOException {
        return (Reply.Answer)
                await(reply -> reply instanceof Reply.Answer answer && answer.id() == id, within);
    }

    /**
     * Passes over replies until the connection ends.
     *
     * @throws SocketTimeoutException it didn't end in time
     */
    public Incoming awaitEnd(Duration within) throws IOException {
        try {
            await(reply -> false, within);
            throw new AssertionError("nothing was wanted");
        } catch (Closed closed) {
            return closed.how();
        }
    }

    /** Every reply that was read so far, in order. */
    public List<Reply> seen() {
        return List.copyOf(seen);
    }

    /** What is below: for raw bytes, resets, and frames that no client would send. */
    public RawWebSocket socket() {
        return socket;
    }

    /** Closes the TCP connection, without a close frame. */
    @Override
    public void close() throws IOException {
        socket.close();
    }

    private void take(Incoming incoming) throws IOException {
        switch (incoming) {
            case Incoming.Text(String json) -> read(Bytes.utf8(json).buffer());
            case Incoming.Binary(Bytes payload) -> read(payload.buffer());
            case Incoming.Ping(Bytes payload) -> {
                if (answersPings) socket.pong(payload.toArray());
            }
            case Incoming.Pong pong -> {}
            case Incoming.Close close -> throw new Closed(close);
            case Incoming.End end -> throw new Closed(end);
            case Incoming.Reset reset -> throw new Closed(reset);
        }
    }

    private void read(ByteBuffer message) {
        for (Reply reply = codec.next(message); reply != null; reply = codec.next(message)) {
            replies.add(reply);
        }
    }

    /** The connection ended, while something was waited for. */
    public static final class Closed extends IOException {
        private static final long serialVersionUID = 1L;

        private final transient Incoming how;

        Closed(Incoming how) {
            super(how.toString());
            this.how = how;
        }

        /** A close frame, or the end of the TCP connection without one. */
        public Incoming how() {
            return how;
        }
    }
}
