package dev.cardea.server.net;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.cardea.wire.websocket.Opcode;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.MockTicker;
import io.netty.util.concurrent.Ticker;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The outlet on a channel that takes nothing, and on real ones that take what they can. */
@Timeout(60)
class SocketOutletTest {
    private final MockTicker clock = Ticker.newMockTicker();
    private final Batch batch = new Batch();
    private final StuckChannel stuck = new StuckChannel(clock);
    private final Events events = new Events();
    private final SocketOutlet outlet =
            new SocketOutlet(stuck, batch, Opcode.BINARY, null, false, events);

    @Test
    void aPeerThatNeverReadsIsGoneFiveSecondsAfterTheCloseAndItsBytesAreReleased() {
        outlet.message(ByteBuffer.allocate(100_000));
        outlet.flush();
        assertThat(outlet.isWritable()).isFalse();
        outlet.close(3008, "slow");
        ChannelOutboundBuffer pending = stuck.unsafe().outboundBuffer();
        assertThat(pending.size()).isEqualTo(2);
        assertThat(pending.totalPendingWriteBytes()).isGreaterThan(100_000);
        pass(4_999);
        assertThat(stuck.isOpen()).isTrue();
        pass(2);
        assertThat(stuck.isOpen()).isFalse();
        assertThat(stuck.unsafe().outboundBuffer()).isNull();
        assertThat(pending.totalPendingWriteBytes()).isZero();
        assertThat(outlet.pendingBytes()).isZero();
    }

    @Test
    void whoIsBeingClosedIsNotReadUntilTheCloseFrameHasLeft() {
        outlet.message(ByteBuffer.allocate(10));
        outlet.flush();
        outlet.close(3008, "slow");
        assertThat(stuck.config().isAutoRead()).isFalse();
        stuck.flows();
        assertThat(outlet.isCloseWritten()).isTrue();
        assertThat(events.resumed).isEqualTo(1);
    }

    @Test
    void ofManyPingsOnlyTheNewestIsAnsweredWhenThePeerReadsAgain() {
        outlet.message(ByteBuffer.allocate(10));
        outlet.flush();
        for (byte i = 0; i < 100; i++) outlet.pong(ByteBuffer.wrap(new byte[] {i}));
        assertThat(outlet.pendingBytes()).isEqualTo(12);
        stuck.flows();
        assertThat(stuck.bytes).isEqualTo(12 + 3);
        assertThat(events.writable).isEqualTo(1);
    }

    @Test
    void aBatchLeftHalfDoneEndsItsConnectionAndNoOther() {
        StuckChannel other = new StuckChannel(clock);
        SocketOutlet next =
                new SocketOutlet(other, batch, Opcode.BINARY, null, false, new Events());
        outlet.message(ByteBuffer.allocate(10)); // and what should have flushed it failed
        next.message(ByteBuffer.allocate(20));
        next.flush();
        assertThat(stuck.isOpen()).isFalse();
        assertThat(other.isOpen()).isTrue();
        assertThat(next.pendingBytes()).isEqualTo(22);
    }

    @ParameterizedTest
    @ValueSource(strings = {"epoll", "nio"})
    void whatAPeerDoesNotTakeAtOnceArrivesWholeAndInOrderWhenItReads(String io) throws Exception {
        assumeTrue(io.equals("nio") || Epoll.isAvailable());
        boolean epoll = io.equals("epoll");
        EventLoopGroup group =
                new MultiThreadIoEventLoopGroup(
                        1, epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
        BlockingQueue<Channel> accepted = new LinkedBlockingQueue<>();
        try {
            Channel listening =
                    new ServerBootstrap()
                            .group(group)
                            .channel(
                                    epoll
                                            ? EpollServerSocketChannel.class
                                            : NioServerSocketChannel.class)
                            .childHandler(new Accept(accepted))
                            .bind(InetAddress.getLoopbackAddress(), 0)
                            .sync()
                            .channel();
            int port = ((InetSocketAddress) listening.localAddress()).getPort();
            try (Socket peer = new Socket(InetAddress.getLoopbackAddress(), port)) {
                Channel channel = accepted.take();
                BlockingQueue<SocketOutlet> writable = new LinkedBlockingQueue<>();
                Events events = new Events();
                SocketOutlet real =
                        channel.eventLoop()
                                .submit(() ->
                                        new SocketOutlet(
                                                channel,
                                                new Batch(),
                                                Opcode.BINARY,
                                                null,
                                                false,
                                                events))
                                .get();
                events.onWritable = () -> writable.add(real);
                int frames = channel.eventLoop().submit(() -> writeUntilFull(real)).get();
                assertThat(real.isWritable()).isFalse();
                InputStream in = peer.getInputStream();
                for (int i = 0; i < frames; i++) {
                    ByteBuffer frame = ByteBuffer.wrap(in.readNBytes(10 + 100_000));
                    assertThat(frame.getInt(10)).isEqualTo(i);
                }
                // With epoll, to be writable is news only after bytes have waited.
                SocketOutlet last = writable.poll(30, SECONDS);
                while (last != null && !last.isWritable()) last = writable.poll(30, SECONDS);
                assertThat(last).isSameAs(real);
                long taken = channel.eventLoop().submit(real::takenBytes).get();
                assertThat(taken).isEqualTo(frames * 100_010L);
                channel.eventLoop().execute(() -> real.close(3001, "shutdown"));
                assertThat(in.readNBytes(4)).containsExactly(0x88, 10, 0x0B, 0xB9);
            }
        } finally {
            group.shutdownGracefully(0, 5, SECONDS).syncUninterruptibly();
        }
    }

    private static int writeUntilFull(SocketOutlet outlet) {
        int frames = 0;
        for (; outlet.isWritable(); frames++) {
            outlet.message(ByteBuffer.allocate(100_000).putInt(0, frames));
            outlet.flush();
        }
        return frames;
    }

    private void pass(long millis) {
        clock.advance(millis, MILLISECONDS);
        stuck.runScheduledPendingTasks();
    }

    private static final class Events implements SocketOutlet.Owner {
        int writable;
        int resumed;
        Runnable onWritable = () -> {};

        @Override
        public void writable() {
            writable++;
            onWritable.run();
        }

        @Override
        public void readsResumed() {
            resumed++;
        }
    }

    @Sharable
    private static final class Accept extends ChannelInboundHandlerAdapter {
        private final BlockingQueue<Channel> accepted;

        Accept(BlockingQueue<Channel> accepted) {
            this.accepted = accepted;
        }

        @Override
        public void channelActive(ChannelHandlerContext context) {
            accepted.add(context.channel());
        }
    }

    /** Takes no byte until it is told to. */
    private static final class StuckChannel extends EmbeddedChannel {
        private boolean flowing;
        long bytes;

        StuckChannel(Ticker ticker) {
            super(EmbeddedChannel.builder().ticker(ticker));
        }

        @Override
        protected void doWrite(ChannelOutboundBuffer in) {
            while (flowing && in.current() instanceof ByteBuf next) {
                bytes += next.readableBytes();
                in.remove();
            }
        }

        void flows() {
            flowing = true;
            flush();
            runPendingTasks();
        }
    }
}
