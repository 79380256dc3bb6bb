package dev.cardea.testkit;

import dev.cardea.messaging.hub.TimerWheel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Event loops and time as numbers: everything runs in the caller's thread, one step of one loop
 * after the other, in an order that the seed decides. The same seed plays the same way again.
 */
public final class Simulation {
    private static final long UNIX_MILLIS_AT_START = 1_800_000_000_000L;
    private static final int MAX_STEPS = 50_000_000;

    private record Event(long atNanos, long order, Runnable task) {}

    private final long seed;
    private final SplittableRandom random;
    private final List<SimulatedLoop> loops = new ArrayList<>();
    private final PriorityQueue<Event> events =
            new PriorityQueue<>((a, b) ->
                    a.atNanos() != b.atNanos()
                            ? Long.compare(a.atNanos(), b.atNanos())
                            : Long.compare(a.order(), b.order()));
    private final Queue<Runnable> outside = new ConcurrentLinkedQueue<>();
    private final long startNanos;
    private long nowNanos;
    private long nextTickNanos;
    private long eventsMade;
    private volatile @Nullable SimulatedLoop current;
    private volatile @Nullable Thread player;

    /** Null: time is a number; otherwise when it was the real one's turn. */
    private @Nullable Long liveSinceNanos;

    private long nanosForWrite;
    private long nanosForTurn;
    private long writes;

    /**
     * Loops and clients as in any other, beside something real that takes its time: where nothing
     * can go on, time passes as it does outside.
     */
    public static Simulation live(long seed) {
        Simulation simulation = new Simulation(seed);
        simulation.liveSinceNanos = System.nanoTime() - simulation.nowNanos;
        return simulation;
    }

    private Simulation(long seed) {
        this.seed = seed;
        this.random = new SplittableRandom(seed);
        // Monotonic time starts anywhere, below 0 as well: nothing may take it for an age.
        this.startNanos = random.nextLong(-1L << 50, 1L << 50);
        this.nowNanos = startNanos;
        this.nextTickNanos = startNanos + TimerWheel.TICK_NANOS;
    }

    public static Simulation seeded(long seed) {
        return new Simulation(seed);
    }

    /**
     * One more event loop.
     *
     * @param outboundLimitBytes what its stalled connections may have pending, all together
     */
    public SimulatedLoop addLoop(long outboundLimitBytes) {
        return addLoop(loops.size(), outboundLimitBytes);
    }

    /**
     * The same for one node of several.
     *
     * @param index among the loops of its node
     */
    public SimulatedLoop addLoop(int index, long outboundLimitBytes) {
        SimulatedLoop loop = new SimulatedLoop(this, index, outboundLimitBytes);
        loops.add(loop);
        return loop;
    }

    public List<SimulatedLoop> loops() {
        return loops;
    }

    /** Randomness of its own for a part of the test, derived from the seed. */
    public SplittableRandom random() {
        return random.split();
    }

    public long nowNanos() {
        return nowNanos;
    }

    /** The time of day, which moves with the monotonic one. */
    public long unixMillis() {
        return UNIX_MILLIS_AT_START + (nowNanos - startNanos) / 1_000_000;
    }

    /**
     * From now on work takes time: a write of one connection, and a loop's look at what there is.
     */
    public void workTakes(Duration write, Duration turn) {
        nanosForWrite = write.toNanos();
        nanosForTurn = turn.toNanos();
    }

    /** Batches that connections have written so far. */
    public long writes() {
        return writes;
    }

    void write() {
        writes++;
        nowNanos += nanosForWrite;
    }

    void turn() {
        nowNanos += nanosForTurn;
    }

    /** Runs the task after a while, on no loop, as another thread would. */
    public void after(Duration delay, Runnable task) {
        events.add(new Event(nowNanos + delay.toNanos(), eventsMade++, task));
    }

    /** Runs the task as soon as it plays on; from any thread, unlike all else. */
    public void fromOutside(Runnable task) {
        outside.add(task);
    }

    /** Plays on until nothing is left to do at this moment. */
    public void run() {
        for (int steps = 0; step(); steps++) {
            if (steps > MAX_STEPS) throw new AssertionError("never comes to rest: " + this);
        }
    }

    /** Lets time pass; timers fire, and what they give rise to is done. */
    public void run(Duration duration) {
        long until = nowNanos + duration.toNanos();
        run();
        while (nowNanos < until) {
            passTo(Math.min(until, nextMoment()));
            run();
        }
    }

    /** Lets time pass in one leap, over moments at which nothing but timers would have happened. */
    public void leap(Duration duration) {
        run();
        passTo(nowNanos + duration.toNanos());
        run();
    }

    /** Plays on until the condition holds; fails if it doesn't within that time. */
    public void runUntil(BooleanSupplier condition, Duration within) {
        long until = nowNanos + within.toNanos();
        while (!condition.getAsBoolean()) {
            if (step()) continue;
            if (nowNanos >= until) throw new AssertionError("not within " + within + ": " + this);
            passTo(liveSinceNanos == null ? Math.min(until, nextMoment()) : awaitOutside());
        }
    }

    private long awaitOutside() {
        LockSupport.parkNanos(100_000);
        return System.nanoTime() - Objects.requireNonNull(liveSinceNanos);
    }

    private long nextMoment() {
        Event next = events.peek();
        return next == null ? nextTickNanos : Math.min(next.atNanos(), nextTickNanos);
    }

    private void passTo(long nanos) {
        nowNanos = Math.max(nowNanos, nanos);
        if (nowNanos < nextTickNanos) return;
        nextTickNanos = nowNanos + TimerWheel.TICK_NANOS;
        for (SimulatedLoop loop : loops) on(loop, () -> loop.shard().tick(nowNanos));
    }

    /** One step of something that can go on; false if nothing can. */
    private boolean step() {
        if (current != null) throw new IllegalStateException("already running");
        Runnable come = outside.poll();
        if (come != null) {
            come.run();
            return true;
        }
        Event event = events.peek();
        if (event != null && event.atNanos() <= nowNanos) {
            events.remove();
            event.task().run();
            return true;
        }
        int first = random.nextInt(loops.size());
        for (int i = 0; i < loops.size(); i++) {
            SimulatedLoop loop = loops.get((first + i) % loops.size());
            Runnable task = loop.next();
            if (task == null) continue;
            on(loop, task);
            return true;
        }
        return false;
    }

    /** Runs the task on that loop, now. */
    public void on(SimulatedLoop loop, Runnable task) {
        SimulatedLoop before = current;
        player = Thread.currentThread();
        current = loop;
        try {
            task.run();
        } finally {
            current = before;
        }
    }

    boolean isCurrent(SimulatedLoop loop) {
        return current == loop && player == Thread.currentThread();
    }

    /** Names the seed, so that a failure can be played again. */
    @Override
    public String toString() {
        return "Simulation[seed=" + seed + ", at=" + Duration.ofNanos(nowNanos - startNanos) + "]";
    }
}
