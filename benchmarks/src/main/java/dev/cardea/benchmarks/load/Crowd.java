package dev.cardea.benchmarks.load;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.ConnectException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** All clients and the loop that reads them. What went wrong is counted, and the first few told. */
final class Crowd {
    private static final int EPOLL_ADD = 1;
    private static final int EPOLL_DELETE = 2;
    private static final int EPOLLIN = 1;
    private static final int EVENTS = 1024;
    // struct epoll_event is packed on x86-64 only (epoll_event in the kernel's eventpoll.h)
    private static final int EVENT_BYTES =
            System.getProperty("os.arch", "").equals("amd64") ? 12 : 16;
    private static final int DATA = EVENT_BYTES - 8;
    private static final int CLIENTS_BY_ADDRESS = 5000; // of some 28,000 ports
    private static final int JOINING_AT_ONCE = 128;
    private static final int PROBLEMS_TOLD = 5;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private int port;
    private final Measurement measurement;
    private final Buffers buffers = new Buffers();
    private final List<Client> clients = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();
    private final MemorySegment events = Arena.global().allocate(EVENTS * (long) EVENT_BYTES, 8);
    private final int epoll = Kernel.epollCreate();
    private long problemCount;
    private long lostCount;
    private String lastLoss = "";
    private long publishReplies;
    private int joining;
    private boolean takesCompressed;
    private long bytes;
    private final Queue<Client> lostOnes = new ArrayDeque<>();
    private boolean expectsLosses;
    private Consumer<Client> onJoined = _ -> {};

    Crowd(int port, Measurement measurement) {
        this.port = port;
        this.measurement = measurement;
    }

    /** Clients connect to another server of this machine from now on. */
    void goTo(int port) {
        this.port = port;
    }

    /** Whether clients that connect from now on offer to take compressed messages. */
    void takesCompressed(boolean takes) {
        takesCompressed = takes;
    }

    boolean takesCompressed() {
        return takesCompressed;
    }

    void received(long count) {
        bytes += Math.max(0, count);
    }

    /** What all clients have read so far. */
    long bytes() {
        return bytes;
    }

    /** From now on connections may end; told of each that has joined. */
    void expectLosses(Consumer<Client> joined) {
        expectsLosses = true;
        onJoined = joined;
    }

    /** The next one whose connection has ended, or null. */
    @Nullable Client nextLost() {
        return lostOnes.poll();
    }

    /** Connects and subscribes one, without waiting for it. */
    void open(Client client) throws ConnectException {
        joining++;
        client.open(2 + client.index / CLIENTS_BY_ADDRESS, port, 0);
        watch(client);
    }

    /** Those that have begun to connect and aren't subscribed yet. */
    int joining() {
        return joining;
    }

    Buffers buffers() {
        return buffers;
    }

    /** A client that is not connected yet. */
    Client add(@Nullable Feed feed) {
        return add(feed, Door.WEBSOCKET);
    }

    Client add(@Nullable Feed feed, Door door) {
        Client client = new Client(clients.size(), this, feed, door);
        clients.add(client);
        return client;
    }

    /** Connects and subscribes them, some at a time, and returns when all are open. */
    void open(List<Client> some, int receiveBytes) throws ConnectException {
        for (Client client : some) {
            await("connections", () -> joining < JOINING_AT_ONCE);
            joining++;
            client.open(2 + client.index / CLIENTS_BY_ADDRESS, port, receiveBytes);
            watch(client);
        }
        await("subscriptions", () -> joining == 0);
    }

    void watch(Client client) {
        MemorySegment event = events.asSlice(0, EVENT_BYTES);
        event.set(ValueLayout.JAVA_INT, 0, EPOLLIN);
        event.set(ValueLayout.JAVA_LONG_UNALIGNED, DATA, client.index);
        Kernel.epollControl(epoll, EPOLL_ADD, client.fd(), event.address());
    }

    /** From now on the client doesn't read. Not to be called while reading. */
    void ignore(Client client) {
        Kernel.epollControl(epoll, EPOLL_DELETE, client.fd(), events.address());
    }

    /** One look at the sockets; waits no longer than {@code timeoutMillis}. */
    void turn(int timeoutMillis) {
        int count = Kernel.epollWait(epoll, events.address(), EVENTS, timeoutMillis);
        measurement.turned(count == 0);
        for (int i = 0; i < count; i++) {
            long index = events.get(ValueLayout.JAVA_LONG_UNALIGNED, i * (long) EVENT_BYTES + DATA);
            Client client = clients.get((int) index);
            if (client.state() != Client.State.CLOSED) client.readable(System.nanoTime());
        }
    }

    void runFor(double seconds) {
        long end = System.nanoTime() + (long) (seconds * 1e9);
        while (System.nanoTime() - end < 0) turn(0);
    }

    /** Reads until the condition holds. */
    void await(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            turn(1);
            if (System.nanoTime() - end > 0) {
                throw new IllegalStateException("waited in vain for " + what + "; " + problems);
            }
        }
    }

    void joined(Client client) {
        joining--;
        onJoined.accept(client);
    }

    void published() {
        publishReplies++;
    }

    long publishReplies() {
        return publishReplies;
    }

    void lost(Client client, String why) {
        lostCount++;
        lastLoss = why;
        if (expectsLosses) lostOnes.add(client);
        else if (measurement.counts(client)) problem(client, why);
    }

    long lostCount() {
        return lostCount;
    }

    /** How the last connection ended that the server ended. */
    String lastLoss() {
        return lastLoss;
    }

    void problem(Client client, String what) {
        problemCount++;
        if (problems.size() < PROBLEMS_TOLD) problems.add("client " + client.index + ": " + what);
    }

    void problem(String what) {
        problemCount++;
        problems.add(what);
    }

    long problemCount() {
        return problemCount;
    }

    List<String> problems() {
        return problems;
    }
}
