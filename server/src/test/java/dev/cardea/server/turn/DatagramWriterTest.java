package dev.cardea.server.turn;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.EventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.unix.Errors;
import io.netty.channel.unix.SegmentedDatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class DatagramWriterTest {
    private static final InetSocketAddress ANNA = at(1000);
    private static final InetSocketAddress BERT = at(1001);

    private final List<Flushable> told = new ArrayList<>();
    private final AtomicInteger dropped = new AtomicInteger();
    private boolean isBroken;
    private final EmbeddedChannel channel =
            new EmbeddedChannel() {
                @Override
                protected void doWrite(ChannelOutboundBuffer in) throws Exception {
                    if (isBroken) in.remove(new Errors.NativeIoException("sendmmsg", -5));
                    else super.doWrite(in);
                }
            };
    private final DatagramWriter writer =
            new DatagramWriter(told::add, dropped::incrementAndGet, channel);

    private static InetSocketAddress at(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    private static ByteBuf data(int bytes, int value) {
        return Unpooled.directBuffer(bytes)
                .setBytes(0, new byte[bytes])
                .setByte(0, value)
                .writerIndex(bytes);
    }

    private void write(InetSocketAddress to, int... sizes) {
        for (int bytes : sizes) assertThat(writer.write(data(bytes, 1), to)).isTrue();
    }

    /** What was handed over, as {@code bytes/segment}. */
    private List<String> sent() {
        told.forEach(Flushable::flushNow);
        told.clear();
        List<String> all = new ArrayList<>();
        for (DatagramPacket each = channel.readOutbound();
                each != null;
                each = channel.readOutbound()) {
            int segment = each instanceof SegmentedDatagramPacket row ? row.segmentSize() : 0;
            all.add(each.content().readableBytes() + "/" + segment);
            each.release();
        }
        return all;
    }

    @Test
    void aRowForOneAddressIsHandedOverAsOne() {
        write(ANNA, 100, 100, 100);
        assertThat(told).hasSize(1);
        assertThat(sent()).containsExactly("300/100");
    }

    @Test
    void onlyTheLastOfARowMayBeShorter() {
        write(ANNA, 100, 100, 60, 60, 100);
        assertThat(sent()).containsExactly("260/100", "60/0", "100/0");
    }

    @Test
    void nothingIsJoinedAcrossAddressesOrInAnotherOrder() {
        write(ANNA, 100);
        write(BERT, 100);
        write(ANNA, 100);
        assertThat(sent()).containsExactly("100/0", "100/0", "100/0");
    }

    @Test
    void whatMayNotFitIntoThePathGoesAlone() {
        write(ANNA, 1400, 1400);
        assertThat(sent()).containsExactly("1400/0", "1400/0");
    }

    @Test
    void aRowHasAnEnd() {
        int[] many = new int[40];
        Arrays.fill(many, 1200);
        write(ANNA, many);
        assertThat(sent()).containsExactly(32 * 1200 + "/1200", 8 * 1200 + "/1200");
    }

    @Test
    void whereTheDriverCannotCutNothingIsJoinedAnyMore() {
        isBroken = true;
        write(ANNA, 100, 100);
        assertThat(sent()).isEmpty();
        assertThat(dropped).hasValue(1);
        isBroken = false;
        write(ANNA, 100, 100);
        assertThat(sent()).containsExactly("100/0", "100/0");
    }

    @Test
    void theKernelMakesTheDatagramsOfARowAgain() throws Exception {
        IoHandlerFactory io = EpollIoHandler.newFactory();
        MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1, io);
        try (DatagramSocket peer = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            EventLoop loop = group.next();
            DatagramChannel udp = Sockets.udp(true);
            InetSocketAddress to = (InetSocketAddress) peer.getLocalSocketAddress();
            loop.submit(
                            () -> {
                                Throwable failure = Sockets.bind(udp, loop, at(0));
                                assertThat(failure).isNull();
                                DatagramWriter real =
                                        new DatagramWriter(
                                                told::add, dropped::incrementAndGet, udp);
                                int[] sizes = {200, 200, 200, 70, 200};
                                for (int i = 0; i < sizes.length; i++)
                                    real.write(data(sizes[i], i), to);
                                real.flushNow();
                            })
                    .sync();
            List<String> came = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                java.net.DatagramPacket each = new java.net.DatagramPacket(new byte[2048], 2048);
                peer.receive(each);
                came.add(each.getData()[0] + ":" + each.getLength());
            }
            assertThat(came).containsExactly("0:200", "1:200", "2:200", "3:70", "4:200");
        } finally {
            group.shutdownGracefully(0, 0, TimeUnit.SECONDS).sync();
        }
    }
}
