package dev.cardea.benchmarks.stress;

import dev.cardea.messaging.log.ChannelLog;
import dev.cardea.messaging.log.Entry;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/** Two threads append: both entries are kept, each at a place of its own below the head. */
@JCStressTest
@Outcome(id = "2, 1, 2", expect = Expect.ACCEPTABLE, desc = "one after the other")
@Outcome(id = "2, 2, 1", expect = Expect.ACCEPTABLE, desc = "the other way round")
@Outcome(expect = Expect.FORBIDDEN, desc = "lost or doubled")
@State
public class AppendTogether {
    private static final int MISSING = -1;

    private final ChannelLog log = Logs.of(8, 0);

    /** Publishes 1. */
    @Actor
    public void one() {
        Logs.append(log, 1);
    }

    /** Publishes 2. */
    @Actor
    public void two() {
        Logs.append(log, 2);
    }

    /** What stands at both places in the end. */
    @Arbiter
    public void together(III_Result result) {
        result.r1 = (int) log.head();
        result.r2 = valueAt(1);
        result.r3 = valueAt(2);
    }

    private int valueAt(long sequence) {
        Entry entry = log.read(sequence);
        if (entry == null || entry.publication() == null) return MISSING;
        return entry.publication().data().at(0);
    }
}
