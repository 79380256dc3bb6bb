package dev.cardea.server.config;

import dev.cardea.wire.Malformed;
import dev.cardea.wire.stun.IpAddress;
import dev.cardea.wire.stun.TransportAddress;
import java.util.List;

/** {@code turn.relay}. */
public record TurnRelayConfig(
        @Setting(
                        means =
                                "the IP addresses that relays are bound to, one of each family; empty: the one"
                                        + " that is listened on, or the one that reaches the Internet")
                List<String> address,
        @Setting(
                        is = "49152-65535",
                        means =
                                "the range of UDP ports, of which every allocation has one; or single_port:"
                                        + " all share the port above turn.port, and no two may talk to the"
                                        + " same peer. single_port:PORT is another one")
                String ports,
        @Setting(
                        means =
                                "what clients are told instead of the bound address, where a NAT translates:"
                                        + " an IP address, or one with the port that stands for the first of"
                                        + " ports. With a private one and a public one, clients with private"
                                        + " addresses are told the private one")
                List<String> advertise)
        implements Checked {
    private static final String SINGLE_PORT = "single_port";

    public boolean isSinglePort() {
        return ports.startsWith(SINGLE_PORT);
    }

    /** The port that all share; 0: the one above the server's. */
    public int singlePort() {
        return ports.equals(SINGLE_PORT)
                ? 0
                : Integer.parseInt(ports.substring(SINGLE_PORT.length() + 1));
    }

    public int firstPort() {
        return Integer.parseInt(ports.substring(0, ports.indexOf('-')));
    }

    public int lastPort() {
        return Integer.parseInt(ports.substring(ports.indexOf('-') + 1));
    }

    @Override
    public void check(Problems.Group problems) {
        for (String each : address) TurnConfig.checkIp("address", each, problems);
        for (String each : advertise) {
            try {
                advertised(each);
            } catch (Malformed e) {
                problems.add("advertise", "has \"" + each + "\"; " + e.getMessage());
            }
        }
        boolean range = ports.matches("[0-9]{1,5}-[0-9]{1,5}");
        boolean single = ports.matches(SINGLE_PORT + "(:[1-9][0-9]{0,4})?");
        if (!range && !single) {
            problems.add(
                    "ports",
                    "is \"" + ports + "\"; expected a range such as 49152-65535, or single_port");
        } else if (single && singlePort() > 65535) {
            problems.add("ports", "is \"" + ports + "\"; a port is at most 65535");
        } else if (range && (firstPort() == 0 || firstPort() > lastPort() || lastPort() > 65535)) {
            problems.add(
                    "ports", "is \"" + ports + "\"; expected the lower port first, up to 65535");
        }
    }

    /**
     * The address; a port of 0 stands for the bound one.
     *
     * @throws Malformed it is none
     */
    public static TransportAddress advertised(String text) {
        boolean hasPort =
                text.startsWith("[")
                        || (text.indexOf(':') >= 0
                                && text.indexOf('.') >= 0
                                && text.indexOf(':') == text.lastIndexOf(':'));
        return hasPort
                ? TransportAddress.parse(text)
                : new TransportAddress(IpAddress.parse(text), 0);
    }
}
