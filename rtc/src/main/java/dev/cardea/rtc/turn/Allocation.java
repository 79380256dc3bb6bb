package dev.cardea.rtc.turn;

import dev.cardea.wire.stun.IpAddress;
import dev.cardea.wire.stun.PasswordAlgorithm;
import dev.cardea.wire.stun.TransportAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What a client was given (RFC 8656 section 5): its relayed addresses, the peers that it may talk
 * to, and until when. Belongs to the event loop of its client.
 *
 * <p>{@link #outbound}, {@link #inbound} and {@link #toChannel} are asked for each packet and make
 * no garbage.
 */
public final class Allocation {
    private final Client client;
    private final String name;
    private final String user;
    private final byte[] key;
    private final PasswordAlgorithm algorithm;
    private final boolean overTcp;
    private final TurnOptions options;
    private final Relays relays;
    private final TokenBucket bandwidth;
    private final TokenBucket loopBandwidth;
    private final long createdNanos;

    private @Nullable Relay ipv4;
    private @Nullable Relay ipv6;
    private long expiresNanos;
    private byte[] answer = new byte[0];

    private final List<Permission> permissions = new ArrayList<>(2);
    private final PeerTable peers = new PeerTable();
    private final List<Peer> channels = new ArrayList<>(2);

    /** Peers that a relay over TCP is connected with. */
    private @Nullable Set<TransportAddress> connections;

    private long packetsOut;
    private long bytesOut;
    private long packetsIn;
    private long bytesIn;
    private long dropped;
    private @Nullable String lastDrop;

    Allocation(
            Client client,
            Account account,
            boolean overTcp,
            TurnOptions options,
            Relays relays,
            TokenBucket loopBandwidth,
            long nowNanos) {
        this.client = client;
        this.name = account.name();
        this.user = account.user();
        this.key = account.key().toArray();
        this.algorithm = account.algorithm();
        this.overTcp = overTcp;
        this.options = options;
        this.relays = relays;
        this.bandwidth = new TokenBucket(options.bytesPerSecond(), nowNanos);
        this.loopBandwidth = loopBandwidth;
        this.createdNanos = nowNanos;
    }

    public Client client() {
        return client;
    }

    /** The name that it was made with; no other may use it. */
    String name() {
        return name;
    }

    /** Whose it is. */
    public String user() {
        return user;
    }

    byte[] key() {
        return key;
    }

    PasswordAlgorithm algorithm() {
        return algorithm;
    }

    /** Whether its relay speaks TCP with peers (RFC 6062). */
    public boolean isOverTcp() {
        return overTcp;
    }

    public long createdNanos() {
        return createdNanos;
    }

    public long expiresNanos() {
        return expiresNanos;
    }

    boolean isLive(long nowNanos) {
        return nowNanos - expiresNanos < 0;
    }

    void refresh(long lifetimeNanos, long nowNanos) {
        expiresNanos = nowNanos + lifetimeNanos;
    }

    /** The answer to the request that made it, for when that comes again. */
    byte[] answer() {
        return answer;
    }

    void answer(byte[] answered) {
        answer = answered;
    }

    void add(Family family, Relay relay) {
        if (family == Family.IPV4) ipv4 = relay;
        else ipv6 = relay;
    }

    /** The relay that talks to this family; null: it has none. */
    public @Nullable Relay relay(Family family) {
        return family == Family.IPV4 ? ipv4 : ipv6;
    }

    public @Nullable Relay relayTo(Peer peer) {
        return peer.address().isIpv4() ? ipv4 : ipv6;
    }

    boolean hasBoth() {
        return ipv4 != null && ipv6 != null;
    }

    void drop(Family family) {
        Relay relay = relay(family);
        if (relay == null) return;
        forget(peer -> Family.of(peer.address().ip()) != family);
        for (Permission each : permissions) {
            if (Family.of(each.ip()) == family) relay.forbid(each.ip());
        }
        permissions.removeIf(permission -> Family.of(permission.ip()) == family);
        relay.close();
        if (family == Family.IPV4) ipv4 = null;
        else ipv6 = null;
    }

    /** Where it can be reached, for reports. */
    public List<TransportAddress> relayedAddresses() {
        List<TransportAddress> addresses = new ArrayList<>(2);
        if (ipv4 != null) addresses.add(ipv4.address());
        if (ipv6 != null) addresses.add(ipv6.address());
        return addresses;
    }

    /** Takes back all that it has. */
    void close() {
        drop(Family.IPV4);
        drop(Family.IPV6);
        client.hold(null);
    }

    // permissions

    @Nullable Permission permission(long high, long low) {
        for (int i = 0; i < permissions.size(); i++) {
            if (permissions.get(i).is(high, low)) return permissions.get(i);
        }
        return null;
    }

    /** Whether another address fits in; what has ended makes room. */
    boolean hasRoomFor(int more, long nowNanos) {
        if (permissions.size() + more > options.permissionsPerAllocation()) clean(nowNanos);
        return permissions.size() + more <= options.permissionsPerAllocation();
    }

    Permission permit(IpAddress ip, long nowNanos) {
        Permission permission = permission(ip.high(), ip.low());
        if (permission == null) {
            permission = new Permission(ip, nowNanos);
            permissions.add(permission);
            Relay relay = relay(Family.of(ip));
            if (relay != null) relay.permit(ip);
        } else {
            permission.refresh(nowNanos);
        }
        return permission;
    }

    // peers and channels

    /**
     * The peer at this address, which is permitted.
     *
     * @return null: another allocation holds it, or there are too many
     */
    @Nullable Peer peer(TransportAddress address, Permission permission, long nowNanos) {
        IpAddress ip = address.ip();
        Peer known = peers.get(ip.high(), ip.low(), address.port());
        if (known != null) return known;
        if (peers.size() >= 4 * options.permissionsPerAllocation()) {
            forget(peer -> peer.channel(nowNanos) != Peer.NO_CHANNEL);
            if (peers.size() >= 4 * options.permissionsPerAllocation()) return null;
        }
        Relay relay = relay(Family.of(ip));
        if (relay == null || (!overTcp && !relay.claim(address))) return null;
        boolean isOwn = relays.isOwn(ip);
        boolean mayLeave = options.policy().denial(ip, isOwn) == null;
        Peer peer = new Peer(address, permission, isOwn || !mayLeave, mayLeave);
        peers.add(peer);
        return peer;
    }

    @Nullable Peer peerOf(int channel, long nowNanos) {
        for (int i = 0; i < channels.size(); i++) {
            Peer peer = channels.get(i);
            if (peer.channel(nowNanos) == channel) return peer;
        }
        return null;
    }

    boolean hasRoomForChannel(long nowNanos) {
        if (channels.size() >= options.channelsPerAllocation()) clean(nowNanos);
        return channels.size() < options.channelsPerAllocation();
    }

    void bind(Peer peer, int channel, long nowNanos) {
        if (!channels.contains(peer)) channels.add(peer);
        peer.bind(channel, nowNanos);
    }

    /** Drops what has ended. */
    void clean(long nowNanos) {
        boolean ended = false;
        for (int i = 0; i < permissions.size(); i++) ended |= !permissions.get(i).isLive(nowNanos);
        for (int i = 0; i < channels.size(); i++) {
            ended |= channels.get(i).channel(nowNanos) == Peer.NO_CHANNEL;
        }
        if (!ended) return;
        channels.removeIf(peer -> peer.channel(nowNanos) == Peer.NO_CHANNEL);
        forget(peer ->
                peer.permission().isLive(nowNanos) || peer.channel(nowNanos) != Peer.NO_CHANNEL);
        permissions.removeIf(permission -> {
            if (permission.isLive(nowNanos)) return false;
            if (channels.stream().anyMatch(peer -> peer.permission() == permission)) return false;
            Relay relay = relay(Family.of(permission.ip()));
            if (relay != null) relay.forbid(permission.ip());
            return true;
        });
    }

    private void forget(Predicate<Peer> kept) {
        peers.keep(peer -> {
            if (kept.test(peer)) return true;
            Relay relay = relayTo(peer);
            if (relay != null && !overTcp) relay.release(peer.address());
            channels.remove(peer);
            peer.unbind();
            return false;
        });
    }

    // TCP connections with peers

    /** False: there is one with this peer, or there are too many. */
    boolean beginConnection(TransportAddress peer) {
        if (connections == null) connections = new HashSet<>();
        return connections.size() < options.permissionsPerAllocation() && connections.add(peer);
    }

    /** A connection with a peer has ended. On the loop. */
    public void endConnection(TransportAddress peer) {
        if (connections != null) connections.remove(peer);
    }

    // packets

    /**
     * Where data of a channel goes to.
     *
     * @return null: nowhere; it is counted as dropped
     */
    public @Nullable Peer toChannel(int channel, int bytes, long nowNanos) {
        Peer peer = peerOf(channel, nowNanos);
        if (peer == null) return dropped("data of a channel that isn't bound");
        return sendable(peer, bytes, nowNanos);
    }

    /** The same for a Send indication, by the numbers of the peer's address. */
    @Nullable Peer outbound(long high, long low, int port, int bytes, long nowNanos) {
        Peer peer = peers.get(high, low, port);
        if (peer == null) peer = newPeer(high, low, port, nowNanos);
        return peer == null ? null : sendable(peer, bytes, nowNanos);
    }

    private @Nullable Peer newPeer(long high, long low, int port, long nowNanos) {
        Permission permission = permission(high, low);
        if (permission == null) return dropped("data for a peer without permission");
        TransportAddress address = new TransportAddress(permission.ip(), port);
        Peer peer = peer(address, permission, nowNanos);
        return peer == null ? dropped("data for a peer that another allocation holds") : peer;
    }

    private @Nullable Peer sendable(Peer peer, int bytes, long nowNanos) {
        // binding a channel refreshes the permission, which is shorter (RFC 8656 section 12)
        if (!peer.permission().isLive(nowNanos))
            return dropped("data for a peer whose permission has ended");
        if (!mayCarry(bytes, nowNanos)) return dropped("data above the bandwidth");
        packetsOut++;
        bytesOut += bytes;
        return peer;
    }

    /**
     * From whom data comes that a relay has received.
     *
     * @return null: from nobody that may send; it is counted as dropped
     */
    public @Nullable Peer inbound(long high, long low, int port, int bytes, long nowNanos) {
        Peer peer = peers.get(high, low, port);
        if (peer == null) peer = newSender(high, low, port, nowNanos);
        if (peer == null) return null;
        if (!peer.permission().isLive(nowNanos))
            return dropped("data from a peer whose permission has ended");
        if (!mayCarry(bytes, nowNanos)) return dropped("data above the bandwidth");
        packetsIn++;
        bytesIn += bytes;
        return peer;
    }

    private @Nullable Peer newSender(long high, long low, int port, long nowNanos) {
        Permission permission = permission(high, low);
        if (permission == null || !permission.isLive(nowNanos))
            return dropped("data from a peer without permission");
        Peer peer = peer(new TransportAddress(permission.ip(), port), permission, nowNanos);
        return peer == null ? dropped("data from more ports than one peer has") : peer;
    }

    private boolean mayCarry(int bytes, long nowNanos) {
        return bandwidth.take(bytes, nowNanos) && loopBandwidth.take(bytes, nowNanos);
    }

    private @Nullable Peer dropped(String why) {
        dropped++;
        lastDrop = why;
        return null;
    }

    /** Something was dropped behind what is asked here. */
    public void drop(String why) {
        var _ = dropped(why);
    }

    public long packetsOut() {
        return packetsOut;
    }

    public long bytesOut() {
        return bytesOut;
    }

    public long packetsIn() {
        return packetsIn;
    }

    public long bytesIn() {
        return bytesIn;
    }

    public long dropped() {
        return dropped;
    }

    /** Why the last packet was dropped; null: none was. */
    public @Nullable String lastDrop() {
        return lastDrop;
    }

    public int permissionCount() {
        return permissions.size();
    }

    int peerCount() {
        return peers.size();
    }

    public int channelCount() {
        return channels.size();
    }

    /** The peers' addresses that are permitted, for reports. */
    public List<IpAddress> permitted() {
        return permissions.stream().map(Permission::ip).toList();
    }
}
