package dev.cardea.rtc.turn;

import dev.cardea.wire.stun.IpAddress;
import dev.cardea.wire.stun.TransportAddress;
import org.jspecify.annotations.Nullable;

/** Where relayed transport addresses come from. One for each event loop. */
public interface Relays {
    /** What an allocation asks for. */
    enum Port {
        ANY,
        EVEN,
        /** An even one, and the one above it for whoever shows the token. */
        EVEN_AND_NEXT
    }

    /**
     * A relayed address.
     *
     * @param token of the port above it; 0: none was asked for
     */
    record Opened(Relay relay, long token) {}

    boolean supports(Family family);

    boolean supportsDontFragment();

    /**
     * Opens a UDP relay.
     *
     * @return null: there is no such port left
     */
    @Nullable Opened open(Allocation owner, Family family, Port port, long nowNanos);

    /**
     * Opens the UDP relay that was reserved.
     *
     * @return null: no port is reserved with this token
     */
    @Nullable Opened openReserved(Allocation owner, long token, long nowNanos);

    /**
     * Opens a TCP relay (RFC 6062).
     *
     * @return null: there is no port left, or there are no such relays
     */
    default @Nullable Relay openTcp(Allocation owner, Family family) {
        return null;
    }

    /** Whether this is a relayed address of ours that an allocation has now. Any thread. */
    boolean isLive(TransportAddress address);

    /** Whether the server itself has this address. Any thread. */
    boolean isOwn(IpAddress ip);
}
