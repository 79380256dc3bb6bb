package dev.cardea.server.config;

/** {@code delivery_window}: how far behind a subscriber may fall before it is overtaken. */
public record DeliveryWindowConfig(
        @Setting(is = "4096", means = "publications", atLeast = "1", atMost = "16777216") int size,
        @Setting(is = "1048576", means = "bytes of all of them", atLeast = "1024") long bytes) {}
