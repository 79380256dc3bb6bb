package dev.cardea.benchmarks.load;

import dev.cardea.wire.ByteWriter;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.centrifuge.Command;
import dev.cardea.wire.centrifuge.JsonClientCodec;
import dev.cardea.wire.centrifuge.Publication;
import dev.cardea.wire.centrifuge.Push;
import dev.cardea.wire.centrifuge.Reply;
import dev.cardea.wire.websocket.FrameListener;
import dev.cardea.wire.websocket.FrameReader;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Queue;

/** A blocking client that decodes what it reads, and counts the bytes of it. */
final class DocumentReader implements AutoCloseable, FrameListener {
    private static final int MAX_MESSAGE_BYTES = 1 << 24;

    private final Socket socket;
    private final JsonClientCodec codec = new JsonClientCodec();
    private final FrameReader frames = new FrameReader(FrameReader.Side.CLIENT, MAX_MESSAGE_BYTES);
    private final byte[] piece = new byte[1 << 16];
    private final Queue<Publication> publications = new ArrayDeque<>();
    private int answered;
    private long bytes;

    private DocumentReader(Socket socket) {
        this.socket = socket;
    }

    static DocumentReader connect(int port) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        DocumentReader reader = new DocumentReader(socket);
        reader.upgrade(port);
        reader.ask(
                new Command.Connect(1, "", Bytes.EMPTY, Map.of(), "", "", Map.of(), 0),
                Duration.ofSeconds(10));
        return reader;
    }

    private void upgrade(int port) throws IOException {
        socket.getOutputStream().write(Commands.upgrade(port, false));
        InputStream in = socket.getInputStream();
        for (int ends = 0; ends < 4; ) { // an empty line
            int next = in.read();
            if (next < 0) throw new IOException("no upgrade");
            boolean isExpected = next == (ends % 2 == 0 ? '\r' : '\n');
            ends = isExpected ? ends + 1 : next == '\r' ? 1 : 0;
        }
    }

    /** Sends a command and waits for its answer. */
    void ask(Command command, Duration within) throws IOException {
        ByteWriter message = new ByteWriter();
        codec.write(command, message);
        socket.getOutputStream().write(Commands.frame(1, message.toArray()));
        while (answered != command.id()) read(within);
    }

    /** Waits for the next publication. */
    Publication next(Duration within) throws IOException {
        while (publications.isEmpty()) read(within);
        return publications.remove();
    }

    /** Read so far. */
    long bytes() {
        return bytes;
    }

    private void read(Duration within) throws IOException {
        socket.setSoTimeout((int) within.toMillis());
        int count = socket.getInputStream().read(piece);
        if (count < 0) throw new IOException("the server closed the connection");
        bytes += count;
        frames.read(ByteBuffer.wrap(piece, 0, count), this);
    }

    @Override
    public boolean message(boolean text, ByteBuffer payload) {
        for (Reply reply = codec.next(payload); reply != null; reply = codec.next(payload)) {
            switch (reply) {
                case Reply.Pushed(Push.Pub(_, Publication publication)) ->
                        publications.add(publication);
                case Reply.Error error -> throw new IllegalStateException(error.toString());
                case Reply.Answer answer -> answered = answer.id();
                case Reply.Pushed _, Reply.Ping _ -> {}
            }
        }
        return true;
    }

    @Override
    public boolean ping(ByteBuffer payload) {
        return true;
    }

    @Override
    public boolean pong(ByteBuffer payload) {
        return true;
    }

    @Override
    public void close(int code, String reason) {
        throw new IllegalStateException("closed: " + code + " " + reason);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
