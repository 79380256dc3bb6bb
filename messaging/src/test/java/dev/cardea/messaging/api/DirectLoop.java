package dev.cardea.messaging.api;

import dev.cardea.messaging.hub.Loop;
import dev.cardea.messaging.hub.Shard;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;

/** A loop in the test's own thread: everything is done when the call returns, in order. */
final class DirectLoop implements Loop {
    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private final Shard shard = new Shard(0, this, Long.MAX_VALUE);
    private boolean running;
    private boolean held;
    private boolean ended;

    Shard shard() {
        return shard;
    }

    /** What is executed from here on waits for {@link #release}. */
    void hold() {
        held = true;
    }

    void release() {
        held = false;
        run();
    }

    void end() {
        ended = true;
    }

    @Override
    public void execute(Runnable task) {
        if (ended) throw new RejectedExecutionException("the loop has ended");
        tasks.add(task);
        if (!running && !held) run();
    }

    private void run() {
        running = true;
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) task.run();
        running = false;
    }

    @Override
    public boolean isCurrent() {
        return true;
    }

    @Override
    public void wake() {
        execute(() -> shard.turn(0));
    }

    @Override
    public long nowNanos() {
        return 0;
    }
}
