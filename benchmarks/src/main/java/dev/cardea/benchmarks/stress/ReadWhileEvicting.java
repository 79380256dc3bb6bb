package dev.cardea.benchmarks.stress;

import dev.cardea.messaging.log.ChannelLog;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * Memory runs short, the last reader leaves and the array is given back, all while another loop
 * still reads.
 */
@JCStressTest
@Outcome(id = "[12], [12]", expect = Expect.ACCEPTABLE, desc = "the very entry, or lapped")
@Outcome(expect = Expect.FORBIDDEN, desc = "another entry, or a half-built one")
@State
public class ReadWhileEvicting {
    private final ChannelLog log = Logs.of(8, 4);

    /** Sheds the older half, then all; a new reader and new entries follow in a new array. */
    @Actor
    public void evict() {
        log.shed(3);
        log.removeReader();
        log.addReader();
        for (int i = 5; i <= 12; i++) Logs.append(log, i);
    }

    /** The first to go, and the newest that was there before. */
    @Actor
    public void read(II_Result result) {
        result.r1 = Logs.read(log, 1);
        result.r2 = Logs.read(log, 4);
    }
}
