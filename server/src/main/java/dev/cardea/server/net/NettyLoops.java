package dev.cardea.server.net;

import dev.cardea.messaging.session.Durations;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SingleThreadEventLoop;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** The server's event loops: epoll where there is, otherwise what the JDK offers. */
public final class NettyLoops implements AutoCloseable {
    private static final long QUIET_MILLIS = 0;
    private static final long TIMEOUT_MILLIS = 5_000;

    private final EventLoopGroup group;
    private final List<NettyLoop> loops = new ArrayList<>();
    private final Durations lags = new Durations();

    private NettyLoops(EventLoopGroup group, int count, long outboundLimitBytes) {
        this.group = group;
        for (EventExecutor executor : group) {
            loops.add(
                    new NettyLoop(
                            loops.size(),
                            (SingleThreadEventLoop) executor,
                            outboundLimitBytes / count,
                            lags));
        }
    }

    /**
     * @param count 0: one for each core
     * @param outboundLimitBytes what stalled connections may have pending, over all loops
     */
    public static NettyLoops start(int count, long outboundLimitBytes) {
        int threads = count > 0 ? count : Runtime.getRuntime().availableProcessors();
        IoHandlerFactory io =
                Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
        EventLoopGroup group =
                new MultiThreadIoEventLoopGroup(
                        threads, new DefaultThreadFactory("cardea-loop"), io);
        return new NettyLoops(group, threads, outboundLimitBytes);
    }

    public EventLoopGroup group() {
        return group;
    }

    /** Runs what is to happen later on one of the loops; it mustn't block. */
    public ScheduledExecutorService timer() {
        return group;
    }

    public List<NettyLoop> all() {
        return loops;
    }

    /** The loop that the caller runs on; there are few, so looking costs nothing. */
    public NettyLoop current() {
        for (NettyLoop loop : loops) {
            if (loop.isCurrent()) return loop;
        }
        throw new IllegalStateException("not on an event loop");
    }

    /** By how much the loops' ticks came late, all together. */
    public Durations lags() {
        return lags;
    }

    /** Tasks that wait for the loops, all together: a glimpse. */
    public int pendingTasks() {
        return loops.stream().mapToInt(NettyLoop::pendingTasks).sum();
    }

    public void startTimers() {
        loops.forEach(NettyLoop::start);
    }

    /** Ends all threads, and what is still open on them. */
    @Override
    public void close() {
        group.shutdownGracefully(QUIET_MILLIS, TIMEOUT_MILLIS, TimeUnit.MILLISECONDS)
                .awaitUninterruptibly();
    }
}
