package dev.cardea.server.quic;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * How many QUIC connections there are, and how many of them have yet to end their handshake. Thread
 * safe.
 */
final class QuicLoad {
    private final QuicLimits limits;
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger handshakes = new AtomicInteger();

    private volatile boolean stopped;

    QuicLoad(QuicLimits limits) {
        this.limits = limits;
    }

    /** No new connection from now on. */
    void stop() {
        stopped = true;
    }

    /** Newcomers have to show first that they get what is sent to their address. */
    boolean asksForProof() {
        return stopped
                || handshakes.get() >= limits.freeHandshakes()
                || connections.get() >= limits.connections() / 2;
    }

    /** No new connection at all. */
    boolean isFull() {
        return stopped
                || handshakes.get() >= limits.handshakes()
                || connections.get() >= limits.connections();
    }

    int connections() {
        return connections.get();
    }

    /** Waits until the last connection has ended, or the time is over. */
    synchronized void awaitNone(Duration time) throws InterruptedException {
        long end = System.nanoTime() + time.toNanos();
        while (connections.get() > 0) {
            long left = end - System.nanoTime();
            if (left <= 0) return;
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
    }

    private synchronized void wakeWaiting() {
        notifyAll();
    }

    int handshakes() {
        return handshakes.get();
    }

    /** Counts one connection from its first packet to its end; the first of its handlers. */
    ChannelInboundHandlerAdapter counter() {
        return new Counter();
    }

    private final class Counter extends ChannelInboundHandlerAdapter {
        private boolean inHandshake;
        private @Nullable Future<?> deadline;

        @Override
        public void handlerAdded(ChannelHandlerContext ctx) {
            connections.incrementAndGet();
            handshakes.incrementAndGet();
            inHandshake = true;
            long millis = limits.handshakeTimeout().toMillis();
            deadline = ctx.executor().schedule(() -> expired(ctx), millis, TimeUnit.MILLISECONDS);
            ctx.channel().closeFuture().addListener(_ -> ended());
        }

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            endHandshake();
            ctx.fireChannelActive();
        }

        private void expired(ChannelHandlerContext ctx) {
            if (!inHandshake) return;
            var _ = ctx.channel().close();
        }

        private void endHandshake() {
            if (deadline != null) deadline.cancel(false);
            if (!inHandshake) return;
            inHandshake = false;
            handshakes.decrementAndGet();
        }

        private void ended() {
            endHandshake();
            if (connections.decrementAndGet() == 0) wakeWaiting();
        }
    }
}
