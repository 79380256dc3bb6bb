package dev.cardea.server.config;

import java.time.Duration;

/** {@code circuit_breaker} of a proxy. */
public record CircuitBreakerConfig(
        @Setting(
                        is = "20",
                        means =
                                "failures one after the other after which the backend isn't asked for a"
                                        + " while; 0 asks it always")
                int failures,
        @Setting(
                        is = "1s",
                        means = "that while; one call then tries whether the backend is back",
                        atLeast = "1ms")
                Duration openFor) {}
