package dev.cardea.server.config;

/** {@code turn.discovery}: what clients need to find out how their NAT behaves (RFC 5780). */
public record TurnDiscoveryConfig(
        @Setting(
                        means =
                                "a second IP address of this server, as clients see it; with one, STUN answers"
                                        + " from either address and two ports, over UDP, as asked. It needs"
                                        + " turn.address")
                String address,
        @Setting(
                        is = "3479",
                        means = "the second port, of both addresses; 0 is a free one",
                        atMost = "65535")
                int port)
        implements Checked {
    public boolean isOn() {
        return !address.isEmpty();
    }

    @Override
    public void check(Problems.Group problems) {
        TurnConfig.checkIp("address", address, problems);
    }
}
