package dev.cardea.benchmarks.stress;

import dev.cardea.messaging.log.ChannelLog;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * A reader follows the head while an appender laps a window of two: what it finds at a head that it
 * saw is that very publication, or it is lapped.
 */
@JCStressTest
@Outcome(id = "[012], [12]", expect = Expect.ACCEPTABLE, desc = "the very entry, or lapped")
@Outcome(id = "0, 0", expect = Expect.ACCEPTABLE, desc = "nothing was there yet")
@Outcome(expect = Expect.FORBIDDEN, desc = "another entry, or a half-built one")
@State
public class ReadWhileAppending {
    private final ChannelLog log = Logs.of(2, 0);

    /** Gives every slot to another entry twice, through a growing array. */
    @Actor
    public void append() {
        for (int i = 1; i <= 12; i++) Logs.append(log, i);
    }

    /** Two looks, one after the other. */
    @Actor
    public void read(II_Result result) {
        result.r1 = Logs.read(log, log.head());
        result.r2 = Logs.read(log, log.head());
    }
}
