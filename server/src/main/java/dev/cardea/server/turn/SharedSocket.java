package dev.cardea.server.turn;

import dev.cardea.server.udp.Datagram;
import dev.cardea.server.udp.UdpOptions;
import dev.cardea.server.udp.UdpReceiver;
import dev.cardea.server.udp.UdpSocket;
import dev.cardea.wire.stun.TransportAddress;
import java.io.IOException;

/** The one UDP port of all relays, on one loop. */
final class SharedSocket implements UdpReceiver {
    private final TurnLoop loop;
    private final SharedPort port;
    private final UdpSocket socket;

    /** Whose relay is asked for. */
    private final AddressKey sender = new AddressKey();

    private SharedSocket(TurnLoop loop, SharedPort port, TransportAddress at) throws IOException {
        this.loop = loop;
        this.port = port;
        this.socket = loop.udp().open(at, UdpOptions.FOR_MANY.shared(true), this);
    }

    /** Binds from another thread. */
    static SharedSocket open(TurnLoop loop, SharedPort port) throws IOException {
        TransportAddress at = new TransportAddress(port.address().bound(), port.port());
        return loop.open("UDP " + at, () -> new SharedSocket(loop, port, at));
    }

    TurnLoop loop() {
        return loop;
    }

    SharedPort port() {
        return port;
    }

    @Override
    public void received(Datagram data) {
        SharedRelay relay = port.of(sender.become(data.high(), data.low(), data.port(), 0));
        if (relay == null) loop.counters().dropped();
        else if (relay.loop().equals(loop)) relay.receive(data);
        else relay.loop().handOver(relay, data.address(), data);
    }

    void send(Datagram data, TransportAddress to) {
        socket.send(data, to);
    }

    /** Whose they were isn't known any more. */
    @Override
    public void dropped(int count) {
        loop.counters().dropped(count);
    }

    void close() {
        socket.close();
    }
}
