package dev.cardea.rtc.turn;

import dev.cardea.wire.stun.ChannelData;
import dev.cardea.wire.stun.IpAddress;
import dev.cardea.wire.stun.StunAttribute;
import dev.cardea.wire.stun.StunError;
import dev.cardea.wire.stun.StunReader;
import dev.cardea.wire.stun.TransportAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** CreatePermission and ChannelBind (RFC 8656 sections 10.2 and 12.2). */
final class Permitting {
    private final TurnOptions options;
    private final Relays relays;

    Permitting(TurnOptions options, Relays relays) {
        this.options = options;
        this.relays = relays;
    }

    /** All of the addresses, or none. */
    Answer createPermission(StunReader request, Allocation allocation, long nowNanos) {
        List<TransportAddress> peers = new ArrayList<>(1);
        int at = request.find(StunAttribute.XOR_PEER_ADDRESS);
        for (; at >= 0; at = request.next(at)) {
            if (peers.size() == options.permissionsPerAllocation()) return tooMany();
            peers.add(request.addressAt(at));
        }
        if (peers.isEmpty())
            return Answer.refused(StunError.BAD_REQUEST, "it has no XOR-PEER-ADDRESS");
        int more = 0;
        for (TransportAddress each : peers) {
            Answer refused = judge(each, allocation);
            if (refused != null) return refused;
            if (allocation.permission(each.ip().high(), each.ip().low()) == null) more++;
        }
        if (!allocation.hasRoomFor(more, nowNanos)) return tooMany();
        for (TransportAddress each : peers) {
            Permission permission = allocation.permit(each.ip(), nowNanos);
            boolean named = each.port() != 0;
            if (named && allocation.peer(each, permission, nowNanos) == null) return held(each);
        }
        return new Answer.Granted("permission for " + peers);
    }

    Answer channelBind(StunReader request, Allocation allocation, long nowNanos) {
        if (!request.has(StunAttribute.CHANNEL_NUMBER)
                || !request.has(StunAttribute.XOR_PEER_ADDRESS)
                || allocation.isOverTcp())
            return Answer.refused(
                    StunError.BAD_REQUEST, "it has no CHANNEL-NUMBER or XOR-PEER-ADDRESS");
        int number = request.firstTwoOfFour(StunAttribute.CHANNEL_NUMBER);
        if (!ChannelData.isChannel(number))
            return Answer.refused(StunError.BAD_REQUEST, "no channel has the number " + number);
        TransportAddress address = request.address(StunAttribute.XOR_PEER_ADDRESS);
        Answer refused = judge(address, allocation);
        if (refused != null) return refused;
        IpAddress ip = address.ip();
        boolean isNew = allocation.permission(ip.high(), ip.low()) == null;
        if (isNew && !allocation.hasRoomFor(1, nowNanos)) return tooMany();
        Peer other = allocation.peerOf(number, nowNanos);
        if (other != null && !other.address().equals(address))
            return Answer.refused(
                    StunError.BAD_REQUEST, "the channel is bound to " + other.address());
        if (other == null && !allocation.hasRoomForChannel(nowNanos)) return tooMany();
        Permission permission = allocation.permit(ip, nowNanos);
        Peer peer = allocation.peer(address, permission, nowNanos);
        if (peer == null) return held(address);
        int bound = peer.channel(nowNanos);
        if (bound != Peer.NO_CHANNEL && bound != number)
            return Answer.refused(StunError.BAD_REQUEST, "the peer has channel " + bound);
        allocation.bind(peer, number, nowNanos);
        return new Answer.Granted("channel " + number + " to " + address);
    }

    private static Answer tooMany() {
        return Answer.refused(
                StunError.INSUFFICIENT_CAPACITY,
                "the allocation has all the peers that it may have (quotas.peers_per_allocation)");
    }

    private static Answer held(TransportAddress peer) {
        return Answer.refused(
                StunError.FORBIDDEN,
                "another allocation talks to " + peer + ", and all share one port (relay.ports)");
    }

    /** Why this peer isn't permitted; null: it is. */
    @Nullable Answer judge(TransportAddress peer, Allocation allocation) {
        if (allocation.relay(Family.of(peer.ip())) == null)
            return Answer.refused(
                    StunError.PEER_FAMILY_MISMATCH,
                    "the peer " + peer + " is of a family that the allocation has no address of");
        String denial = options.policy().denial(peer.ip(), relays.isOwn(peer.ip()));
        // two relayed clients talk through their relays: nothing leaves the server
        if (denial == null || relays.isLive(peer)) return null;
        return Answer.refused(StunError.FORBIDDEN, "the peer " + peer + " is " + denial);
    }
}
