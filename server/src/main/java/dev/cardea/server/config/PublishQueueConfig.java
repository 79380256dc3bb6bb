package dev.cardea.server.config;

import java.time.Duration;

/** {@code publish_queue}: what is published while the broker is away. */
public record PublishQueueConfig(
        @Setting(
                        is = "0",
                        means =
                                "so many publications of the namespace wait in each server until Redis is"
                                        + " back; 0 refuses them at once",
                        atMost = "1000000")
                int size,
        @Setting(is = "30s", means = "a publish fails that has waited so long", atLeast = "1s")
                Duration timeout) {}
