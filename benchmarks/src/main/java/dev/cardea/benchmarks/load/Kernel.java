package dev.cardea.benchmarks.load;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.net.ConnectException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Linux's sockets and epoll without a layer between: a selector's key sets and channel locks would
 * cost more than the reads that are counted. Addresses of memory are plain longs. One thread only:
 * errno has a single place.
 */
final class Kernel {
    /** What {@link #receive} returns when nothing has arrived. */
    static final long NOTHING_YET = -1;

    /** What {@link #receive} returns when the connection was reset. */
    static final long RESET = -2;

    private static final int AF_INET = 2;
    private static final int SOCK_STREAM = 1;
    private static final int SOCK_DGRAM = 2;
    private static final int SOL_SOCKET = 1;
    private static final int SO_RCVBUF = 8;
    private static final int IPPROTO_IP = 0;
    private static final int IP_BIND_ADDRESS_NO_PORT = 24;
    private static final int IPPROTO_TCP = 6;
    private static final int TCP_NODELAY = 1;
    private static final int MSG_DONTWAIT = 0x40;
    private static final int MSG_NOSIGNAL = 0x4000;
    private static final int EAGAIN = 11;
    private static final int SOCKADDR_BYTES = 16;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final MemorySegment STATE =
            Arena.global().allocate(Linker.Option.captureStateLayout());
    private static final long ERRNO =
            Linker.Option.captureStateLayout()
                    .byteOffset(MemoryLayout.PathElement.groupElement("errno"));
    private static final MemorySegment SCRATCH = Arena.global().allocate(64, 8);

    private static final MethodHandle SOCKET = call("socket", JAVA_INT, JAVA_INT, JAVA_INT);
    private static final MethodHandle BIND = call("bind", JAVA_INT, JAVA_LONG, JAVA_INT);
    private static final MethodHandle CONNECT = call("connect", JAVA_INT, JAVA_LONG, JAVA_INT);
    private static final MethodHandle SET_OPTION =
            call("setsockopt", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_INT);
    private static final MethodHandle CLOSE = call("close", JAVA_INT);
    private static final MethodHandle EPOLL_CREATE = call("epoll_create1", JAVA_INT);
    private static final MethodHandle EPOLL_CONTROL =
            call("epoll_ctl", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG);
    private static final MethodHandle EPOLL_WAIT =
            call("epoll_wait", JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_INT);
    private static final MethodHandle RECEIVE = transfer("recv");
    private static final MethodHandle SEND = transfer("send");

    private Kernel() {}

    /**
     * A TCP connection from 127.0.0.{@code source} to 127.0.0.1; {@code receiveBytes} 0 leaves the
     * size of the receive buffer to Linux.
     */
    static int connect(int source, int port, int receiveBytes) throws ConnectException {
        try {
            int fd = check("socket", (int) SOCKET.invokeExact(STATE, AF_INET, SOCK_STREAM, 0));
            setOption(fd, IPPROTO_TCP, TCP_NODELAY, 1);
            setOption(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, 1);
            if (receiveBytes > 0) setOption(fd, SOL_SOCKET, SO_RCVBUF, receiveBytes);
            check("bind", (int) BIND.invokeExact(STATE, fd, address(source, 0), SOCKADDR_BYTES));
            check(
                    "connect",
                    (int) CONNECT.invokeExact(STATE, fd, address(1, port), SOCKADDR_BYTES));
            return fd;
        } catch (ConnectException e) {
            throw e;
        } catch (Throwable e) {
            throw new LinkageError("connect", e);
        }
    }

    /**
     * A UDP socket at 127.0.0.{@code source} and that port, or with 0 any, which talks to 127.0.0.1
     * alone.
     */
    static int connectDatagrams(int source, int sourcePort, int port) throws ConnectException {
        try {
            int fd = check("socket", (int) SOCKET.invokeExact(STATE, AF_INET, SOCK_DGRAM, 0));
            setOption(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, 1);
            long from = address(source, sourcePort);
            check("bind", (int) BIND.invokeExact(STATE, fd, from, SOCKADDR_BYTES));
            check(
                    "connect",
                    (int) CONNECT.invokeExact(STATE, fd, address(1, port), SOCKADDR_BYTES));
            return fd;
        } catch (ConnectException e) {
            throw e;
        } catch (Throwable e) {
            throw new LinkageError("connect", e);
        }
    }

    /** The bytes read, 0 at the end of the stream, {@link #NOTHING_YET} or {@link #RESET}. */
    static long receive(int fd, long to, long roomBytes) {
        try {
            long count = (long) RECEIVE.invokeExact(STATE, fd, to, roomBytes, MSG_DONTWAIT);
            if (count >= 0) return count;
            return errno() == EAGAIN ? NOTHING_YET : RESET;
        } catch (Throwable e) {
            throw new LinkageError("recv", e);
        }
    }

    /** True if all was taken at once; false if the socket is full or gone. */
    static boolean send(int fd, long from, long lengthBytes) {
        try {
            int flags = MSG_DONTWAIT | MSG_NOSIGNAL;
            return (long) SEND.invokeExact(STATE, fd, from, lengthBytes, flags) == lengthBytes;
        } catch (Throwable e) {
            throw new LinkageError("send", e);
        }
    }

    static void close(int fd) {
        try {
            int _ = (int) CLOSE.invokeExact(STATE, fd);
        } catch (Throwable e) {
            throw new LinkageError("close", e);
        }
    }

    static int epollCreate() {
        try {
            return check("epoll_create1", (int) EPOLL_CREATE.invokeExact(STATE, 0));
        } catch (Throwable e) {
            throw new LinkageError("epoll_create1", e);
        }
    }

    static void epollControl(int epoll, int operation, int fd, long event) {
        try {
            check("epoll_ctl", (int) EPOLL_CONTROL.invokeExact(STATE, epoll, operation, fd, event));
        } catch (Throwable e) {
            throw new LinkageError("epoll_ctl", e);
        }
    }

    /** How many events are ready; 0 also when a signal ended the wait. */
    static int epollWait(int epoll, long events, int room, int timeoutMillis) {
        try {
            int count = (int) EPOLL_WAIT.invokeExact(STATE, epoll, events, room, timeoutMillis);
            return Math.max(count, 0);
        } catch (Throwable e) {
            throw new LinkageError("epoll_wait", e);
        }
    }

    private static void setOption(int fd, int level, int name, int value) throws Throwable {
        SCRATCH.set(JAVA_INT, 32, value);
        long at = SCRATCH.address() + 32;
        check("setsockopt", (int) SET_OPTION.invokeExact(STATE, fd, level, name, at, 4));
    }

    private static long address(int lastByte, int port) {
        ByteBuffer bytes =
                SCRATCH.asSlice(0, SOCKADDR_BYTES).asByteBuffer().order(ByteOrder.nativeOrder());
        bytes.putShort((short) AF_INET).order(ByteOrder.BIG_ENDIAN).putShort((short) port);
        bytes.put(new byte[] {127, 0, 0, (byte) lastByte});
        return SCRATCH.address();
    }

    private static int check(String call, int result) throws ConnectException {
        if (result < 0) throw new ConnectException(call + ": errno " + errno());
        return result;
    }

    private static int errno() {
        return STATE.get(JAVA_INT, ERRNO);
    }

    private static MethodHandle transfer(String name) {
        return link(
                name, FunctionDescriptor.of(JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT));
    }

    private static MethodHandle call(String name, ValueLayout... arguments) {
        return link(name, FunctionDescriptor.of(JAVA_INT, arguments));
    }

    @SuppressWarnings("restricted") // the signatures above are those of Linux
    private static MethodHandle link(String name, FunctionDescriptor shape) {
        MemorySegment function = LINKER.defaultLookup().findOrThrow(name);
        return LINKER.downcallHandle(function, shape, Linker.Option.captureCallState("errno"));
    }
}
