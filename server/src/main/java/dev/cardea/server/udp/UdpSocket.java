package dev.cardea.server.udp;

import dev.cardea.wire.stun.TransportAddress;
import java.util.Arrays;

/** A bound UDP socket of an event loop. */
public abstract class UdpSocket {
    private static final int FIRST_PENDING = 4;

    final UdpLoop loop;
    final UdpReceiver receiver;

    /** What waits for the end of the wake-up, in this order. */
    private Datagram[] pending = new Datagram[0];

    private int pendingCount;

    UdpSocket(UdpLoop loop, UdpReceiver receiver) {
        this.loop = loop;
        this.receiver = receiver;
    }

    /** Where it is bound. Any thread. */
    public abstract TransportAddress local();

    public abstract boolean isOpen();

    /** Any thread. */
    public abstract void close();

    /**
     * Sends at the end of the wake-up. What the network doesn't take at once is dropped, and the
     * receiver told: media that is late is no use.
     *
     * @param datagram of the same loop, which is the socket's from here
     */
    public final void send(Datagram datagram, TransportAddress to) {
        send(datagram, to, 0);
    }

    /**
     * The same.
     *
     * @param scope the interface of a link-local address
     */
    public final void send(Datagram datagram, TransportAddress to, int scope) {
        datagram.address(to.ip().high(), to.ip().low(), to.port(), scope);
        datagram.queued();
        if (pendingCount == pending.length) grow();
        if (pendingCount == 0) loop.flushLater(this);
        pending[pendingCount++] = datagram;
    }

    private void grow() {
        pending = Arrays.copyOf(pending, Math.max(FIRST_PENDING, 2 * pendingCount));
    }

    /** Sends all that waits. */
    final void flush() {
        int count = pendingCount;
        int dropped = isOpen() ? flush(pending, count) : count;
        for (int i = 0; i < count; i++) loop.free(pending[i]);
        pendingCount = 0;
        if (dropped > 0) receiver.dropped(dropped);
    }

    /**
     * Sends the first ones of these.
     *
     * @return how many couldn't be
     */
    abstract int flush(Datagram[] datagrams, int count);
}
