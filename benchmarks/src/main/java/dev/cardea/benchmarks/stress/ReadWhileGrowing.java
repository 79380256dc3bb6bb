package dev.cardea.benchmarks.stress;

import dev.cardea.messaging.log.ChannelLog;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/** Growing the array loses nothing: while the window has room, no reader is ever lapped. */
@JCStressTest
@Outcome(id = "1, 1, 1", expect = Expect.ACCEPTABLE, desc = "all were found")
@Outcome(expect = Expect.FORBIDDEN, desc = "lapped without need, or a wrong entry")
@State
public class ReadWhileGrowing {
    private static final int FULL = 8; // the smallest array

    private final ChannelLog log = Logs.of(32, FULL);

    /** Grows the array twice. */
    @Actor
    public void append() {
        for (int i = FULL + 1; i <= 2 * FULL + 1; i++) Logs.append(log, i);
    }

    /** The oldest, one in the middle, and whatever is the newest. */
    @Actor
    public void read(III_Result result) {
        result.r1 = Logs.read(log, 1);
        result.r2 = Logs.read(log, FULL);
        result.r3 = Logs.read(log, log.head());
    }
}
