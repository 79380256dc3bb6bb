package dev.cardea.server.turn;

import dev.cardea.rtc.turn.Allocation;

/** What was carried to peers (out) and to clients (in). */
record TurnSums(long packetsOut, long bytesOut, long packetsIn, long bytesIn, long dropped) {
    static final TurnSums NONE = new TurnSums(0, 0, 0, 0, 0);

    static TurnSums of(Allocation allocation) {
        return new TurnSums(
                allocation.packetsOut(),
                allocation.bytesOut(),
                allocation.packetsIn(),
                allocation.bytesIn(),
                allocation.dropped());
    }

    TurnSums and(TurnSums other) {
        return new TurnSums(
                packetsOut + other.packetsOut,
                bytesOut + other.bytesOut,
                packetsIn + other.packetsIn,
                bytesIn + other.bytesIn,
                dropped + other.dropped);
    }
}
