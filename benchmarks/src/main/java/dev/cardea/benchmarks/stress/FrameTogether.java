package dev.cardea.benchmarks.stress;

import dev.cardea.messaging.log.ChannelLog;
import dev.cardea.messaging.log.Entry;
import dev.cardea.messaging.log.Frame;
import dev.cardea.messaging.log.MemoryBudget;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * Two loops need an entry's frame for the first time: both get the same, whole, and it is charged
 * once.
 */
@JCStressTest
@Outcome(id = "1, 0", expect = Expect.ACCEPTABLE, desc = "one frame, and all memory given back")
@Outcome(expect = Expect.FORBIDDEN, desc = "two frames, a half-built one, or a leak in the budget")
@State
public class FrameTogether {
    private final MemoryBudget budget = new MemoryBudget(Long.MAX_VALUE);
    private final ChannelLog log = Logs.of(8, 1, budget);
    private final Entry entry = Objects.requireNonNull(log.read(1));
    private @Nullable Frame first;
    private @Nullable Frame second;

    /** A loop. */
    @Actor
    public void one() {
        first = entry.frame(Logs.ENCODING);
    }

    /** Another loop. */
    @Actor
    public void two() {
        second = entry.frame(Logs.ENCODING);
    }

    /** What both have, and what is still charged once the log has let go. */
    @Arbiter
    public void together(II_Result result) {
        Frame frame = first;
        boolean isWhole = Logs.isWhole(frame);
        // equal frames share their array
        result.r1 = isWhole && Objects.equals(frame, second) ? 1 : 0;
        log.trimTo(2);
        result.r2 = (int) budget.usedBytes();
    }
}
