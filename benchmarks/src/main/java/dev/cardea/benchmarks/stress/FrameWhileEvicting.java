package dev.cardea.benchmarks.stress;

import dev.cardea.messaging.log.ChannelLog;
import dev.cardea.messaging.log.Entry;
import dev.cardea.messaging.log.MemoryBudget;
import java.util.Objects;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * A loop makes an entry's frame while the log lets go of the entry: nothing stays charged to the
 * memory budget.
 */
@JCStressTest
@Outcome(id = "1, 0", expect = Expect.ACCEPTABLE, desc = "a whole frame, and all memory given back")
@Outcome(expect = Expect.FORBIDDEN, desc = "a half-built frame, or a leak in the budget")
@State
public class FrameWhileEvicting {
    private final MemoryBudget budget = new MemoryBudget(Long.MAX_VALUE);
    private final ChannelLog log = Logs.of(8, 1, budget);
    private final Entry entry = Objects.requireNonNull(log.read(1));

    /** The loop. */
    @Actor
    public void frame(II_Result result) {
        result.r1 = Logs.isWhole(entry.frame(Logs.ENCODING)) ? 1 : 0;
    }

    /** The log. */
    @Actor
    public void evict() {
        log.trimTo(2);
    }

    /** What is still charged. */
    @Arbiter
    public void together(II_Result result) {
        result.r2 = (int) budget.usedBytes();
    }
}
