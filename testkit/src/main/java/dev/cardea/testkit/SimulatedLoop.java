package dev.cardea.testkit;

import dev.cardea.messaging.hub.Loop;
import dev.cardea.messaging.hub.Shard;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * An event loop of a {@link Simulation}: what it is told to do, in that order. Like any loop it may
 * be told by other threads, those of a real broker.
 */
public final class SimulatedLoop implements Loop {
    private final Simulation simulation;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final Shard shard;
    private final AtomicBoolean turnPending = new AtomicBoolean();

    SimulatedLoop(Simulation simulation, int index, long outboundLimitBytes) {
        this.simulation = simulation;
        this.shard = new Shard(index, this, outboundLimitBytes);
    }

    public Shard shard() {
        return shard;
    }

    @Override
    public boolean isCurrent() {
        return simulation.isCurrent(this);
    }

    @Override
    public void wake() {
        if (turnPending.compareAndSet(false, true)) tasks.add(this::turn);
    }

    private void turn() {
        turnPending.set(false); // first: what is appended from here on asks for another turn
        simulation.turn();
        if (shard.turn(nowNanos())) wake();
    }

    @Override
    public long nowNanos() {
        return simulation.nowNanos();
    }

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
    }

    /** One of its connections writes a batch. */
    void write() {
        simulation.write();
    }

    @Nullable Runnable next() {
        return tasks.poll();
    }
}
