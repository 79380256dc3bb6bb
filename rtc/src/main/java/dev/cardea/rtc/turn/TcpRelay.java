package dev.cardea.rtc.turn;

import dev.cardea.wire.stun.TransportAddress;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A relay that speaks TCP with peers (RFC 6062). */
public interface TcpRelay extends Relay {
    /**
     * Connects to a peer.
     *
     * @param then called on the loop, once; with null: it didn't work
     */
    void connect(TransportAddress peer, Consumer<@Nullable PeerConnection> then);

    /** Makes the client's connection and the peer's one; nothing of it is STUN any more. */
    void join(Client client, PeerConnection peer);
}
