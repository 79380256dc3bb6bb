package dev.cardea.rtc.turn;

import dev.cardea.wire.Bytes;

/**
 * What holds for all loops.
 *
 * @param nonceSecret random, and the same on all loops
 * @param permissionsPerAllocation addresses that an allocation may talk to at a time
 * @param channelsPerAllocation channels that an allocation may have at a time
 * @param bytesPerSecond of each allocation, both ways together; 0: no limit
 * @param loopBytesPerSecond of all of a loop's allocations together; 0: no limit
 * @param unauthenticatedPerSecond answers to one source that has proved nothing; 0: no limit
 * @param hasTcpRelays whether RFC 6062 is on
 * @param pendingConnections the same on all loops
 */
public record TurnOptions(
        Credentials credentials,
        PeerPolicy policy,
        Quotas quotas,
        Bytes nonceSecret,
        int permissionsPerAllocation,
        int channelsPerAllocation,
        long bytesPerSecond,
        long loopBytesPerSecond,
        int unauthenticatedPerSecond,
        boolean hasTcpRelays,
        PendingConnections pendingConnections) {}
