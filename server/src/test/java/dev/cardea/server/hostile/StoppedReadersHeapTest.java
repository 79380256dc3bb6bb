package dev.cardea.server.hostile;

import static dev.cardea.server.hostile.AttackedServer.SOON;
import static dev.cardea.server.hostile.AttackedServer.subscribe;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cardea.testkit.websocket.CentrifugeSocket;
import dev.cardea.testkit.websocket.Incoming;
import dev.cardea.wire.ByteWriter;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.centrifuge.JsonClientCodec;
import dev.cardea.wire.websocket.Opcode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.netbeans.lib.profiler.heap.Instance;

/**
 * Fifty subscribers stop reading while a channel goes on: what is held for them, as a metric and
 * heap dumps show it, before and after ten times the publications.
 *
 * <p>The figures are left in {@code target/stopped-readers.md}.
 */
@Timeout(180)
final class StoppedReadersHeapTest {
    private static final int STOPPED = 50;
    private static final int PUBLICATIONS = 2_000;
    private static final int DATUM_BYTES = 1024;
    private static final int PER_FRAME = 50;

    /** {@code CoreOptions.HIGH_WATER_BYTES}, and a publication with what is around it. */
    private static final int MOST_PENDING = 64 * 1024 + DATUM_BYTES + 100;

    /** What an entry of Netty's outbound buffer counts beside its bytes. */
    private static final int NETTY_ENTRY_BYTES = 96;

    private static final String YAML =
            """
            client: {insecure: true, slow_consumer_timeout: 600s}
            websocket: {message_size_limit: 1048576}
            channel: {without_namespace: {slow_consumer: latest}}
            prometheus: {enabled: true}
            """;

    /** What is held at one moment. */
    private record Held(
            int published,
            long metricMaxBytes,
            List<Integer> outletBytes,
            List<Integer> nettyBytes,
            List<Integer> bufferBytes,
            long directBytes,
            long heapBytes,
            List<HeapDump.Share> largest) {}

    @Test
    void noMoreIsHeldForThemAfterTenTimesThePublications(@TempDir Path folder) throws Exception {
        try (AttackedServer server = AttackedServer.start(YAML);
                CentrifugeSocket publisher = server.connected();
                StoppedReaders _ = StoppedReaders.of(server)) {
            publish(publisher, PUBLICATIONS);
            held(0, server, folder); // what is loaded on the way isn't to count
            Held before = held(PUBLICATIONS, server, folder);
            publish(publisher, 10 * PUBLICATIONS);
            Held after = held(11 * PUBLICATIONS, server, folder);
            Files.writeString(Path.of("target", "stopped-readers.md"), table(before, after));

            isBounded(before);
            isBounded(after);
            assertThat(after.heapBytes()).isLessThan(before.heapBytes() + (1 << 20));
            assertThat(after.directBytes()).isLessThan(before.directBytes() + (1 << 20));
        }
    }

    private static void isBounded(Held held) {
        assertThat(held.metricMaxBytes()).isBetween(1L, (long) MOST_PENDING);
        assertThat(held.outletBytes())
                .filteredOn(bytes -> bytes > 0)
                .hasSize(STOPPED)
                .allMatch(bytes -> bytes <= MOST_PENDING);
        assertThat(held.nettyBytes()).allMatch(bytes -> bytes <= MOST_PENDING + NETTY_ENTRY_BYTES);
        assertThat(held.bufferBytes()).allMatch(bytes -> bytes <= MOST_PENDING);
    }

    private record StoppedReaders(List<CentrifugeSocket> readers) implements AutoCloseable {
        static StoppedReaders of(AttackedServer server) throws IOException {
            List<CentrifugeSocket> readers = new ArrayList<>();
            for (int i = 0; i < STOPPED; i++) {
                var socket = server.dial().receiveBufferBytes(4096).connect(SOON);
                CentrifugeSocket reader = AttackedServer.connected(CentrifugeSocket.json(socket));
                reader.send(subscribe(2, "flood"));
                reader.answer(2, SOON);
                readers.add(reader);
            }
            return new StoppedReaders(readers);
        }

        @Override
        public void close() throws IOException {
            for (CentrifugeSocket reader : readers) reader.socket().close();
        }
    }

    private static void publish(CentrifugeSocket publisher, int count) throws IOException {
        JsonClientCodec codec = new JsonClientCodec();
        String datum = "\"" + "x".repeat(DATUM_BYTES - 2) + "\"";
        for (int from = 0; from < count; from += PER_FRAME) {
            ByteWriter frame = new ByteWriter();
            for (int i = 0; i < PER_FRAME; i++)
                codec.write(AttackedServer.publish(2 + i, "flood", datum), frame);
            publisher.socket().frame(Opcode.TEXT, frame.toArray());
            for (int answered = 0; answered < PER_FRAME; ) {
                Incoming.Text text = (Incoming.Text) publisher.socket().next(SOON);
                ByteBuffer message = Bytes.utf8(text.text()).buffer();
                while (codec.next(message) != null) answered++;
            }
        }
    }

    private static Held held(int published, AttackedServer server, Path folder) throws Exception {
        long metric = 0; // it is a second old
        while (metric == 0) metric = metric(server, "cardea_pending_bytes_max");
        HeapDump dump = HeapDump.take(folder);
        List<Integer> outlets = new ArrayList<>();
        List<Integer> netty = new ArrayList<>();
        List<Integer> buffers = new ArrayList<>();
        for (Instance outlet : dump.all("dev.cardea.server.net.SocketWriter")) {
            outlets.add(HeapDump.number(outlet, "pendingBytes"));
            Instance pending = HeapDump.follow(outlet, "channel", "unsafe", "outboundBuffer");
            if (pending == null) continue;
            netty.add(HeapDump.number(pending, "totalPendingSize"));
            Instance entry = HeapDump.follow(pending, "flushedEntry");
            for (; entry != null; entry = HeapDump.follow(entry, "next")) {
                Instance buffer = HeapDump.follow(entry, "msg");
                if (buffer != null) buffers.add(lengthBytes(buffer));
            }
        }
        return new Held(
                published,
                metric,
                outlets,
                netty,
                buffers,
                Memory.directBytes(),
                dump.bytes(),
                dump.largest(12));
    }

    private static int lengthBytes(Instance buffer) {
        Instance watched = HeapDump.follow(buffer, "buf"); // for leaks: one in a hundred, about
        return HeapDump.number(watched == null ? buffer : watched, "length");
    }

    private static long metric(AttackedServer server, String name) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + server.port() + "/metrics");
        try (HttpClient http = HttpClient.newHttpClient()) {
            String text =
                    http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).body();
            String line =
                    text.lines().filter(l -> l.startsWith(name + " ")).findFirst().orElseThrow();
            return (long) Double.parseDouble(line.substring(name.length() + 1));
        }
    }

    private static String table(Held before, Held after) {
        StringBuilder out = new StringBuilder();
        row(
                out,
                "",
                "after %,d publications".formatted(before.published()),
                "after %,d".formatted(after.published()));
        row(out, "---", "---", "---");
        row(out, "`cardea_pending_bytes_max`", before.metricMaxBytes(), after.metricMaxBytes());
        row(
                out,
                "pending for a connection, the most in the dump",
                max(before.outletBytes()),
                max(after.outletBytes()));
        row(
                out,
                "the same of all connections",
                sum(before.outletBytes()),
                sum(after.outletBytes()));
        row(
                out,
                "Netty's outbound buffer, the largest",
                max(before.nettyBytes()),
                max(after.nettyBytes()));
        row(
                out,
                "direct memory behind it, the largest",
                max(before.bufferBytes()),
                max(after.bufferBytes()));
        row(out, "direct memory of Netty's allocators", before.directBytes(), after.directBytes());
        row(out, "live heap", before.heapBytes(), after.heapBytes());
        for (HeapDump.Share share : after.largest()) {
            row(
                    out,
                    "`" + share.className() + "`",
                    share(before, share.className()),
                    share(after, share.className()));
        }
        return out.toString();
    }

    private static String share(Held held, String className) {
        return held.largest().stream()
                .filter(share -> share.className().equals(className))
                .map(share -> "%,d in %,d".formatted(share.bytes(), share.instances()))
                .findFirst()
                .orElse("");
    }

    private static void row(StringBuilder out, String name, Object before, Object after) {
        out.append("| %s | %s | %s |%n".formatted(name, text(before), text(after)));
    }

    private static String text(Object value) {
        return value instanceof Number number
                ? "%,d".formatted(number.longValue())
                : value.toString();
    }

    private static long max(List<Integer> bytes) {
        return bytes.stream().mapToInt(Integer::intValue).max().orElse(0);
    }

    private static long sum(List<Integer> bytes) {
        return bytes.stream().mapToLong(Integer::intValue).sum();
    }
}
