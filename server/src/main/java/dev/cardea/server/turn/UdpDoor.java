package dev.cardea.server.turn;

import dev.cardea.server.udp.Datagram;
import dev.cardea.server.udp.UdpOptions;
import dev.cardea.server.udp.UdpReceiver;
import dev.cardea.server.udp.UdpSocket;
import dev.cardea.wire.stun.ChannelData;
import dev.cardea.wire.stun.TransportAddress;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The UDP port of clients on one loop. The kernel gives the datagrams of one client always to the
 * same loop.
 */
final class UdpDoor implements UdpReceiver {
    private final TurnLoop loop;

    /** Those with an allocation. */
    private final Map<AddressKey, UdpClient> clients = new HashMap<>();

    /** Whose client is asked for. */
    private final AddressKey sender = new AddressKey();

    private final UdpSocket socket;

    /** What sees everything first. */
    private volatile @Nullable DiscoveryDoor discovery;

    private UdpDoor(TurnLoop loop, TransportAddress at, boolean shared) throws IOException {
        this.loop = loop;
        UdpOptions options = UdpOptions.FOR_MANY.shared(shared);
        socket = loop.udp().open(at, options, this);
    }

    /** Binds from another thread. */
    static UdpDoor open(TurnLoop loop, TransportAddress at, boolean shared) throws IOException {
        return loop.open("UDP " + at, () -> new UdpDoor(loop, at, shared));
    }

    void addFirst(DiscoveryDoor first) {
        discovery = first;
    }

    TransportAddress local() {
        return socket.local();
    }

    @Override
    public void received(Datagram in) {
        DiscoveryDoor first = discovery;
        if (first != null && first.takes(in)) return;
        UdpClient client = clients.get(sender.become(in.high(), in.low(), in.port(), in.scope()));
        if (in.length() > 0 && ChannelData.startsWith(in.unsignedByte(0))) {
            if (client != null && client.allocation() != null)
                loop.channelData(in, client.allocation());
        } else {
            UdpClient sender =
                    client != null ? client : new UdpClient(this, in.address(), in.scope());
            loop.message(in, sender);
        }
    }

    @Override
    public void dropped(int count) {
        loop.counters().dropped(count);
    }

    TurnLoop loop() {
        return loop;
    }

    UdpSocket socket() {
        return socket;
    }

    void keep(UdpClient client) {
        clients.put(client.key(), client);
    }

    void forget(UdpClient client) {
        clients.remove(client.key(), client);
    }

    void close() {
        socket.close();
    }
}
