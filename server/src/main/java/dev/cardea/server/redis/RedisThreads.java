package dev.cardea.server.redis;

import io.lettuce.core.metrics.CommandLatencyRecorder;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultClientResources;
import io.lettuce.core.resource.DefaultEventLoopGroupProvider;
import io.lettuce.core.resource.NettyCustomizer;
import io.netty.channel.Channel;
import io.netty.util.concurrent.EventExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The threads of one shard: one that moves bytes, and one that its state belongs to. */
final class RedisThreads implements AutoCloseable {
    private final DefaultEventLoopGroupProvider loops = new DefaultEventLoopGroupProvider(1);
    private final ClientResources resources;
    private final EventExecutor owner;
    private volatile @Nullable EventExecutor io;

    RedisThreads() {
        this.resources =
                DefaultClientResources.builder()
                        .eventLoopGroupProvider(loops)
                        .computationThreadPoolSize(2)
                        .commandLatencyRecorder(CommandLatencyRecorder.disabled())
                        .nettyCustomizer(
                                new NettyCustomizer() {
                                    @Override
                                    public void afterChannelInitialized(Channel channel) {
                                        io = channel.eventLoop(); // there is but one
                                    }
                                })
                        .build();
        this.owner = resources.eventExecutorGroup().next();
    }

    ClientResources resources() {
        return resources;
    }

    EventExecutor owner() {
        return owner;
    }

    /** Null before the first connection. */
    @Nullable EventExecutor io() {
        return io;
    }

    @Override
    public void close() {
        resources.shutdown(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(3, TimeUnit.SECONDS);
        loops.shutdown(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(3, TimeUnit.SECONDS);
    }
}
