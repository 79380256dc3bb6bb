package dev.cardea.server.hostile;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cardea.testkit.websocket.CentrifugeSocket;
import dev.cardea.wire.ByteWriter;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.websocket.FrameWriter;
import dev.cardea.wire.websocket.Opcode;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a connection costs that has a subscription to a channel of its own, and nothing to do. */
@Timeout(120)
final class IdleConnectionsHeapTest {
    private static final int CONNECTIONS = 1000;

    /** On the heap and off it; the sockets of this test are in it, too. */
    private static final int MOST_BYTES = 6 * 1024;

    @Test
    void anIdleConnectionTakesAFewKilobytes(@TempDir Path folder) throws Exception {
        try (AttackedServer server = AttackedServer.start()) {
            List<Socket> sockets = new ArrayList<>();
            for (int i = 0; i < 20; i++) sockets.add(connected(server, i)); // loads the code
            HeapDump.take(folder);
            long before = HeapDump.take(folder).bytes() + Memory.directBytes();

            for (int i = 0; i < CONNECTIONS; i++) sockets.add(connected(server, 20 + i));

            long taken = HeapDump.take(folder).bytes() + Memory.directBytes() - before;
            assertThat(taken / CONNECTIONS).isBetween(1000L, (long) MOST_BYTES);
            for (Socket socket : sockets) socket.close();
        }
    }

    /** Nothing but the socket is left of a client. */
    private static Socket connected(AttackedServer server, int number) throws IOException {
        Socket socket = server.tcp();
        String request =
                """
                GET PATH HTTP/1.1\r
                Host: localhost\r
                Upgrade: websocket\r
                Connection: Upgrade\r
                Sec-WebSocket-Version: 13\r
                Sec-WebSocket-Key: AAECAwQFBgcICQoLDA0ODw==\r
                \r
                """;
        socket.getOutputStream()
                .write(request.replace("PATH", CentrifugeSocket.PATH).getBytes(US_ASCII));
        readUntil(socket.getInputStream(), "\r\n\r\n");
        String commands =
                "{\"id\":1,\"connect\":{}}\n{\"id\":2,\"subscribe\":{\"channel\":\"c%d\"}}"
                        .formatted(number);
        ByteWriter frame = new ByteWriter();
        FrameWriter.masked(Opcode.TEXT, Bytes.utf8(commands).buffer(), number, frame);
        socket.getOutputStream().write(frame.toArray());
        readUntil(socket.getInputStream(), "{\"id\":2,\"subscribe\":{}}");
        return socket;
    }

    private static void readUntil(InputStream in, String end) throws IOException {
        StringBuilder heard = new StringBuilder();
        while (heard.indexOf(end) < 0) {
            int next = in.read();
            if (next < 0) throw new IOException("ended with " + heard);
            heard.append((char) next);
        }
    }
}
