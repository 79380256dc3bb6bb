package dev.cardea.server.udp;

import dev.cardea.wire.stun.TransportAddress;
import io.netty.channel.IoEvent;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.FileDescriptor;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A socket that Netty's epoll loop watches, and nothing else of Netty's. Datagrams in a row for one
 * address are handed over as one, and the kernel cuts them up (UDP_SEGMENT): their way through it
 * is walked once.
 */
final class KernelUdpSocket extends UdpSocket implements EpollIoHandle {
    private static final Logger LOG = LoggerFactory.getLogger(KernelUdpSocket.class);

    private static final int MAX_BY_WAKE_UP = 64;

    /**
     * Fits into every path, for longer ones can't be joined: 1,280 without IPv6 and UDP headers.
     */
    private static final int MAX_JOINED_BYTES = 1232;

    /** The kernel takes 64 at once, and 65,507 bytes. */
    private static final int MAX_JOINED = 32;

    private static final int SOL_SOCKET = 1;
    private static final int SO_SNDBUF = 7;
    private static final int SO_RCVBUF = 8;
    private static final int SO_REUSEPORT = 15;
    private static final int IPPROTO_IP = 0;
    private static final int IP_MTU_DISCOVER = 10;
    private static final int IPPROTO_IPV6 = 41;
    private static final int IPV6_MTU_DISCOVER = 23;
    private static final int IP_PMTUDISC_DONT = 0;
    private static final int IP_PMTUDISC_DO = 2;

    private final Kernel kernel;
    private final FileDescriptor fd;
    private final int number;
    private final boolean ipv6;
    private final ReadSize reads;
    private final TransportAddress local;
    private @Nullable IoRegistration registration;
    private volatile boolean isOpen = true;
    private boolean mayJoin = true;

    private KernelUdpSocket(
            UdpLoop loop,
            Kernel kernel,
            int fd,
            TransportAddress local,
            boolean ipv6,
            UdpOptions options,
            UdpReceiver receiver) {
        super(loop, receiver);
        this.kernel = kernel;
        this.fd = new FileDescriptor(fd);
        this.number = fd;
        this.local = local;
        this.ipv6 = ipv6;
        this.reads = new ReadSize(Math.min(options.readsAtOnce(), Kernel.MAX_READ));
    }

    static KernelUdpSocket open(
            UdpLoop loop,
            Kernel kernel,
            TransportAddress at,
            UdpOptions options,
            UdpReceiver receiver)
            throws IOException {
        boolean ipv6 = !at.isIpv4();
        int fd = kernel.open(ipv6);
        KernelUdpSocket socket;
        try {
            if (options.isShared()) kernel.set(fd, SOL_SOCKET, SO_REUSEPORT, 1);
            if (options.bufferBytes() > 0) {
                kernel.set(fd, SOL_SOCKET, SO_RCVBUF, options.bufferBytes());
                kernel.set(fd, SOL_SOCKET, SO_SNDBUF, options.bufferBytes());
            }
            kernel.bind(fd, at, ipv6);
            TransportAddress local = at.port() == 0 ? kernel.local(fd) : at;
            socket = new KernelUdpSocket(loop, kernel, fd, local, ipv6, options, receiver);
        } catch (IOException e) {
            new FileDescriptor(fd).close();
            throw e;
        }
        // The system's default forbids routers to fragment, and what is too long for one of them
        // is lost until the system has learned how long it may be.
        socket.discoverPath(IP_PMTUDISC_DONT);
        socket.register();
        return socket;
    }

    private void register() throws IOException {
        var registering = ((IoEventLoop) loop.eventLoop()).register(this);
        if (!registering.isSuccess()) {
            isOpen = false;
            fd.close();
            throw new IOException("it can't be watched", registering.cause());
        }
        registration = registering.getNow();
        registration.submit(EpollIoOps.EPOLLIN);
    }

    @Override
    public FileDescriptor fd() {
        return fd;
    }

    @Override
    public TransportAddress local() {
        return local;
    }

    @Override
    public boolean isOpen() {
        return isOpen;
    }

    int set(int level, int option, int value) {
        return kernel.set(number, level, option, value);
    }

    // reading

    @Override
    public void handle(IoRegistration registered, IoEvent event) {
        if (!isOpen) return;
        reads.begin(loop.wakeUps());
        int seen = 0;
        boolean mayBeMore;
        do {
            int count = reads.atOnce() == 1 ? readOne() : readBatch(reads.atOnce());
            mayBeMore = reads.came(count);
            seen += count;
        } while (mayBeMore && seen < MAX_BY_WAKE_UP && isOpen);
    }

    private int readOne() {
        Datagram datagram = loop.take(0);
        boolean came = kernel.read(number, datagram) >= 0;
        if (came) received(datagram);
        datagram.release();
        return came ? 1 : 0;
    }

    private int readBatch(int count) {
        loop.reserve(count);
        for (int i = 0; i < count; i++) kernel.batch[i] = loop.take(0);
        int came = Math.max(0, kernel.readBatch(number, count));
        for (int i = 0; i < came; i++) {
            received(kernel.batch[i]);
            kernel.batch[i].release();
        }
        for (int i = count - 1; i >= came; i--) kernel.batch[i].release();
        return came;
    }

    /** A failure must not cost the others of the batch, nor the loop. */
    private void received(Datagram datagram) {
        try {
            receiver.received(datagram);
        } catch (RuntimeException e) {
            receiver.dropped(1);
            LOG.debug("udp_datagram_failed", e);
        }
    }

    // sending

    @Override
    int flush(Datagram[] datagrams, int count) {
        if (count == 1) return send(datagrams[0]);
        int messages = 0;
        int dropped = 0;
        for (int first = 0; first < count; ) {
            if (datagrams[first].isWhole()) {
                dropped += send(datagrams[first++]); // it may overtake, as datagrams may
                continue;
            }
            int row = rowAt(datagrams, first, count);
            kernel.prepare(messages++, datagrams, first, row, ipv6);
            first += row;
        }
        return dropped + sendBatch(datagrams, messages);
    }

    /** How many from this one on are handed over as one. */
    private int rowAt(Datagram[] datagrams, int first, int count) {
        Datagram leader = datagrams[first];
        int bytes = leader.length();
        if (!mayJoin || bytes > MAX_JOINED_BYTES) return 1;
        int end = Math.min(count, first + MAX_JOINED);
        int next = first + 1;
        while (next < end) {
            Datagram each = datagrams[next];
            if (!each.follows(leader)) break;
            next++;
            if (each.length() < bytes) break; // nothing may follow a shorter one
        }
        return next - first;
    }

    private int sendBatch(Datagram[] datagrams, int messages) {
        int dropped = 0;
        for (int message = 0; message < messages; ) {
            int sent = kernel.sendBatch(number, message, messages);
            if (sent > 0) {
                message += sent;
                continue; // the next call says what is wrong with the next one
            }
            if (sent == -Libc.EAGAIN) { // full, and so it is for those behind
                while (message < messages) dropped += kernel.rows[message++];
                break;
            }
            int first = kernel.firsts[message];
            int row = kernel.rows[message++];
            if (row > 1 && (sent == -Libc.EIO || sent == -Libc.EINVAL)) {
                // a driver that can't, or a path for smaller ones: from now on each goes alone
                mayJoin = false;
                for (int i = first; i < first + row; i++) dropped += send(datagrams[i]);
            } else {
                dropped += row;
            }
        }
        return dropped;
    }

    private int send(Datagram datagram) {
        if (!datagram.isWhole()) return kernel.send(number, datagram, ipv6) < 0 ? 1 : 0;
        discoverPath(IP_PMTUDISC_DO);
        int sent = kernel.send(number, datagram, ipv6);
        discoverPath(IP_PMTUDISC_DONT);
        return sent < 0 ? 1 : 0;
    }

    private void discoverPath(int how) {
        if (ipv6) kernel.set(number, IPPROTO_IPV6, IPV6_MTU_DISCOVER, how);
        else kernel.set(number, IPPROTO_IP, IP_MTU_DISCOVER, how);
    }

    // its end

    @Override
    public void close() {
        if (loop.eventLoop().inEventLoop()) closeNow();
        else loop.eventLoop().execute(this::closeNow);
    }

    private void closeNow() {
        if (!isOpen) return;
        flush(); // what was answered last
        isOpen = false;
        if (registration != null) registration.cancel();
        try {
            fd.close();
        } catch (IOException e) {
            LOG.debug("udp_socket_not_closed", e);
        }
    }
}
