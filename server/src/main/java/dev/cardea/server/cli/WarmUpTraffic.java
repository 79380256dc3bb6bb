package dev.cardea.server.cli;

import dev.cardea.wire.ByteWriter;
import dev.cardea.wire.websocket.FrameWriter;
import dev.cardea.wire.websocket.Opcode;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A crowd of clients for a few seconds: they share one channel, and each has one of its own with a
 * few others. Then they leave and come back again and again, and recover what they missed. What the
 * JVM learns of the methods that carry messages goes into its AOT cache, so that a new process
 * compiles them early.
 */
final class WarmUpTraffic implements AutoCloseable {
    private static final int CLIENTS = 64;
    private static final int GROUP = 8;
    private static final long NANOS = 3_000_000_000L;
    private static final int MISSED = 100;
    private static final int READ_TIMEOUT_MILLIS = 5000;

    private final int port;
    private final List<Client> clients = new ArrayList<>();

    WarmUpTraffic(int port) throws IOException {
        this.port = port;
        for (int i = 0; i < CLIENTS; i++) clients.add(new Client(port));
    }

    void run() throws IOException {
        for (int i = 0; i < CLIENTS; i++) clients.get(i).enter(i, "");
        publishWithoutPause();
        recoverAgainAndAgain();
    }

    private void recoverAgainAndAgain() throws IOException {
        long start = System.nanoTime();
        while (System.nanoTime() - start < NANOS) {
            for (int i = 0; i < MISSED; i++) {
                for (int g = 0; g < CLIENTS; g += GROUP)
                    clients.get(g).publish("chat:" + g / GROUP);
            }
            for (int i = 0; i < CLIENTS; i++) {
                if (i % GROUP == 0) continue;
                clients.get(i).close();
                Client back = new Client(port);
                back.enter(i, ",\"recover\":true");
                clients.set(i, back);
            }
            for (int g = 0; g < CLIENTS; g += GROUP) clients.get(g).readSome();
        }
    }

    private void publishWithoutPause() throws IOException {
        long start = System.nanoTime();
        for (int round = 0; System.nanoTime() - start < NANOS; round++) {
            for (int i = 0; i < CLIENTS; i++) clients.get(i).publish(channel(round, i));
            for (Client client : clients) client.readSome();
        }
    }

    private static String channel(int round, int client) {
        if (round % 2 == 0) return "group-" + client / GROUP;
        return client < 4 ? "crowd" : "chat:" + client / GROUP;
    }

    @Override
    public void close() throws IOException {
        for (Client client : clients) client.close();
    }

    private static final class Client implements AutoCloseable {
        private static final String UPGRADE =
                """
                GET /connection/websocket HTTP/1.1\r
                Host: localhost\r
                Upgrade: websocket\r
                Connection: Upgrade\r
                Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r
                Sec-WebSocket-Version: 13\r
                \r
                """;

        private final Socket socket;
        private final byte[] input = new byte[256 * 1024];
        private int id;

        Client(int port) throws IOException {
            socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(READ_TIMEOUT_MILLIS);
            socket.getOutputStream().write(UPGRADE.getBytes(StandardCharsets.US_ASCII));
            readSome();
        }

        /**
         * @param recover what the subscribe command says of recovery; from offset 0, as no epoch is
         *     named
         */
        void enter(int number, String recover) throws IOException {
            int group = number / GROUP;
            send(
                    "{\"id\":1,\"connect\":{}}",
                    "{\"id\":2,\"subscribe\":{\"channel\":\"crowd\"}}",
                    "{\"id\":3,\"subscribe\":{\"channel\":\"group-" + group + "\"}}",
                    "{\"id\":4,\"subscribe\":{\"channel\":\"chat:" + group + "\"" + recover + "}}",
                    "{\"id\":5,\"history\":{\"channel\":\"chat:" + group + "\",\"limit\":10}}",
                    "{\"id\":6,\"presence\":{\"channel\":\"chat:" + group + "\"}}");
            id = 6;
            readSome();
        }

        void publish(String channel) throws IOException {
            String data = "{\"text\":\"what the server is for\",\"number\":" + id + "}";
            send(
                    "{\"id\":%d,\"publish\":{\"channel\":\"%s\",\"data\":%s}}"
                            .formatted(++id, channel, data));
        }

        private void send(String... commands) throws IOException {
            ByteBuffer text =
                    ByteBuffer.wrap(String.join("\n", commands).getBytes(StandardCharsets.UTF_8));
            ByteWriter frame = new ByteWriter(1024);
            FrameWriter.masked(Opcode.TEXT, text, id, frame);
            socket.getOutputStream().write(frame.toArray());
        }

        void readSome() throws IOException {
            if (socket.getInputStream().read(input) < 0)
                throw new EOFException("the server closed a client of the warm-up");
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
