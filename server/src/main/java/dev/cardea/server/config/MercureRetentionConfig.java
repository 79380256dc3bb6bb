package dev.cardea.server.config;

import java.time.Duration;

/** {@code mercure.retention}: how much of what was published the hub keeps. */
public record MercureRetentionConfig(
        @Setting(
                        is = "engine",
                        means =
                                "where updates are kept: persistent is on this server's disk, in"
                                        + " persistence.path, so that they survive a restart; engine is in memory,"
                                        + " or where servers share a broker in that")
                HistoryPlace history,
        @Setting(is = "1000", means = "updates of one topic", atLeast = "1", atMost = "10000000")
                int topicSize,
        @Setting(
                        is = "4MiB",
                        means =
                                "what the updates of one topic take in memory; its newest one stays in any"
                                        + " case")
                MemoryShare topicMemory,
        @Setting(is = "24h", means = "how long an update is kept", atLeast = "1s") Duration ttl,
        @Setting(
                        is = "100000",
                        means = "updates of all topics together",
                        atLeast = "1",
                        atMost = "100000000")
                int size,
        @Setting(is = "10%", means = "the same in memory: bytes, or a percentage of the heap")
                MemoryShare memory) {}
