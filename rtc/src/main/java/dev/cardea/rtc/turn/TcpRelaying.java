package dev.cardea.rtc.turn;

import dev.cardea.wire.stun.StunAttribute;
import dev.cardea.wire.stun.StunError;
import dev.cardea.wire.stun.StunReader;
import dev.cardea.wire.stun.StunWriter;
import dev.cardea.wire.stun.TransportAddress;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Connect and ConnectionBind (RFC 6062 sections 5.2 to 5.4). */
final class TcpRelaying {
    private final Permitting permitting;
    private final PendingConnections pending;
    private final RandomGenerator random;

    TcpRelaying(Permitting permitting, PendingConnections pending, RandomGenerator random) {
        this.permitting = permitting;
        this.pending = pending;
        this.random = random;
    }

    /** Is told how it went, later. */
    interface Outcome {
        /**
         * @param id to bind it with
         */
        void connected(int id);

        void failed(StunError error, String why);
    }

    /** Null: the outcome follows. */
    @Nullable Answer connect(
            StunReader request, Allocation allocation, long nowNanos, Outcome outcome) {
        if (!request.has(StunAttribute.XOR_PEER_ADDRESS))
            return Answer.refused(StunError.BAD_REQUEST, "it has no XOR-PEER-ADDRESS");
        TransportAddress peer = request.address(StunAttribute.XOR_PEER_ADDRESS);
        Relay relay = allocation.relay(Family.of(peer.ip()));
        if (!allocation.isOverTcp())
            return Answer.refused(StunError.FORBIDDEN, "its allocation isn't one over TCP");
        Answer refused = permitting.judge(peer, allocation);
        if (refused != null) return refused;
        if (!(relay instanceof TcpRelay tcp))
            return Answer.refused(StunError.PEER_FAMILY_MISMATCH, "no address of its family");
        if (!allocation.beginConnection(peer))
            return Answer.refused(
                    StunError.CONNECTION_EXISTS,
                    "it is connected with the peer " + peer + ", or with too many");
        tcp.connect(
                peer,
                connection -> {
                    if (connection == null) {
                        allocation.endConnection(peer);
                        outcome.failed(
                                StunError.CONNECTION_FAILED, "the peer " + peer + " didn't accept");
                    } else {
                        outcome.connected(keep(connection, tcp, allocation, nowNanos));
                    }
                });
        return null;
    }

    /** A peer has connected, which has permission. */
    int keep(PeerConnection connection, TcpRelay relay, Allocation allocation, long nowNanos) {
        long until = nowNanos + PendingConnections.TIMEOUT_NANOS;
        var kept = new PendingConnections.Pending(connection, relay, allocation.name(), until);
        int id = random.nextInt();
        while (!pending.add(id, kept)) id = random.nextInt();
        return id;
    }

    PendingConnections.@Nullable Pending bind(StunReader request, Account account) {
        return pending.take(request.int32(StunAttribute.CONNECTION_ID), account.name());
    }

    static void putId(StunWriter out, int id) {
        out.putInt32(StunAttribute.CONNECTION_ID, id);
    }
}
