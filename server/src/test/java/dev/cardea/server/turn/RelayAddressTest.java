package dev.cardea.server.turn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cardea.server.config.TurnRelayConfig;
import dev.cardea.wire.stun.IpAddress;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** What clients are told of a relay behind a NAT. */
class RelayAddressTest {
    private static final IpAddress NEAR = IpAddress.parse("10.0.0.99");
    private static final IpAddress FAR = IpAddress.parse("198.51.100.9");

    private static RelayAddress told(String... advertised) {
        return new RelayAddress(
                IpAddress.parse("10.0.0.5"),
                Arrays.stream(advertised).map(TurnRelayConfig::advertised).toList(),
                50_000);
    }

    @Test
    void withoutANatItIsTheBoundAddress() {
        assertThat(told().toldTo(FAR, 50_003)).hasToString("10.0.0.5:50003");
    }

    @Test
    void anAddressStandsForTheBoundOneAndAPortForTheFirstOfTheRange() {
        assertThat(told("203.0.113.7").toldTo(FAR, 50_003)).hasToString("203.0.113.7:50003");
        assertThat(told("203.0.113.7:60000").toldTo(FAR, 50_003)).hasToString("203.0.113.7:60003");
    }

    @Test
    void whoeverIsNearIsToldTheNearAddress() {
        RelayAddress both = told("203.0.113.7:60000", "10.0.0.5");
        assertThat(both.toldTo(FAR, 50_003)).hasToString("203.0.113.7:60003");
        assertThat(both.toldTo(NEAR, 50_003)).hasToString("10.0.0.5:50003");
        assertThat(told("203.0.113.7").toldTo(NEAR, 50_003)).hasToString("203.0.113.7:50003");
    }

    @Test
    void underEachOfItsNamesItIsOneOfOurs() {
        assertThat(told("203.0.113.7:60000", "10.0.0.6").names(50_003))
                .map(Object::toString)
                .containsExactly("10.0.0.5:50003", "203.0.113.7:60003", "10.0.0.6:50003");
    }
}
