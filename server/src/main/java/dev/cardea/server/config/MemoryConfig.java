package dev.cardea.server.config;

/** {@code memory}: the bounds that keep a slow client or a busy channel from taking everything. */
public record MemoryConfig(
        @Setting(
                        is = "25%",
                        means =
                                "what all histories and delivery windows may hold: bytes, or a percentage"
                                        + " of the heap")
                MemoryShare publications,
        @Setting(
                        is = "25%",
                        means =
                                "what may wait for clients that don't read: bytes, or a percentage of the"
                                        + " heap")
                MemoryShare outbound,
        @Setting(
                        is = "200000",
                        means =
                                "channels with history that nobody reads; past this many, those whose"
                                        + " publications have expired forget their position before"
                                        + " history_meta_ttl",
                        atLeast = "1")
                int idleStreams) {}
