package dev.cardea.server.config;

/** {@code turn.quotas}. */
public record TurnQuotasConfig(
        @Setting(is = "10000", means = "allocations in all; 0 is no limit") int allocations,
        @Setting(is = "100", means = "allocations of one user; 0 is no limit")
                int allocationsPerUser,
        @Setting(
                        is = "64",
                        means =
                                "addresses that one allocation may talk to at a time, and its channels",
                        atLeast = "1",
                        atMost = "1024")
                int peersPerAllocation,
        @Setting(is = "0", means = "bytes per second of one allocation, both ways; 0 is no limit")
                long bandwidthPerAllocation,
        @Setting(is = "0", means = "bytes per second of all allocations; 0 is no limit")
                long bandwidth,
        @Setting(
                        is = "100",
                        means =
                                "answers per second over UDP to one address that has proved nothing; 0 is no"
                                        + " limit")
                int unauthenticatedPerSecond) {}
