package dev.cardea.server.cli;

import dev.cardea.rtc.turn.Credentials;
import dev.cardea.server.cli.RelayedClient.Line;
import dev.cardea.wire.stun.TransportAddress;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;

/**
 * A few clients of TURN over UDP and a few over TCP, for two seconds: they talk to a peer that says
 * everything again, leave and come back. As with {@link WarmUpTraffic}, the JVM learns from it.
 */
final class WarmUpRelays implements AutoCloseable {
    private static final int CLIENTS = 8;
    private static final long NANOS = 2_000_000_000L;
    private static final int ROUNDS = 50;
    private static final int IN_A_ROW = 4;
    private static final int DATAGRAM_BYTES = 172;
    private static final int READ_TIMEOUT_MILLIS = 5000;
    private static final InetAddress HERE = InetAddress.getLoopbackAddress();

    private final int turnPort;
    private final Credentials.Ephemeral credentials;
    private final DatagramSocket peer = new DatagramSocket(0, HERE);

    /**
     * @param turnPort of UDP and TCP, on the loopback interface
     */
    WarmUpRelays(int turnPort, Credentials.Ephemeral credentials) throws IOException {
        this.turnPort = turnPort;
        this.credentials = credentials;
        Thread.ofPlatform().name("warm-up peer").daemon().start(this::repeatAll);
    }

    private void repeatAll() {
        DatagramPacket packet = new DatagramPacket(new byte[2048], 2048);
        try {
            while (true) {
                packet.setLength(packet.getData().length);
                peer.receive(packet);
                peer.send(packet);
            }
        } catch (IOException _) {
            // closed
        }
    }

    void run() throws IOException {
        TransportAddress address = TransportAddress.parse("127.0.0.1:" + peer.getLocalPort());
        long start = System.nanoTime();
        while (System.nanoTime() - start < NANOS) {
            List<RelayedClient> clients = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                RelayedClient client = client(i % 2 == 0 ? datagrams() : stream());
                client.enter(address);
                clients.add(client);
            }
            for (int i = 0; i < ROUNDS; i++) talk(clients);
            for (RelayedClient each : clients) {
                each.leave();
                each.close();
            }
        }
    }

    private static void talk(List<RelayedClient> clients) throws IOException {
        for (RelayedClient each : clients) {
            for (int i = 0; i < IN_A_ROW; i++) each.send(DATAGRAM_BYTES);
        }
        for (RelayedClient each : clients) {
            for (int i = 0; i < IN_A_ROW; i++) each.receive();
        }
    }

    private RelayedClient client(Line line) {
        return new RelayedClient(line, credentials.name(), credentials.password());
    }

    private Line datagrams() throws IOException {
        DatagramSocket socket = new DatagramSocket(0, HERE);
        socket.connect(HERE, turnPort);
        socket.setSoTimeout(READ_TIMEOUT_MILLIS);
        return RelayedClient.over(socket);
    }

    private Line stream() throws IOException {
        Socket socket = new Socket(HERE, turnPort);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(READ_TIMEOUT_MILLIS);
        return RelayedClient.over(socket);
    }

    @Override
    public void close() {
        peer.close();
    }
}
