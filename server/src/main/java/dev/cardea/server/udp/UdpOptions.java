package dev.cardea.server.udp;

/**
 * How a socket is opened.
 *
 * @param bufferBytes of the kernel in each direction, which may give less; 0: its default
 * @param readsAtOnce how many datagrams one call may bring, a power of two
 * @param isShared with sockets of other loops at the same address; the kernel gives what comes from
 *     one address always to the same one. Linux only
 */
public record UdpOptions(int bufferBytes, int readsAtOnce, boolean isShared) {
    /** One that a few peers talk to. */
    public static final UdpOptions FOR_FEW = new UdpOptions(0, 8, false);

    /** One that all clients talk to. */
    public static final UdpOptions FOR_MANY = new UdpOptions(1024 * 1024, 32, false);

    public UdpOptions shared(boolean shared) {
        return new UdpOptions(bufferBytes, readsAtOnce, shared);
    }
}
