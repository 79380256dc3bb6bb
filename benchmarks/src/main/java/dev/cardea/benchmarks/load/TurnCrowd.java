package dev.cardea.benchmarks.load;

import dev.cardea.wire.stun.StunIntegrity;
import dev.cardea.wire.stun.StunReader;
import dev.cardea.wire.stun.StunWriter;
import dev.cardea.wire.stun.TransportAddress;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.ConnectException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Clients of a TURN server and the loop that reads them; they keep only some under way at once. */
final class TurnCrowd {
    private static final int EPOLL_ADD = 1;
    private static final int EPOLLIN = 1;
    private static final int EVENTS = 256;
    // struct epoll_event is packed on x86-64 only (epoll_event in the kernel's eventpoll.h)
    private static final int EVENT_BYTES =
            System.getProperty("os.arch", "").equals("amd64") ? 12 : 16;
    private static final int DATA = EVENT_BYTES - 8;
    private static final int MESSAGE_BYTES = 2048;
    private static final int CLIENTS_BY_ADDRESS = 5000; // of some 28,000 ports
    private static final int UNDER_WAY = 64;
    private static final int PROBLEMS_TOLD = 5;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final int port;
    private final String user;
    private final String password;
    private final StunWriter writer = new StunWriter(MESSAGE_BYTES);
    private final StunReader reader = new StunReader();
    private final StunIntegrity integrity = new StunIntegrity();
    private final MemorySegment input = Arena.global().allocate(MESSAGE_BYTES, 8);
    private final MemorySegment output = Arena.global().allocate(MESSAGE_BYTES, 8);
    private final ByteBuffer in = input.asByteBuffer();
    private final MemorySegment events = Arena.global().allocate(EVENTS * (long) EVENT_BYTES, 8);
    private final int epoll = Kernel.epollCreate();
    private final List<String> problems = new ArrayList<>();
    private long problemCount;
    private List<TurnClient> clients = List.of();
    private int underWay;

    /**
     * The last byte of the clients' address: not one of those before, for a server may remember a
     * client for a while that has given its relay back.
     */
    private int source = 1;

    TurnCrowd(int port, String user, String password) {
        this.port = port;
        this.user = user;
        this.password = password;
    }

    String user() {
        return user;
    }

    String password() {
        return password;
    }

    StunWriter writer() {
        return writer;
    }

    StunReader reader() {
        return reader;
    }

    StunIntegrity integrity() {
        return integrity;
    }

    /** So many new clients have relays when this returns, or a problem was noted. */
    List<TurnClient> allocate(int count) throws ConnectException {
        List<TurnClient> all = new ArrayList<>();
        for (int i = 0; i < count; i++) all.add(new TurnClient(i, this));
        clients = all;
        for (TurnClient each : all) {
            await(UNDER_WAY - 1);
            underWay++;
            if (each.index % CLIENTS_BY_ADDRESS == 0) source++;
            each.ask(source, port);
            watch(each);
        }
        await(0);
        return all;
    }

    /** The client has a channel with a peer when this returns. */
    void bind(TurnClient client, int channel, TransportAddress peer) {
        underWay++;
        client.bind(channel, peer);
        await(0);
    }

    /** They have none any more, and are gone. */
    void giveBack() {
        for (TurnClient each : clients) {
            await(UNDER_WAY - 1);
            underWay++;
            each.giveBack();
        }
        await(0);
    }

    private void watch(TurnClient client) {
        MemorySegment event = events.asSlice(0, EVENT_BYTES);
        event.set(ValueLayout.JAVA_INT, 0, EPOLLIN);
        event.set(ValueLayout.JAVA_LONG_UNALIGNED, DATA, client.index);
        Kernel.epollControl(epoll, EPOLL_ADD, client.fd(), event.address());
    }

    private void await(int underWayAtMost) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (underWay > underWayAtMost) {
            turn();
            if (System.nanoTime() - end > 0)
                throw new IllegalStateException(underWay + " wait for an answer; " + problems);
        }
    }

    private void turn() {
        int count = Kernel.epollWait(epoll, events.address(), EVENTS, 0);
        for (int i = 0; i < count; i++) {
            long index = events.get(ValueLayout.JAVA_LONG_UNALIGNED, i * (long) EVENT_BYTES + DATA);
            TurnClient client = clients.get((int) index);
            if (client.state() == TurnClient.State.DONE) continue;
            long bytes = Kernel.receive(client.fd(), input.address(), MESSAGE_BYTES);
            if (bytes > 0) client.received(in.clear().limit((int) bytes));
            else if (bytes == Kernel.RESET) problem("nobody is at the server's port");
        }
    }

    void send(TurnClient client, ByteBuffer message) {
        int bytes = message.remaining();
        MemorySegment.copy(MemorySegment.ofBuffer(message), 0, output, 0, bytes);
        if (!Kernel.send(client.fd(), output.address(), bytes)) problem("can't send");
    }

    /** A client has what it wanted, or never will. */
    void settled() {
        underWay--;
    }

    void problem(String what) {
        problemCount++;
        if (problems.size() < PROBLEMS_TOLD) problems.add(what);
    }

    long problemCount() {
        return problemCount;
    }

    List<String> problems() {
        return problems;
    }
}
