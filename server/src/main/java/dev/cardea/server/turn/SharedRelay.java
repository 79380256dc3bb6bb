package dev.cardea.server.turn;

import dev.cardea.rtc.turn.Allocation;
import dev.cardea.rtc.turn.Peer;
import dev.cardea.server.udp.Datagram;
import dev.cardea.wire.stun.IpAddress;
import dev.cardea.wire.stun.TransportAddress;

/** One allocation's part of the port that all share. */
final class SharedRelay implements UdpRelayed {
    private final SharedPort port;
    private final SharedSocket socket;
    private final Allocation owner;
    private final TransportAddress address;
    private boolean isClosed;

    SharedRelay(SharedPort port, SharedSocket socket, Allocation owner, TransportAddress address) {
        this.port = port;
        this.socket = socket;
        this.owner = owner;
        this.address = address;
    }

    @Override
    public TurnLoop loop() {
        return socket.loop();
    }

    @Override
    public TransportAddress address() {
        return address;
    }

    @Override
    public boolean claim(TransportAddress peer) {
        return port.claim(peer, this);
    }

    @Override
    public void release(TransportAddress peer) {
        port.release(peer, this);
    }

    @Override
    public void permit(IpAddress peer) {
        port.permit(peer, this);
    }

    @Override
    public void forbid(IpAddress peer) {
        port.forbid(peer, this);
    }

    @Override
    public void sendOn(Peer peer, Datagram data) {
        if (peer.mayLeave()) socket.send(data, peer.address());
        else owner.drop("data for an address of the server's own");
    }

    @Override
    public void receive(TransportAddress from, Datagram data) {
        receive(from.ip().high(), from.ip().low(), from.port(), data);
    }

    /** What its sender's address says where it comes from. On the relay's own loop. */
    void receive(Datagram data) {
        receive(data.high(), data.low(), data.port(), data);
    }

    private void receive(long high, long low, int port, Datagram data) {
        if (isClosed) return;
        long nowNanos = System.nanoTime();
        Peer peer = owner.inbound(high, low, port, data.length(), nowNanos);
        if (peer == null) loop().counters().dropped();
        else ((TurnClient) owner.client()).deliver(peer, data, nowNanos);
    }

    @Override
    public void close() {
        isClosed = true;
    }
}
