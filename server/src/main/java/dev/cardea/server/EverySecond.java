package dev.cardea.server;

import dev.cardea.messaging.hub.TimerWheel;
import dev.cardea.server.net.NettyLoop;
import java.time.Duration;

/** Does something once a second, on an event loop that has timers anyway; it mustn't block. */
final class EverySecond extends TimerWheel.Timer {
    private static final long SECOND_NANOS = Duration.ofSeconds(1).toNanos();

    private final NettyLoop loop;
    private final Runnable task;

    private EverySecond(NettyLoop loop, Runnable task) {
        this.loop = loop;
        this.task = task;
    }

    static void on(NettyLoop loop, Runnable task) {
        EverySecond timer = new EverySecond(loop, task);
        loop.execute(() -> timer.expired(loop.nowNanos()));
    }

    @Override
    protected void expired(long nowNanos) {
        loop.shard().timers().set(this, nowNanos + SECOND_NANOS);
        task.run();
    }
}
