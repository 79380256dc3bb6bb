package dev.cardea.server.turn;

import dev.cardea.rtc.turn.Family;
import dev.cardea.rtc.turn.PeerPolicy;
import dev.cardea.wire.stun.IpAddress;
import dev.cardea.wire.stun.TransportAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * An address that relays are bound to, and what clients are told instead.
 *
 * @param advertised with the port that stands for the first one; 0 stands for the bound one. None:
 *     they are told the bound address
 * @param firstPort of the ports that relays are bound to
 */
record RelayAddress(IpAddress bound, List<TransportAddress> advertised, int firstPort) {
    private static final PeerPolicy PUBLIC = new PeerPolicy(List.of(), List.of());

    Family family() {
        return Family.of(bound);
    }

    /**
     * What a client is told: one whose own address isn't public is near, and gets an address that
     * isn't public, if there is one.
     */
    TransportAddress toldTo(IpAddress client, int port) {
        if (advertised.isEmpty()) return new TransportAddress(bound, port);
        boolean isNear = !PUBLIC.isPublic(client);
        TransportAddress told = advertised.getFirst();
        for (TransportAddress each : advertised) {
            if (PUBLIC.isPublic(each.ip()) == isNear) continue;
            told = each;
            break;
        }
        return mapped(told, port);
    }

    /** All that a relay at this port may be called. */
    List<TransportAddress> names(int port) {
        List<TransportAddress> names = new ArrayList<>();
        names.add(new TransportAddress(bound, port));
        for (TransportAddress each : advertised) names.add(mapped(each, port));
        return names;
    }

    private TransportAddress mapped(TransportAddress told, int port) {
        int shown = told.port() == 0 ? port : told.port() + port - firstPort;
        return new TransportAddress(told.ip(), shown);
    }
}
