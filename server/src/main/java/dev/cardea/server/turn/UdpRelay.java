package dev.cardea.server.turn;

import dev.cardea.rtc.turn.Allocation;
import dev.cardea.rtc.turn.Peer;
import dev.cardea.server.udp.Datagram;
import dev.cardea.server.udp.UdpOptions;
import dev.cardea.server.udp.UdpReceiver;
import dev.cardea.server.udp.UdpSocket;
import dev.cardea.wire.stun.TransportAddress;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A relayed address with a UDP port of its own. */
final class UdpRelay implements UdpRelayed, UdpReceiver {
    private final TurnLoop loop;
    private final LiveRelays live;
    private final Allocation owner;
    private final TransportAddress address;
    private final List<TransportAddress> names;
    private final Runnable closed;
    private final UdpSocket socket;

    private UdpRelay(
            TurnLoop loop,
            LiveRelays live,
            Allocation owner,
            RelayAddress at,
            int port,
            Runnable closed)
            throws IOException {
        this.loop = loop;
        this.live = live;
        this.owner = owner;
        this.address = at.toldTo(owner.client().address().ip(), port);
        this.names = at.names(port);
        this.closed = closed;
        this.socket =
                loop.udp().open(new TransportAddress(at.bound(), port), UdpOptions.FOR_FEW, this);
    }

    /**
     * @param closed run when the port is free again
     * @return null: the port can't be bound
     */
    static @Nullable UdpRelay open(
            TurnLoop loop,
            LiveRelays live,
            Allocation owner,
            RelayAddress at,
            int port,
            Runnable closed) {
        try {
            UdpRelay relay = new UdpRelay(loop, live, owner, at, port, closed);
            live.add(relay.names, relay);
            return relay;
        } catch (IOException _) {
            return null;
        }
    }

    @Override
    public TransportAddress address() {
        return address;
    }

    @Override
    public TurnLoop loop() {
        return loop;
    }

    // to peers

    @Override
    public void sendOn(Peer peer, Datagram data) {
        if (!peer.isOwn()) {
            socket.send(data, peer.address());
            return;
        }
        UdpRelay other = live.at(peer.address());
        if (other != null) {
            if (other.loop == loop) other.receive(address, data);
            else other.loop.handOver(other, address, data);
        } else if (peer.mayLeave()) {
            socket.send(data, peer.address());
        } else {
            owner.drop("data for an address of the server's own where no relay is");
        }
    }

    // from peers

    @Override
    public void received(Datagram data) {
        receive(data.high(), data.low(), data.port(), data);
    }

    @Override
    public void receive(TransportAddress from, Datagram data) {
        receive(from.ip().high(), from.ip().low(), from.port(), data);
    }

    private void receive(long high, long low, int port, Datagram data) {
        long nowNanos = System.nanoTime();
        Peer peer = owner.inbound(high, low, port, data.length(), nowNanos);
        if (peer == null || !socket.isOpen()) loop.counters().dropped();
        else ((TurnClient) owner.client()).deliver(peer, data, nowNanos);
    }

    /** A peer that can't be reached, or a network that is too slow: no reason to end. */
    @Override
    public void dropped(int count) {
        loop.counters().dropped(count);
        owner.drop("data that the network didn't take");
    }

    @Override
    public void close() {
        live.remove(names, this);
        socket.close();
        closed.run();
    }
}
