package dev.cardea.server.config;

import java.time.Duration;

/** {@code shutdown}: how the server ends. */
public record ShutdownConfig(
        @Setting(is = "30s", means = "how long connections may take to be closed, grace included")
                Duration timeout,
        @Setting(
                        is = "0s",
                        means =
                                "how long the server goes on as usual after it has said that it isn't"
                                        + " ready, so that load balancers notice")
                Duration grace,
        @Setting(
                        is = "100",
                        means =
                                "connections closed in a second, so that other servers can take them; more"
                                        + " if timeout leaves no time, and 0 spreads them over all of it",
                        atMost = "1000000")
                int rate)
        implements Checked {

    @Override
    public void check(Problems.Group problems) {
        if (grace.isZero() || grace.compareTo(timeout) < 0) return;
        problems.add(
                "grace",
                "is %s; expected less than timeout, which is %s"
                        .formatted(DurationText.format(grace), DurationText.format(timeout)));
    }
}
