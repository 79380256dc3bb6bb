package dev.cardea.server.turn;

import dev.cardea.rtc.turn.Allocation;
import dev.cardea.wire.stun.StunError;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** What has been counted since the start, on all loops. By error, never by user: bounded. */
final class TurnTotals {
    private final LongAdder allocated = new LongAdder();
    private final Map<StunError, LongAdder> refused = new EnumMap<>(StunError.class);
    private final LongAdder packetsOut = new LongAdder();
    private final LongAdder bytesOut = new LongAdder();
    private final LongAdder packetsIn = new LongAdder();
    private final LongAdder bytesIn = new LongAdder();
    private final LongAdder dropped = new LongAdder();

    TurnTotals() {
        for (StunError each : StunError.values()) refused.put(each, new LongAdder());
    }

    LongAdder allocated() {
        return allocated;
    }

    LongAdder refused(StunError error) {
        LongAdder adder = refused.get(error);
        if (adder == null) throw new IllegalStateException(error.name());
        return adder;
    }

    /** An allocation has ended that has carried so much. */
    void carried(Allocation allocation) {
        packetsOut.add(allocation.packetsOut());
        bytesOut.add(allocation.bytesOut());
        packetsIn.add(allocation.packetsIn());
        bytesIn.add(allocation.bytesIn());
        dropped.add(allocation.dropped());
    }

    TurnSums ended() {
        return new TurnSums(
                packetsOut.sum(), bytesOut.sum(), packetsIn.sum(), bytesIn.sum(), dropped.sum());
    }
}
