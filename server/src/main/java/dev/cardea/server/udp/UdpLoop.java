package dev.cardea.server.udp;

import dev.cardea.wire.stun.TransportAddress;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.IoEventLoop;
import io.netty.channel.SingleThreadEventLoop;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandle;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the UDP sockets of one event loop share: the memory of datagrams, and one flush for each
 * wake-up. Everything but the constructor belongs to the loop's thread.
 */
public final class UdpLoop {
    /** More than a socket reads at once, so that there are some to answer with. */
    static final int SLOTS = 128;

    private final SingleThreadEventLoop eventLoop;
    private final @Nullable Kernel kernel;
    private final Datagram[] free = new Datagram[SLOTS];
    private int freeCount;
    private final List<UdpSocket> dirty = new ArrayList<>();
    private final Runnable flush = this::wokenUp;
    private int wakeUps;

    public UdpLoop(SingleThreadEventLoop eventLoop) {
        this.eventLoop = eventLoop;
        long bytes = (long) SLOTS * Datagram.SLOT_BYTES;
        Arena arena = Arena.ofAuto(); // sockets that outlive a server must not find it gone
        boolean isNative = Epoll.isAvailable() && isEpoll(eventLoop);
        MemorySegment memory = isNative ? Libc.map(bytes, arena) : arena.allocate(bytes);
        kernel = isNative ? new Kernel(arena, memory.address()) : null;
        ByteBuf view = Unpooled.wrappedBuffer(memory.asByteBuffer());
        for (int i = SLOTS - 1; i >= 0; i--)
            free[freeCount++] = new Datagram(this, view, i * Datagram.SLOT_BYTES);
    }

    private static boolean isEpoll(SingleThreadEventLoop eventLoop) {
        return eventLoop instanceof IoEventLoop io && io.isCompatible(EpollIoHandle.class);
    }

    /**
     * Opens a socket.
     *
     * @throws IOException the address can't be bound
     */
    public UdpSocket open(TransportAddress at, UdpOptions options, UdpReceiver receiver)
            throws IOException {
        return kernel != null
                ? KernelUdpSocket.open(this, kernel, at, options, receiver)
                : ChannelUdpSocket.open(this, at, options, receiver);
    }

    SingleThreadEventLoop eventLoop() {
        return eventLoop;
    }

    /** A copy of data of our own, to be sent or released. */
    public Datagram copyOf(ByteBuffer data) {
        Datagram copy = take(data.remaining());
        copy.fill(data);
        return copy;
    }

    /** A copy of this part of a buffer, to be sent or released. */
    public Datagram copyOf(ByteBuf data, int index, int bytes) {
        Datagram copy = take(bytes);
        copy.fill(data, index);
        return copy;
    }

    Datagram take(int bytes) {
        if (bytes > Datagram.MAX_BYTES) throw new IllegalArgumentException(bytes + " bytes");
        if (freeCount == 0) flushAll();
        Datagram taken = free[--freeCount];
        taken.begin(bytes);
        return taken;
    }

    /** Makes sure that so many can be taken. */
    void reserve(int count) {
        if (freeCount < count) flushAll();
    }

    void free(Datagram datagram) {
        if (!datagram.isTaken()) return;
        datagram.end();
        free[freeCount++] = datagram;
    }

    int freeCount() {
        return freeCount;
    }

    void flushLater(UdpSocket socket) {
        if (dirty.isEmpty()) eventLoop.executeAfterEventLoopIteration(flush);
        dirty.add(socket);
    }

    /** How many wake-ups there were in which something was sent. */
    int wakeUps() {
        return wakeUps;
    }

    private void wokenUp() {
        wakeUps++;
        flushAll();
    }

    private void flushAll() {
        for (int i = 0; i < dirty.size(); i++) dirty.get(i).flush();
        dirty.clear();
    }
}
