package dev.cardea.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** The generator before a server that plays a script, in pieces cut at random places. */
@EnabledOnOs(OS.LINUX)
final class CrowdTest {
    private static final String JOINED =
            "{\"id\":1,\"connect\":{\"client\":\"x\"}}\n{\"id\":2,\"subscribe\":{\"epoch\":\"e\"}}";

    private final Measurement measurement =
            new Measurement(new ServerProcess(ProcessHandle.current().pid()));
    private final Feed feed = new Feed("c", 128, measurement);

    @Test
    void countsWhatComesOnceAndInOrderHoweverItIsCut() throws IOException {
        Crowd crowd =
                afterScript(
                        frame(JOINED),
                        frame(push(1)),
                        frame("{}\n" + push(2) + "\n" + push(3)),
                        frame(push(4)));
        assertThat(crowd.problems()).containsExactly("client 0: the server closed the connection");
        assertThat(measurement.stop()).containsEntry("deliveries", 4L);
    }

    @Test
    void readsRecoveredPublicationsInTheReply() throws IOException {
        String reply =
                "{\"id\":2,\"subscribe\":{\"publications\":["
                        + publication(1)
                        + ","
                        + publication(2)
                        + "]}}";
        Crowd crowd = afterScript(frame("{\"id\":1,\"connect\":{}}\n" + reply + "\n" + push(3)));
        assertThat(crowd.problemCount()).isEqualTo(1); // the end of the stream
        assertThat(measurement.stop()).containsEntry("deliveries", 3L);
    }

    @Test
    void noticesWhatComesTwice() throws IOException {
        assertThat(afterScript(frame(JOINED), frame(push(1) + "\n" + push(1))).problems())
                .contains("client 0: publication 1 after 1");
    }

    @Test
    void noticesWhatIsMissing() throws IOException {
        assertThat(afterScript(frame(JOINED), frame(push(1)), frame(push(3))).problems())
                .contains("client 0: publication 3 after 1");
    }

    @Test
    void noticesErrorsAndClosing() throws IOException {
        byte[] close = {(byte) 0x88, 6, 0x0b, (byte) 0xc0, 's', 'l', 'o', 'w'};
        assertThat(
                        afterScript(
                                        frame(JOINED),
                                        frame("{\"id\":3,\"error\":{\"code\":103}}"),
                                        close)
                                .problems())
                .containsExactly(
                        "client 0: {\"id\":3,\"error\":{\"code\":103}}",
                        "client 0: close frame 3008 slow");
    }

    @Test
    void readsEventsHoweverTheyAreCut() throws IOException {
        String head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
        Crowd crowd =
                after(
                        Door.EVENTS,
                        "",
                        ascii(head + "2\r\n\r\n\r\n18\r\ndata: {\"connect\":{}}\n\n\r\n"),
                        ascii("120\r\n" + event(1) + event(2) + "\r\n"),
                        ascii("a\r\ndata: {}\n\n\r\n" + "90\r\n" + event(4) + "\r\n"));
        assertThat(crowd.problems())
                .containsExactly(
                        "client 0: publication 4 after 2",
                        "client 0: the server closed the connection");
        assertThat(measurement.stop()).containsEntry("deliveries", 3L);
    }

    private static String event(int sequence) {
        return "id: e:"
                + sequence
                + "\ndata: {\"channel\":\"c\",\"pub\":"
                + publication(sequence)
                + "}\n\n";
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private Crowd afterScript(byte[]... frames) throws IOException {
        String switched =
                "HTTP/1.1 101 Switching Protocols\r\nSec-WebSocket-Accept: "
                        + Commands.ACCEPT
                        + "\r\n\r\n";
        return after(Door.WEBSOCKET, switched, frames);
    }

    private Crowd after(Door door, String head, byte[]... frames) throws IOException {
        try (ServerSocket server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            Thread script = Thread.ofPlatform().start(() -> play(server, head, frames));
            Crowd crowd = new Crowd(server.getLocalPort(), measurement);
            feed.readers(1);
            measurement.start();
            Client client = crowd.add(feed, door);
            crowd.open(List.of(client), 0);
            crowd.await("the end", () -> client.state() == Client.State.CLOSED);
            script.interrupt();
            return crowd;
        }
    }

    private static void play(ServerSocket server, String head, byte[][] frames) {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        System.out.println("cut with seed " + seed);
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] frame : frames) all.writeBytes(frame);
        byte[] bytes = all.toByteArray();
        try (Socket socket = server.accept()) {
            socket.setTcpNoDelay(true);
            OutputStream out = socket.getOutputStream();
            readUntil(socket, "\r\n\r\n");
            out.write(ascii(head));
            // the commands are on their way
            if (!head.isEmpty()) socket.getInputStream().readNBytes(8);
            for (int at = 0; at < bytes.length; ) {
                int length = Math.min(random.nextInt(1, 100), bytes.length - at);
                out.write(bytes, at, length);
                at += length;
            }
            socket.shutdownOutput();
            socket.getInputStream().transferTo(OutputStream.nullOutputStream()); // no reset
        } catch (IOException e) {
            System.out.println("script: " + e);
        }
    }

    private static void readUntil(Socket socket, String end) throws IOException {
        StringBuilder read = new StringBuilder();
        while (read.indexOf(end) < 0) read.append((char) socket.getInputStream().read());
    }

    private static String push(long sequence) {
        return "{\"push\":{\"channel\":\"c\",\"pub\":" + publication(sequence) + "}}";
    }

    private static String publication(long sequence) {
        byte[] datum = Datum.template(128);
        Datum.write(datum, 0, sequence, System.nanoTime());
        return "{\"data\":"
                + new String(datum, StandardCharsets.US_ASCII)
                + ",\"offset\":"
                + sequence
                + "}";
    }

    private static byte[] frame(String text) {
        byte[] payload = text.getBytes(StandardCharsets.US_ASCII);
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        frame.write(0x81);
        if (payload.length < 126) {
            frame.write(payload.length);
        } else {
            frame.write(126);
            frame.write(payload.length >> 8);
            frame.write(payload.length);
        }
        frame.writeBytes(payload);
        return frame.toByteArray();
    }
}
