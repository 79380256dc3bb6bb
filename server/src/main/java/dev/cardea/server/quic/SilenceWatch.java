package dev.cardea.server.quic;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicConnectionStats;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Ends a connection whose peer has vanished, and with it all that goes on in it: nobody waits for
 * the idle timeout, for a missing pong, or for the time that a slow reader has. Belongs to the
 * connection's event loop.
 */
final class SilenceWatch extends ChannelInboundHandlerAdapter {
    private static final int H3_NO_ERROR = 0x100;

    private final QuicChannel channel;
    private final Duration interval;
    private final Silence silence = new Silence();
    private @Nullable Future<?> looking;

    /**
     * @param after that long without an answer the connection is closed, or a third later
     */
    SilenceWatch(QuicChannel channel, Duration after) {
        this.channel = channel;
        this.interval = after.dividedBy(Silence.INTERVALS);
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        // with a delay: when this loop was late, what has come meanwhile is read first
        looking =
                ctx.executor()
                        .scheduleWithFixedDelay(
                                this::look,
                                interval.toNanos(),
                                interval.toNanos(),
                                TimeUnit.NANOSECONDS);
        ctx.fireChannelActive();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (looking != null) looking.cancel(false);
        ctx.fireChannelInactive();
    }

    private void look() {
        QuicConnectionStats packets = channel.collectStats().getNow(); // here on its loop
        if (packets == null) return;
        if (!silence.look(packets.recv(), packets.sent(), packets.retrans())) return;
        var _ = channel.close(true, H3_NO_ERROR, Unpooled.EMPTY_BUFFER);
    }
}
