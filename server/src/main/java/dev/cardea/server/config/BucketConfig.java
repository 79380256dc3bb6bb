package dev.cardea.server.config;

import java.time.Duration;

/** A token bucket: so many at once, and as many again over each interval. */
public record BucketConfig(
        @Setting(is = "1s", means = "over how long the bucket fills", atLeast = "1ms")
                Duration interval,
        @Setting(is = "1", means = "what passes in an interval", atLeast = "1") int rate) {}
