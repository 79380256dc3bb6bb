package dev.cardea.server.turn;

import dev.cardea.server.config.TurnConfig;
import dev.cardea.wire.stun.IpAddress;
import dev.cardea.wire.stun.TransportAddress;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * STUN at two addresses with two ports each (RFC 5780): the socket of the first address and port is
 * that of all clients, the other three are here.
 */
final class Discovery {
    private final List<DiscoveryDoor> opened = new ArrayList<>();

    /** By whether the address and the port are the second ones. */
    private final DiscoveryDoor[][] doors = new DiscoveryDoor[2][2];

    private volatile boolean isOpen;

    private Discovery() {}

    /** Whether all doors are there: nobody is answered before. */
    boolean isOpen() {
        return isOpen;
    }

    /**
     * Opens the others.
     *
     * @param loop where the others are
     * @throws IOException one of the addresses can't be bound
     */
    static Discovery open(TurnConfig config, TurnLoop loop, List<UdpDoor> first)
            throws IOException {
        Discovery discovery = new Discovery();
        IpAddress here = IpAddress.parse(config.address());
        IpAddress there = IpAddress.parse(config.discovery().address());
        int port = first.getFirst().local().port();
        try {
            DiscoveryDoor otherPort =
                    discovery.bind(
                            0, 1, loop, new TransportAddress(here, config.discovery().port()));
            int second = otherPort.local().port();
            discovery.bind(1, 0, loop, new TransportAddress(there, port));
            discovery.bind(1, 1, loop, new TransportAddress(there, second));
        } catch (IOException e) {
            discovery.close();
            throw e;
        }
        for (UdpDoor each : first) discovery.doors[0][0] = DiscoveryDoor.before(each, discovery);
        discovery.isOpen = true;
        return discovery;
    }

    private DiscoveryDoor bind(int ip, int port, TurnLoop loop, TransportAddress at)
            throws IOException {
        DiscoveryDoor door = DiscoveryDoor.open(loop, at, this, ip, port);
        doors[ip][port] = door;
        opened.add(door);
        return door;
    }

    /** The socket at this combination of addresses and ports. */
    DiscoveryDoor at(int ip, int port) {
        return doors[ip][port];
    }

    void close() {
        opened.forEach(DiscoveryDoor::close);
    }
}
