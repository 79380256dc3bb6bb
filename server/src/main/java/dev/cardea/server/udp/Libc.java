package dev.cardea.server.udp;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/**
 * The calls of the C library that sockets and their memory need. Pointers are numbers here: they
 * come from memory that the caller keeps alive. What fails returns the error's number, negated.
 */
@SuppressWarnings("restricted") // it is what this class is for
final class Libc {
    static final int AF_INET = 2;
    static final int AF_INET6 = 10;
    static final int SOCK_DGRAM = 2;
    static final int SOCK_NONBLOCK = 0x800;
    static final int SOCK_CLOEXEC = 0x80000;
    static final int MSG_TRUNC = 0x20;

    static final int EIO = 5;
    static final int EAGAIN = 11;
    static final int EINVAL = 22;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final StructLayout STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = STATE.varHandle(PathElement.groupElement("errno"));
    private static final Linker.Option CAPTURE = Linker.Option.captureCallState("errno");

    private static final MethodHandle SOCKET =
            call("socket", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT);
    private static final MethodHandle BIND = call("bind", JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_INT);
    private static final MethodHandle GETSOCKNAME =
            call("getsockname", JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG);
    private static final MethodHandle SETSOCKOPT =
            call("setsockopt", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_INT);
    private static final MethodHandle RECVFROM =
            call(
                    "recvfrom",
                    JAVA_LONG,
                    JAVA_INT,
                    JAVA_LONG,
                    JAVA_LONG,
                    JAVA_INT,
                    JAVA_LONG,
                    JAVA_LONG);
    private static final MethodHandle SENDTO =
            call(
                    "sendto", JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_LONG,
                    JAVA_INT);
    private static final MethodHandle RECVMMSG =
            call("recvmmsg", JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_LONG);
    private static final MethodHandle SENDMMSG =
            call("sendmmsg", JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_INT);

    private static final MethodHandle MMAP =
            call("mmap", JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG);
    private static final MethodHandle MUNMAP = call("munmap", JAVA_INT, JAVA_LONG, JAVA_LONG);

    private static final int PROT_READ_WRITE = 3;
    private static final int MAP_PRIVATE_ANONYMOUS = 0x22;

    private Libc() {}

    private static MethodHandle call(String name, MemoryLayout result, MemoryLayout... parameters) {
        return LINKER.downcallHandle(
                LINKER.defaultLookup().findOrThrow(name),
                FunctionDescriptor.of(result, parameters),
                CAPTURE);
    }

    /** Where a call leaves the number of its error. */
    static MemorySegment newState(Arena arena) {
        return arena.allocate(STATE);
    }

    /** Memory of zeros, of which each page is taken when it is first written to. */
    static MemorySegment map(long bytes, Arena arena) {
        MemorySegment state = newState(arena);
        try {
            long at =
                    (long)
                            MMAP.invokeExact(
                                    state,
                                    0L,
                                    bytes,
                                    PROT_READ_WRITE,
                                    MAP_PRIVATE_ANONYMOUS,
                                    -1,
                                    0L);
            if (at == -1) throw new OutOfMemoryError("mmap: error " + -errno(state));
            return MemorySegment.ofAddress(at).reinterpret(bytes, arena, Libc::unmap);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    private static void unmap(MemorySegment memory) {
        try (Arena arena = Arena.ofConfined()) {
            int _ = (int) MUNMAP.invokeExact(newState(arena), memory.address(), memory.byteSize());
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    private static int errno(MemorySegment state) {
        return -(int) ERRNO.get(state, 0L);
    }

    /** A new socket's descriptor. */
    static int socket(MemorySegment state, int domain, int type) {
        try {
            int fd = (int) SOCKET.invokeExact(state, domain, type, 0);
            return fd < 0 ? errno(state) : fd;
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static int bind(MemorySegment state, int fd, long address, int bytes) {
        try {
            int result = (int) BIND.invokeExact(state, fd, address, bytes);
            return result < 0 ? errno(state) : result;
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static int getsockname(MemorySegment state, int fd, long address, long length) {
        try {
            int result = (int) GETSOCKNAME.invokeExact(state, fd, address, length);
            return result < 0 ? errno(state) : result;
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static int setsockopt(MemorySegment state, int fd, int level, int name, long value, int bytes) {
        try {
            int result = (int) SETSOCKOPT.invokeExact(state, fd, level, name, value, bytes);
            return result < 0 ? errno(state) : result;
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** One datagram; the bytes that it has, which may be more than there was room for. */
    static int recvfrom(
            MemorySegment state, int fd, long data, int bytes, long from, long fromLength) {
        try {
            long got =
                    (long)
                            RECVFROM.invokeExact(
                                    state, fd, data, (long) bytes, MSG_TRUNC, from, fromLength);
            return got < 0 ? errno(state) : (int) got;
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static int sendto(MemorySegment state, int fd, long data, int bytes, long to, int toBytes) {
        try {
            long sent = (long) SENDTO.invokeExact(state, fd, data, (long) bytes, 0, to, toBytes);
            return sent < 0 ? errno(state) : (int) sent;
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** How many came. */
    static int recvmmsg(MemorySegment state, int fd, long messages, int count) {
        try {
            int came = (int) RECVMMSG.invokeExact(state, fd, messages, count, 0, 0L);
            return came < 0 ? errno(state) : came;
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** How many were taken before the first that couldn't be. */
    static int sendmmsg(MemorySegment state, int fd, long messages, int count) {
        try {
            int sent = (int) SENDMMSG.invokeExact(state, fd, messages, count, 0);
            return sent < 0 ? errno(state) : sent;
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    private static IllegalStateException unexpected(Throwable e) {
        return new IllegalStateException("a call of the C library failed", e);
    }
}
