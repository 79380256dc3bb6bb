package dev.cardea.server.udp;

import dev.cardea.wire.stun.IpAddress;
import dev.cardea.wire.stun.TransportAddress;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;

/**
 * A datagram in the memory of a loop, with the address that it came from or goes to. There is a
 * fixed number of these objects, which are used again and again: whoever is given one changes it
 * and sends it on, or forgets it, before returning. Belongs to the loop's thread.
 */
public final class Datagram {
    /** What fits before a datagram that was received. */
    public static final int HEADROOM_BYTES = 64;

    /** The longest one that UDP has room for: over IPv6. */
    public static final int MAX_BYTES = 65_527;

    private static final int TAILROOM_BYTES = 73;

    /**
     * Not a multiple of a page, whose first bytes would compete for the same lines of the cache.
     */
    static final int SLOT_BYTES = HEADROOM_BYTES + MAX_BYTES + TAILROOM_BYTES;

    private final UdpLoop loop;
    private final ByteBuf memory;
    private final int slot;

    private int start;
    private int length;
    private boolean isQueued;
    private boolean isTaken;
    private boolean isWhole;

    private long high;
    private long low;
    private int port;
    private int scope;

    Datagram(UdpLoop loop, ByteBuf memory, int slot) {
        this.loop = loop;
        this.memory = memory;
        this.slot = slot;
    }

    /** Where received data begins. */
    int base() {
        return slot + HEADROOM_BYTES;
    }

    void begin(int bytes) {
        start = base();
        length = bytes;
        isTaken = true;
        isWhole = false;
    }

    /** It was read into. */
    void came(int bytes) {
        length = bytes;
    }

    void end() {
        isQueued = false;
        isTaken = false;
    }

    boolean isTaken() {
        return isTaken;
    }

    int start() {
        return start;
    }

    // the address

    /** The IP address's first 64 bits, as {@link IpAddress} has them. */
    public long high() {
        return high;
    }

    public long low() {
        return low;
    }

    public int port() {
        return port;
    }

    /** The interface of a link-local address; 0 for others. */
    public int scope() {
        return scope;
    }

    void address(long ipHigh, long ipLow, int portNumber, int scopeNumber) {
        high = ipHigh;
        low = ipLow;
        port = portNumber;
        scope = scopeNumber;
    }

    public TransportAddress address() {
        return new TransportAddress(new IpAddress(high, low), port);
    }

    /** Whether the kernel can cut both out of one. */
    boolean follows(Datagram leader) {
        return low == leader.low
                && port == leader.port
                && high == leader.high
                && scope == leader.scope
                && length > 0
                && length <= leader.length
                && !isWhole;
    }

    // the data

    public int length() {
        return length;
    }

    public int unsignedByte(int index) {
        return memory.getUnsignedByte(start + index);
    }

    public int unsignedShort(int index) {
        return memory.getUnsignedShort(start + index);
    }

    /** Leaves only this part of the data. */
    public void cut(int from, int bytes) {
        if (from < 0 || bytes < 0 || from + bytes > length)
            throw new IndexOutOfBoundsException(from + " and " + bytes + " of " + length);
        start += from;
        length = bytes;
    }

    /** Puts four bytes before the data. */
    public void prepend(int header) {
        grow(Integer.BYTES);
        memory.setInt(start, header);
    }

    /** Puts what remains in the buffer before the data. */
    public void prepend(ByteBuffer header) {
        int bytes = header.remaining();
        grow(bytes);
        memory.setBytes(start, header.array(), header.arrayOffset() + header.position(), bytes);
    }

    private void grow(int bytes) {
        if (start - bytes < slot) throw new IndexOutOfBoundsException("no room for " + bytes);
        start -= bytes;
        length += bytes;
    }

    /** Puts zeros after the data: 3 at most. */
    public void pad(int bytes) {
        memory.setZero(start + length, bytes);
        length += bytes;
    }

    /**
     * On its way it may not be cut in pieces: DF in its IP header, and it is dropped where it is
     * too long. Linux only.
     */
    public void keepWhole() {
        isWhole = true;
    }

    boolean isWhole() {
        return isWhole;
    }

    public void copyTo(byte[] into) {
        memory.getBytes(start, into, 0, length);
    }

    public void copyTo(ByteBuf into) {
        into.writeBytes(memory, start, length);
    }

    // its end

    boolean isQueued() {
        return isQueued;
    }

    void queued() {
        isQueued = true;
    }

    /** It won't be sent. Nothing happens if it will be. */
    public void release() {
        if (!isQueued) loop.free(this);
    }

    void fill(ByteBuffer data) {
        memory.setBytes(start, data);
    }

    void fill(ByteBuf data, int index) {
        memory.setBytes(start, data, index, length);
    }
}
