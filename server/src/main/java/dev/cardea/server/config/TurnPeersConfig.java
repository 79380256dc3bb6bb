package dev.cardea.server.config;

import dev.cardea.rtc.turn.IpRange;
import dev.cardea.wire.Malformed;
import java.util.List;

/** {@code turn.peers}. */
public record TurnPeersConfig(
        @Setting(
                        means =
                                "ranges of addresses that are allowed although they aren't public, such as"
                                        + " 10.1.0.0/16; without one, private, loopback and link-local"
                                        + " addresses and the server's own are denied")
                List<String> allow,
        @Setting(means = "ranges of addresses that are denied, also from those that are allowed")
                List<String> deny)
        implements Checked {
    @Override
    public void check(Problems.Group problems) {
        check("allow", allow, problems);
        check("deny", deny, problems);
    }

    private static void check(String key, List<String> ranges, Problems.Group problems) {
        for (String each : ranges) {
            try {
                IpRange.parse(each);
            } catch (Malformed e) {
                problems.add(key, "has \"" + each + "\"; " + e.getMessage());
            }
        }
    }
}
