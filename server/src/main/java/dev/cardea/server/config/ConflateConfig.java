package dev.cardea.server.config;

import java.time.Duration;

/** {@code conflate}: sends a subscriber at most the newest value in each interval. */
public record ConflateConfig(
        @Setting(
                        is = "0s",
                        means = "how often a subscriber is sent the newest; 0s sends everything")
                Duration interval,
        @Setting(
                        means =
                                "field of the data by which publications replace one another; empty: all do")
                String key)
        implements Checked {

    public boolean isOn() {
        return !interval.isZero();
    }

    @Override
    public void check(Problems.Group problems) {
        if (!isOn() && !key.isEmpty()) {
            problems.add("key", "needs conflate.interval, which is 0s");
        }
    }
}
