package dev.cardea.benchmarks.stress;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** An object published through an atomic reference is seen whole. */
@JCStressTest
@State
@Outcome(id = "0, 0", expect = Expect.ACCEPTABLE, desc = "not published yet")
@Outcome(id = "1, 2", expect = Expect.ACCEPTABLE, desc = "whole")
@Outcome(expect = Expect.FORBIDDEN, desc = "half-built")
public class Sample {
    private static final class Pair {
        int first = 1;
        int second = 2;
    }

    private final AtomicReference<@Nullable Pair> published = new AtomicReference<>();

    /** The writer. */
    @Actor
    public void write() {
        published.set(new Pair());
    }

    /** The reader. */
    @Actor
    public void read(II_Result result) {
        Pair pair = published.get();
        if (pair == null) return;
        result.r1 = pair.first;
        result.r2 = pair.second;
    }
}
