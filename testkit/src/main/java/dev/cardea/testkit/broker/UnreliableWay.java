package dev.cardea.testkit.broker;

import dev.cardea.testkit.Simulation;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.Executor;

/** Brings what a {@link SharedBroker} appends to one node: late, in order, and not all of it. */
public final class UnreliableWay implements Executor {
    private static final Duration LONGEST_WAY = Duration.ofMillis(30);

    private final Simulation simulation;
    private final SplittableRandom random;
    private double losing;
    private long arrivesNanos;

    /**
     * @param losing so much of it is lost, 0 to 1
     */
    public UnreliableWay(Simulation simulation, double losing) {
        this.simulation = simulation;
        this.random = simulation.random();
        this.losing = losing;
        this.arrivesNanos = simulation.nowNanos();
    }

    public void losesNoMore() {
        losing = 0;
    }

    @Override
    public void execute(Runnable arrival) {
        long earliest = simulation.nowNanos() + random.nextLong(LONGEST_WAY.toNanos());
        arrivesNanos = Math.max(arrivesNanos, earliest);
        if (random.nextDouble() < losing) return;
        simulation.after(Duration.ofNanos(arrivesNanos - simulation.nowNanos()), arrival);
    }
}
