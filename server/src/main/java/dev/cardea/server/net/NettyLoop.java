package dev.cardea.server.net;

import dev.cardea.messaging.hub.Loop;
import dev.cardea.messaging.hub.Shard;
import dev.cardea.messaging.hub.TimerWheel;
import dev.cardea.messaging.session.Durations;
import io.netty.channel.SingleThreadEventLoop;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Netty event loop as the core sees it: its shard's turns and ticks, and the memory that its
 * connections share.
 */
public final class NettyLoop implements Loop {
    private static final Logger LOG = LoggerFactory.getLogger(NettyLoop.class);

    private final SingleThreadEventLoop eventLoop;
    private final Runnable turn = this::turn;
    private final Runnable postTurn = this::postTurn;
    private final Shard shard;
    private final Batch batch = new Batch();
    private final AtomicBoolean turnPending = new AtomicBoolean();
    private final Durations lags;
    private long lastTickNanos;

    /**
     * @param outboundLimitBytes what the loop's stalled connections may have pending, all together
     * @param lags by how much ticks come late: what a message waits for, too
     */
    public NettyLoop(
            int index, SingleThreadEventLoop eventLoop, long outboundLimitBytes, Durations lags) {
        this.lags = lags;
        this.eventLoop = eventLoop;
        this.shard = new Shard(index, this, outboundLimitBytes);
    }

    /** Starts the timers. They end with the loop, as does what its connections share. */
    public void start() {
        eventLoop.terminationFuture().addListener(_ -> batch.free());
        lastTickNanos = System.nanoTime();
        var _ =
                eventLoop.scheduleAtFixedRate(
                        this::tick,
                        TimerWheel.TICK_NANOS,
                        TimerWheel.TICK_NANOS,
                        TimeUnit.NANOSECONDS);
    }

    public Shard shard() {
        return shard;
    }

    public SingleThreadEventLoop eventLoop() {
        return eventLoop;
    }

    /** Where the loop's connections put together what they write, one after the other. */
    Batch batch() {
        return batch;
    }

    /** Tasks that wait for the loop: a glimpse. From any thread. */
    int pendingTasks() {
        return eventLoop.pendingTasks();
    }

    @Override
    public boolean isCurrent() {
        return eventLoop.inEventLoop();
    }

    @Override
    public void wake() {
        if (!turnPending.get() && turnPending.compareAndSet(false, true)) {
            eventLoop.execute(turn);
        }
    }

    private void turn() {
        turnPending.set(false); // first: what is appended from here on asks for another turn
        if (turn(System.nanoTime())) wakeAfterIo();
    }

    /**
     * A task that posts another one keeps Netty from its sockets for as long as a second: the next
     * turn is posted behind the tasks, so that the sockets come first.
     */
    private void wakeAfterIo() {
        if (turnPending.compareAndSet(false, true)) {
            eventLoop.executeAfterEventLoopIteration(postTurn);
        }
    }

    private void postTurn() {
        eventLoop.execute(turn);
    }

    private boolean turn(long nowNanos) {
        try {
            return shard.turn(nowNanos);
        } catch (RuntimeException | Error e) { // there is no other who would go on with the rest
            LOG.error("turn_failed", e);
            batch.giveUp();
            return true;
        }
    }

    /** Netty would never tick again after anything that is thrown. */
    private void tick() {
        long nowNanos = System.nanoTime();
        lags.add(Math.max(0, nowNanos - lastTickNanos - TimerWheel.TICK_NANOS));
        lastTickNanos = nowNanos;
        try {
            shard.tick(nowNanos);
        } catch (RuntimeException | Error e) {
            LOG.error("tick_failed", e);
        }
    }

    @Override
    public long nowNanos() {
        return System.nanoTime();
    }

    @Override
    public void execute(Runnable task) {
        eventLoop.execute(task);
    }

    @Override
    public void executeAfterIo(Runnable task) {
        eventLoop.executeAfterEventLoopIteration(() -> eventLoop.execute(task));
    }
}
