package dev.cardea.rtc.turn;

import dev.cardea.wire.stun.IpAddress;
import dev.cardea.wire.stun.TransportAddress;
import java.nio.ByteBuffer;

/** A relayed transport address. Belongs to the event loop of its allocation. */
public interface Relay {
    /** As peers know it, which isn't always what is bound here. */
    TransportAddress address();

    /**
     * Asks for what comes from a peer to come to this allocation; where every allocation has a port
     * of its own, that is always so.
     *
     * @return false: another allocation has it
     */
    default boolean claim(TransportAddress peer) {
        return true;
    }

    /** Gives back what was claimed. */
    default void release(TransportAddress peer) {}

    /** A peer's address may send to this allocation, from whatever port. */
    default void permit(IpAddress peer) {}

    /** It may no more. */
    default void forbid(IpAddress peer) {}

    /**
     * Sends data to a peer that {@link Allocation} has let through.
     *
     * @param data borrowed until the call returns
     * @param whole on its way it may not be cut in pieces (RFC 8656 section 14.8): DF in its IP
     *     header, and it is dropped where it is too long
     */
    void send(Peer peer, ByteBuffer data, boolean whole);

    void close();
}
