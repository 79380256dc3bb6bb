package dev.cardea.testkit.net;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.DelayQueue;
import java.util.concurrent.Delayed;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Passes UDP packets on between clients and one server, each way with the same delay, and drops
 * some of them, each independently. Every client has a socket of its own towards the server, so the
 * server can tell them apart. The same seed and the same packets lose the same ones.
 *
 * <pre>
 * java -cp testkit/target/classes dev.cardea.testkit.net.LossyRelay LISTEN_PORT SERVER_PORT LOSS DELAY_MILLIS [SEED]
 * </pre>
 *
 * On this machine alone.
 */
public final class LossyRelay implements AutoCloseable {
    private static final int PACKET_BYTES = 65_535;
    private static final int BUFFER_BYTES = 4 * 1024 * 1024;

    private final DatagramSocket front;
    private final SocketAddress server;
    private final double loss;
    private final long delayNanos;
    private final SplittableRandom random;
    private final Map<SocketAddress, DatagramSocket> clients = new ConcurrentHashMap<>();
    private final DelayQueue<Packet> onTheWay = new DelayQueue<>();
    private final AtomicLong seen = new AtomicLong();
    private final AtomicLong dropped = new AtomicLong();
    private volatile boolean closed;

    private LossyRelay(
            DatagramSocket front, SocketAddress server, double loss, long delayNanos, long seed) {
        this.front = front;
        this.server = server;
        this.loss = loss;
        this.delayNanos = delayNanos;
        this.random = new SplittableRandom(seed);
    }

    @SuppressWarnings("ArrayRecordComponent") // compared by its time alone
    private record Packet(DatagramSocket by, SocketAddress to, byte[] bytes, long atNanos)
            implements Delayed {
        @Override
        public long getDelay(TimeUnit unit) {
            return unit.convert(atNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
        }

        @Override
        public int compareTo(Delayed other) {
            return Long.compare(atNanos, ((Packet) other).atNanos);
        }
    }

    /**
     * @param port 0: a free one
     * @param loss of 1: how many of all packets don't arrive
     * @param delayMillis each way
     */
    public static LossyRelay start(
            int port, int serverPort, double loss, long delayMillis, long seed) throws IOException {
        InetAddress here = InetAddress.ofLiteral("127.0.0.1");
        DatagramSocket front = new DatagramSocket(new InetSocketAddress(here, port));
        enlarge(front);
        SocketAddress server = new InetSocketAddress(here, serverPort);
        LossyRelay relay =
                new LossyRelay(
                        front, server, loss, TimeUnit.MILLISECONDS.toNanos(delayMillis), seed);
        daemon("relay in", relay::fromClients);
        daemon("relay out", relay::send);
        return relay;
    }

    private static void enlarge(DatagramSocket socket) throws IOException {
        socket.setReceiveBufferSize(BUFFER_BYTES);
        socket.setSendBufferSize(BUFFER_BYTES);
    }

    private static void daemon(String name, Runnable task) {
        Thread.ofPlatform().daemon().name(name).start(task);
    }

    public int port() {
        return front.getLocalPort();
    }

    /** Packets of both directions so far. */
    public long seen() {
        return seen.get();
    }

    public long dropped() {
        return dropped.get();
    }

    private void fromClients() {
        byte[] buffer = new byte[PACKET_BYTES];
        while (!closed) {
            DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
            try {
                front.receive(packet);
                pass(packet, socketOf(packet.getSocketAddress()), server);
            } catch (IOException _) {
                // closed, or a client that has gone
            }
        }
    }

    private DatagramSocket socketOf(SocketAddress client) throws IOException {
        DatagramSocket known = clients.get(client);
        if (known != null) return known;
        DatagramSocket back = new DatagramSocket(0, InetAddress.ofLiteral("127.0.0.1"));
        enlarge(back);
        clients.put(client, back);
        daemon("relay back", () -> fromServer(back, client));
        return back;
    }

    private void fromServer(DatagramSocket back, SocketAddress client) {
        byte[] buffer = new byte[PACKET_BYTES];
        while (!closed) {
            DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
            try {
                back.receive(packet);
                pass(packet, front, client);
            } catch (IOException _) {
                if (back.isClosed()) return;
            }
        }
    }

    private void pass(DatagramPacket packet, DatagramSocket by, SocketAddress to) {
        seen.incrementAndGet();
        if (isLost()) {
            dropped.incrementAndGet();
            return;
        }
        byte[] bytes = new byte[packet.getLength()];
        System.arraycopy(packet.getData(), packet.getOffset(), bytes, 0, bytes.length);
        onTheWay.add(new Packet(by, to, bytes, System.nanoTime() + delayNanos));
    }

    private synchronized boolean isLost() {
        return random.nextDouble() < loss;
    }

    private void send() {
        try {
            while (!closed) {
                Packet packet = onTheWay.take();
                try {
                    packet.by.send(
                            new DatagramPacket(packet.bytes, packet.bytes.length, packet.to));
                } catch (IOException _) {
                    // as good as lost
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        closed = true;
        front.close();
        clients.values().forEach(DatagramSocket::close);
    }

    public static void main(String[] arguments) throws Exception {
        long seed = arguments.length > 4 ? Long.parseLong(arguments[4]) : System.nanoTime();
        try (LossyRelay relay =
                start(
                        Integer.parseInt(arguments[0]),
                        Integer.parseInt(arguments[1]),
                        Double.parseDouble(arguments[2]),
                        Long.parseLong(arguments[3]),
                        seed)) {
            System.out.println("relay port=" + relay.port() + " seed=" + seed);
            while (System.in.read() >= 0) {} // until standard input ends
            System.out.println("relay seen=" + relay.seen() + " dropped=" + relay.dropped());
        }
    }
}
