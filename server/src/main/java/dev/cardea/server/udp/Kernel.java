package dev.cardea.server.udp;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.cardea.wire.stun.IpAddress;
import dev.cardea.wire.stun.TransportAddress;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * What one loop's calls of the kernel read and write beside the data: addresses and headers of
 * messages, as Linux has them on machines of 64 bits (recvmmsg(2), sendmmsg(2), udp(7)).
 */
final class Kernel {
    /** Datagrams that one call brings, at most. */
    static final int MAX_READ = 32;

    private static final int MAX_SENT = UdpLoop.SLOTS; // all that there are

    private static final ValueLayout.OfShort PORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfInt IPV4 =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfLong IPV6 =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    // struct mmsghdr
    private static final int MESSAGE_BYTES = 64;
    private static final int NAME = 0;
    private static final int NAME_LENGTH = 8;
    private static final int VECTOR = 16;
    private static final int VECTOR_COUNT = 24;
    private static final int CONTROL = 32;
    private static final int CONTROL_LENGTH = 40;
    private static final int LENGTH = 56;

    // struct iovec
    private static final int VECTOR_BYTES = 16;
    private static final int VECTOR_LENGTH = 8;

    // struct sockaddr_in and sockaddr_in6
    private static final int NAME_BYTES = 32;
    private static final int IPV4_BYTES = 16;
    private static final int IPV6_BYTES = 28;
    private static final int PORT_AT = 2;
    private static final int IPV4_AT = 4;
    private static final int IPV6_AT = 8;
    private static final int SCOPE_AT = 24;

    private static final int NO_FAMILY = 0xFFFF;

    // struct cmsghdr with UDP_SEGMENT
    private static final int SEGMENT_BYTES = 32;
    private static final int SEGMENT_LENGTH = 18;
    private static final int SEGMENT_SPACE = 24;
    private static final int LEVEL_AT = 8;
    private static final int TYPE_AT = 12;
    private static final int SIZE_AT = 16;
    private static final int SOL_UDP = 17;
    private static final int UDP_SEGMENT = 103;

    // where all this lies
    private static final int ONE_NAME = 0;
    private static final int ONE_LENGTH = NAME_BYTES;
    private static final int READ_MESSAGES = 64;
    private static final int READ_VECTORS = READ_MESSAGES + MAX_READ * MESSAGE_BYTES;
    private static final int READ_NAMES = READ_VECTORS + MAX_READ * VECTOR_BYTES;
    private static final int SENT_MESSAGES = READ_NAMES + MAX_READ * NAME_BYTES;
    private static final int SENT_VECTORS = SENT_MESSAGES + MAX_SENT * MESSAGE_BYTES;
    private static final int SENT_NAMES = SENT_VECTORS + MAX_SENT * VECTOR_BYTES;
    private static final int SENT_SEGMENTS = SENT_NAMES + MAX_SENT * NAME_BYTES;
    private static final int BYTES = SENT_SEGMENTS + MAX_SENT * SEGMENT_BYTES;

    private final MemorySegment state;
    private final MemorySegment area;
    private final long at;
    private final long data;

    /** What a socket is reading into. */
    final Datagram[] batch = new Datagram[MAX_READ];

    /** The first datagram of each message that is being sent, and how many it has. */
    final int[] firsts = new int[MAX_SENT];

    final int[] rows = new int[MAX_SENT];

    /**
     * @param data where datagrams lie
     */
    Kernel(Arena arena, long data) {
        this.data = data;
        state = Libc.newState(arena);
        area = arena.allocate(BYTES, 64);
        at = area.address();
        for (int i = 0; i < MAX_READ; i++) {
            int message = readMessage(i);
            int vector = readVector(i);
            area.set(JAVA_LONG, message + NAME, at + readName(i));
            area.set(JAVA_LONG, message + VECTOR, at + vector);
            area.set(JAVA_LONG, message + VECTOR_COUNT, 1);
            area.set(JAVA_LONG, vector + VECTOR_LENGTH, Datagram.MAX_BYTES);
        }
        for (int i = 0; i < MAX_SENT; i++) {
            int message = sentMessage(i);
            int segment = sentSegment(i);
            area.set(JAVA_LONG, message + NAME, at + sentName(i));
            area.set(JAVA_LONG, segment, SEGMENT_LENGTH);
            area.set(JAVA_INT, segment + LEVEL_AT, SOL_UDP);
            area.set(JAVA_INT, segment + TYPE_AT, UDP_SEGMENT);
        }
    }

    // where things lie

    private static int readMessage(int index) {
        return READ_MESSAGES + index * MESSAGE_BYTES;
    }

    private static int readVector(int index) {
        return READ_VECTORS + index * VECTOR_BYTES;
    }

    private static int readName(int index) {
        return READ_NAMES + index * NAME_BYTES;
    }

    private static int sentMessage(int index) {
        return SENT_MESSAGES + index * MESSAGE_BYTES;
    }

    private static int sentVector(int index) {
        return SENT_VECTORS + index * VECTOR_BYTES;
    }

    private static int sentName(int index) {
        return SENT_NAMES + index * NAME_BYTES;
    }

    private static int sentSegment(int index) {
        return SENT_SEGMENTS + index * SEGMENT_BYTES;
    }

    // sockets

    /** A socket that never waits. */
    int open(boolean ipv6) throws IOException {
        int type = Libc.SOCK_DGRAM | Libc.SOCK_NONBLOCK | Libc.SOCK_CLOEXEC;
        int fd = Libc.socket(state, ipv6 ? Libc.AF_INET6 : Libc.AF_INET, type);
        if (fd < 0) throw new IOException("no socket: " + reason(fd));
        return fd;
    }

    int set(int fd, int level, int option, int value) {
        area.set(JAVA_INT, ONE_LENGTH, value);
        return Libc.setsockopt(state, fd, level, option, at + ONE_LENGTH, Integer.BYTES);
    }

    void bind(int fd, TransportAddress to, boolean ipv6) throws IOException {
        IpAddress ip = to.ip();
        int bytes = writeName(ONE_NAME, ip.high(), ip.low(), to.port(), 0, ipv6);
        int failed = Libc.bind(state, fd, at + ONE_NAME, bytes);
        if (failed < 0) throw new IOException(reason(failed));
    }

    TransportAddress local(int fd) throws IOException {
        area.set(JAVA_INT, ONE_LENGTH, NAME_BYTES);
        int failed = Libc.getsockname(state, fd, at + ONE_NAME, at + ONE_LENGTH);
        if (failed < 0) throw new IOException(reason(failed));
        IpAddress ip = new IpAddress(high(ONE_NAME), low(ONE_NAME));
        return new TransportAddress(ip, port(ONE_NAME));
    }

    static String reason(int failed) {
        return switch (-failed) {
            case 13 -> "it may not be bound by this user";
            case 23, 24 -> "no more files may be open";
            case 98 -> "Address already in use";
            case 99 -> "the machine has no such address";
            default -> "error " + -failed;
        };
    }

    // reading

    /** One datagram; less than 0: none. */
    int read(int fd, Datagram into) {
        area.set(JAVA_INT, ONE_LENGTH, NAME_BYTES);
        int came =
                Libc.recvfrom(
                        state,
                        fd,
                        data + into.base(),
                        Datagram.MAX_BYTES,
                        at + ONE_NAME,
                        at + ONE_LENGTH);
        if (came >= 0) came(into, came, ONE_NAME);
        return came;
    }

    /** So many of the {@link #batch}; the number that came. */
    int readBatch(int fd, int count) {
        for (int i = 0; i < count; i++) {
            area.set(JAVA_LONG, readVector(i), data + batch[i].base());
            area.set(JAVA_INT, readMessage(i) + NAME_LENGTH, NAME_BYTES);
        }
        int came = Libc.recvmmsg(state, fd, at + READ_MESSAGES, count);
        for (int i = 0; i < came; i++) {
            int bytes = area.get(JAVA_INT, readMessage(i) + LENGTH);
            came(batch[i], bytes, readName(i));
        }
        return came;
    }

    private void came(Datagram datagram, int bytes, int name) {
        boolean ipv6 = area.get(JAVA_SHORT, name) == Libc.AF_INET6;
        int scope = ipv6 ? area.get(JAVA_INT, name + SCOPE_AT) : 0;
        datagram.came(Math.min(bytes, Datagram.MAX_BYTES));
        datagram.address(high(name), low(name), port(name), scope);
    }

    private long high(int name) {
        return area.get(JAVA_SHORT, name) == Libc.AF_INET6 ? area.get(IPV6, name + IPV6_AT) : 0;
    }

    private long low(int name) {
        return area.get(JAVA_SHORT, name) == Libc.AF_INET6
                ? area.get(IPV6, name + IPV6_AT + Long.BYTES)
                : IpAddress.ofIpv4Low(area.get(IPV4, name + IPV4_AT));
    }

    private int port(int name) {
        return Short.toUnsignedInt(area.get(PORT, name + PORT_AT));
    }

    // sending

    private int writeName(int name, long high, long low, int port, int scope, boolean ipv6) {
        area.set(PORT, name + PORT_AT, (short) port);
        boolean mapped = high == 0 && low >>> 32 == 0xFFFF;
        if (!ipv6) {
            // one that can't be reached from here: the kernel refuses this family
            area.set(JAVA_SHORT, name, (short) (mapped ? Libc.AF_INET : NO_FAMILY));
            area.set(IPV4, name + IPV4_AT, (int) low);
            return IPV4_BYTES;
        }
        area.set(JAVA_SHORT, name, (short) Libc.AF_INET6);
        area.set(JAVA_INT, name + IPV4_AT, 0); // the flow
        area.set(IPV6, name + IPV6_AT, high);
        area.set(IPV6, name + IPV6_AT + Long.BYTES, low);
        area.set(JAVA_INT, name + SCOPE_AT, scope);
        return IPV6_BYTES;
    }

    private int writeName(int name, Datagram to, boolean ipv6) {
        return writeName(name, to.high(), to.low(), to.port(), to.scope(), ipv6);
    }

    /** Less than 0: it couldn't be sent. */
    int send(int fd, Datagram datagram, boolean ipv6) {
        int bytes = writeName(ONE_NAME, datagram, ipv6);
        long from = data + datagram.start();
        return Libc.sendto(state, fd, from, datagram.length(), at + ONE_NAME, bytes);
    }

    /**
     * Makes a message of datagrams in a row, all of one size but the last.
     *
     * @param first the number of the first one among all that are sent together
     */
    void prepare(int message, Datagram[] datagrams, int first, int count, boolean ipv6) {
        int header = sentMessage(message);
        int vectors = sentVector(first);
        for (int i = 0; i < count; i++) {
            Datagram each = datagrams[first + i];
            area.set(JAVA_LONG, vectors + i * VECTOR_BYTES, data + each.start());
            area.set(JAVA_LONG, vectors + i * VECTOR_BYTES + VECTOR_LENGTH, each.length());
        }
        int name = writeName(sentName(message), datagrams[first], ipv6);
        area.set(JAVA_INT, header + NAME_LENGTH, name);
        area.set(JAVA_LONG, header + VECTOR, at + vectors);
        area.set(JAVA_LONG, header + VECTOR_COUNT, count);
        int segment = sentSegment(message);
        if (count > 1) area.set(JAVA_SHORT, segment + SIZE_AT, (short) datagrams[first].length());
        area.set(JAVA_LONG, header + CONTROL, count > 1 ? at + segment : 0);
        area.set(JAVA_LONG, header + CONTROL_LENGTH, count > 1 ? SEGMENT_SPACE : 0);
        firsts[message] = first;
        rows[message] = count;
    }

    /** How many of the messages were sent; less than 0: the first couldn't be. */
    int sendBatch(int fd, int from, int to) {
        return Libc.sendmmsg(state, fd, at + sentMessage(from), to - from);
    }
}
