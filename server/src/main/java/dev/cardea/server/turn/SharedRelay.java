package dev.cardea.server.turn;

import dev.cardea.rtc.turn.Allocation;
import dev.cardea.rtc.turn.Peer;
import dev.cardea.wire.stun.IpAddress;
import dev.cardea.wire.stun.TransportAddress;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;

/** One allocation's part of the port that all share. */
final class SharedRelay implements NettyRelay {
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

    TurnLoop loop() {
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
    public void send(Peer peer, ByteBuffer data) {
        sendOn(peer, socket.buffer(data.remaining()).writeBytes(data));
    }

    @Override
    public void sendOn(Peer peer, ByteBuf data) {
        if (!peer.mayLeave()) {
            owner.drop("data for an address of the server's own");
            data.release();
        } else if (!socket.write(data, SharedPort.socketOf(peer))) {
            owner.drop("data that the network didn't take in time");
        }
    }

    @Override
    public void receive(TransportAddress from, ByteBuf data) {
        long nowNanos = System.nanoTime();
        int bytes = data.readableBytes();
        if (isClosed || bytes >= UdpRelay.MAX_DATAGRAM_BYTES) {
            data.release();
            return;
        }
        Peer peer = owner.inbound(from.ip().high(), from.ip().low(), from.port(), bytes, nowNanos);
        if (peer == null) loop().counters().dropped();
        else ((TurnClient) owner.client()).deliver(peer, data, nowNanos);
        data.release();
    }

    @Override
    public void close() {
        isClosed = true;
    }
}
