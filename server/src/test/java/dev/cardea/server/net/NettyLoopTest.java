package dev.cardea.server.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cardea.messaging.hub.TimerWheel;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class NettyLoopTest {
    @Test
    void timersGoOnAfterOneThatThrewWhateverItWas() throws Exception {
        CountDownLatch later = new CountDownLatch(1);
        try (NettyLoops loops = NettyLoops.start(1, 1 << 20)) {
            NettyLoop loop = loops.all().getFirst();
            loop.execute(() -> {
                TimerWheel timers = loop.shard().timers();
                long now = loop.nowNanos();
                timers.set(timer(() -> throwing(new StackOverflowError("of a test"))), now);
                timers.set(timer(later::countDown), now + 3 * TimerWheel.TICK_NANOS);
            });
            loops.startTimers();
            assertThat(later.await(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void whatKeepsALoopBusyIsSeenAsItsLag() throws Exception {
        CountDownLatch ticked = new CountDownLatch(1);
        try (NettyLoops loops = NettyLoops.start(1, 1 << 20)) {
            NettyLoop loop = loops.all().getFirst();
            loops.startTimers();
            loop.execute(() -> {
                long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(300);
                while (System.nanoTime() < until) Thread.onSpinWait();
                loop.shard().timers().set(timer(ticked::countDown), until);
            });
            assertThat(ticked.await(20, TimeUnit.SECONDS)).isTrue();
            assertThat(loops.lags().seconds()).isGreaterThan(0.25);
        }
    }

    private static void throwing(Error error) {
        throw error;
    }

    private static TimerWheel.Timer timer(Runnable task) {
        return new TimerWheel.Timer() {
            @Override
            protected void expired(long nowNanos) {
                task.run();
            }
        };
    }
}
