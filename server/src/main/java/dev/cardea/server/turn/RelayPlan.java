package dev.cardea.server.turn;

import dev.cardea.rtc.turn.Family;
import dev.cardea.rtc.turn.Relays;
import dev.cardea.server.config.TurnConfig;
import dev.cardea.server.config.TurnRelayConfig;
import dev.cardea.server.net.Sockets;
import dev.cardea.wire.stun.IpAddress;
import dev.cardea.wire.stun.TransportAddress;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Where relays are, as configured: a port for each, or one for all. */
final class RelayPlan {
    private final List<RelayAddress> addresses;
    private final LiveRelays live;
    private final Map<Family, RangeRelays.Range> ranges = new EnumMap<>(Family.class);
    private final List<SharedPort> sharedPorts = new ArrayList<>();
    private final List<SharedSocket> sharedSockets = new ArrayList<>();
    private final Map<TurnLoop, SharedRelays> shared = new HashMap<>();

    private RelayPlan(TurnConfig config, List<RelayAddress> addresses) throws IOException {
        this.addresses = addresses;
        this.live = new LiveRelays(own(addresses));
        TurnRelayConfig relay = config.relay();
        for (RelayAddress each : addresses) {
            if (relay.isSinglePort()) {
                sharedPorts.add(new SharedPort(each, each.firstPort()));
            } else {
                PortPool ports = new PortPool(relay.firstPort(), relay.lastPort());
                ranges.put(each.family(), new RangeRelays.Range(each, ports));
            }
        }
    }

    static RelayPlan of(TurnConfig config) throws IOException {
        TurnRelayConfig relay = config.relay();
        int single = relay.isSinglePort() ? relay.singlePort() : 0;
        int first =
                relay.isSinglePort()
                        ? (single != 0 ? single : config.port() + 1)
                        : relay.firstPort();
        List<RelayAddress> addresses = new ArrayList<>();
        for (IpAddress each : bound(config)) {
            List<TransportAddress> advertised =
                    relay.advertise().stream()
                            .map(TurnRelayConfig::advertised)
                            .filter(told -> told.isIpv4() == each.isIpv4())
                            .toList();
            addresses.add(new RelayAddress(each, advertised, first));
        }
        if (addresses.isEmpty())
            throw new IOException("turn.relay.address is empty, and no address was found");
        return new RelayPlan(config, addresses);
    }

    private static List<IpAddress> bound(TurnConfig config) {
        if (!config.relay().address().isEmpty())
            return config.relay().address().stream().map(IpAddress::parse).toList();
        if (!config.address().isEmpty()) {
            IpAddress listened = IpAddress.parse(config.address());
            if (!Sockets.inet(listened).isAnyLocalAddress()) return List.of(listened);
        }
        List<IpAddress> outward = new ArrayList<>();
        for (boolean ipv4 : new boolean[] {true, false}) {
            IpAddress found = OwnAddresses.outward(ipv4);
            if (found != null) outward.add(found);
        }
        return outward;
    }

    private static Set<IpAddress> own(List<RelayAddress> addresses) throws IOException {
        Set<IpAddress> own = new HashSet<>(OwnAddresses.all());
        for (RelayAddress each : addresses) {
            own.add(each.bound());
            for (TransportAddress told : each.advertised()) own.add(told.ip());
        }
        return own;
    }

    /** The relays of one loop. */
    Relays of(TurnLoop loop) {
        if (sharedPorts.isEmpty()) return new RangeRelays(loop, ranges, live, new SecureRandom());
        SharedRelays relays = new SharedRelays(live);
        shared.put(loop, relays);
        return relays;
    }

    /** Binds what is bound from the start, once all loops are there. */
    void open() throws IOException {
        for (Map.Entry<TurnLoop, SharedRelays> each : shared.entrySet()) {
            for (SharedPort port : sharedPorts) {
                SharedSocket socket = SharedSocket.open(each.getKey(), port);
                sharedSockets.add(socket);
                each.getValue().add(socket);
            }
        }
    }

    void tick(long nowNanos) {
        for (RangeRelays.Range each : ranges.values()) each.ports().tick(nowNanos);
    }

    /** The address that clients of the Internet are told. */
    IpAddress told() {
        RelayAddress first = addresses.getFirst();
        return first.advertised().isEmpty() ? first.bound() : first.advertised().getLast().ip();
    }

    /** For the log. */
    @Override
    public String toString() {
        List<String> texts = new ArrayList<>();
        for (RelayAddress each : addresses) {
            String told = each.advertised().isEmpty() ? "" : " told as " + each.advertised();
            texts.add(each.bound() + told);
        }
        return String.join(", ", texts);
    }

    void close() {
        sharedSockets.forEach(SharedSocket::close);
    }
}
