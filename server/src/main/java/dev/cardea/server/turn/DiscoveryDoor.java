package dev.cardea.server.turn;

import dev.cardea.server.udp.Datagram;
import dev.cardea.server.udp.UdpOptions;
import dev.cardea.server.udp.UdpReceiver;
import dev.cardea.server.udp.UdpSocket;
import dev.cardea.wire.stun.StunType;
import dev.cardea.wire.stun.TransportAddress;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Where Binding requests are answered as RFC 5780 wants it: a socket of its own, or in front of the
 * one that is there for everything else.
 */
final class DiscoveryDoor implements UdpReceiver {
    private final TurnLoop loop;
    private final UdpSocket socket;
    private final Discovery discovery;
    private final int ip;
    private final int port;

    private DiscoveryDoor(TurnLoop loop, TransportAddress at, Discovery discovery, int ip, int port)
            throws IOException {
        this.loop = loop;
        this.discovery = discovery;
        this.ip = ip;
        this.port = port;
        this.socket = loop.udp().open(at, UdpOptions.FOR_MANY, this);
    }

    private DiscoveryDoor(UdpDoor door, Discovery discovery) {
        this.loop = door.loop();
        this.socket = door.socket();
        this.discovery = discovery;
        this.ip = 0;
        this.port = 0;
    }

    /** Binds from another thread. */
    static DiscoveryDoor open(
            TurnLoop loop, TransportAddress at, Discovery discovery, int ip, int port)
            throws IOException {
        return loop.open("UDP " + at, () -> new DiscoveryDoor(loop, at, discovery, ip, port));
    }

    static DiscoveryDoor before(UdpDoor door, Discovery discovery) {
        DiscoveryDoor first = new DiscoveryDoor(door, discovery);
        door.addFirst(first);
        return first;
    }

    @Override
    public void received(Datagram in) {
        takes(in);
    }

    @Override
    public void dropped(int count) {
        loop.counters().dropped(count);
    }

    TransportAddress local() {
        return socket.local();
    }

    /** A Binding request is answered here; anything else isn't taken. */
    boolean takes(Datagram in) {
        if (!discovery.isOpen() || in.length() < 2) return false;
        if (in.unsignedShort(0) != StunType.BINDING) return false;
        loop.message(in, new DiscoveryClient(this, in.address(), in.scope()));
        return true;
    }

    /** The door of the other address, of the other port, or of both. */
    DiscoveryDoor other(boolean otherIp, boolean otherPort) {
        return discovery.at(otherIp ? 1 - ip : ip, otherPort ? 1 - port : port);
    }

    /** From any loop. */
    void write(ByteBuffer message, TransportAddress to, int scope) {
        if (loop.eventLoop().inEventLoop()) {
            send(message, to, scope);
            return;
        }
        ByteBuffer copy = ByteBuffer.allocate(message.remaining()).put(message).flip();
        loop.eventLoop().execute(() -> send(copy, to, scope));
    }

    private void send(ByteBuffer message, TransportAddress to, int scope) {
        socket.send(loop.udp().copyOf(message), to, scope);
    }

    void close() {
        socket.close();
    }
}
