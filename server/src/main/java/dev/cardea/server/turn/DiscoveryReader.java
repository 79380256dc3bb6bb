package dev.cardea.server.turn;

import dev.cardea.server.udp.Datagram;
import dev.cardea.server.udp.UdpReceiver;
import org.jspecify.annotations.Nullable;

/** What reads from a socket that is there for discovery alone. */
final class DiscoveryReader implements UdpReceiver {
    private final TurnLoop loop;
    private volatile @Nullable DiscoveryDoor door;

    DiscoveryReader(TurnLoop loop) {
        this.loop = loop;
    }

    void begin(DiscoveryDoor reading) {
        door = reading;
    }

    @Override
    public void received(Datagram datagram) {
        DiscoveryDoor reading = door;
        if (reading != null) reading.takes(datagram);
    }

    @Override
    public void dropped(int count) {
        loop.counters().dropped(count);
    }
}
