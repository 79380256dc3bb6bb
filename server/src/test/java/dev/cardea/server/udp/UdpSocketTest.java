package dev.cardea.server.udp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.cardea.wire.stun.TransportAddress;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SingleThreadEventLoop;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** Sockets of both kinds, and the kernel. */
@Timeout(30)
@ParameterizedClass
@ValueSource(booleans = {true, false})
class UdpSocketTest {
    private static final int SLOTS = 128;
    private static final int SO_NO_CHECK = 11;

    private final boolean isNative;
    private final MultiThreadIoEventLoopGroup group;
    private final UdpLoop loop;
    private final BlockingQueue<String> received = new LinkedBlockingQueue<>();
    private final BlockingQueue<Integer> drops = new LinkedBlockingQueue<>();
    private @Nullable Consumer<Datagram> then;

    private final UdpReceiver receiver =
            new UdpReceiver() {
                @Override
                public void received(Datagram in) {
                    byte[] bytes = new byte[in.length()];
                    in.copyTo(bytes);
                    received.add(in.address() + " " + bytes[0] + ":" + bytes.length);
                    if (then != null) then.accept(in);
                }

                @Override
                public void dropped(int count) {
                    drops.add(count);
                }
            };

    UdpSocketTest(boolean isNative) {
        this.isNative = isNative;
        assumeTrue(!isNative || Epoll.isAvailable());
        IoHandlerFactory io = isNative ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
        group = new MultiThreadIoEventLoopGroup(1, io);
        loop = new UdpLoop((SingleThreadEventLoop) group.next());
    }

    private @Nullable UdpSocket opened;
    private @Nullable DatagramSocket peer;

    @BeforeEach
    void open() throws Exception {
        opened = on(() -> loop.open(at("127.0.0.1:0"), UdpOptions.FOR_MANY, receiver));
        peer = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        peer.setReceiveBufferSize(1 << 20);
        peer.setSoTimeout(10_000);
    }

    @AfterEach
    void close() throws Exception {
        peer().close();
        socket().close();
        while (on(loop::freeCount) != SLOTS) Thread.onSpinWait(); // all memory is given back
        group.shutdownGracefully(0, 0, TimeUnit.SECONDS).sync();
    }

    private UdpSocket socket() {
        if (opened == null) throw new IllegalStateException("not open");
        return opened;
    }

    private DatagramSocket peer() {
        if (peer == null) throw new IllegalStateException("not open");
        return peer;
    }

    private static TransportAddress at(String text) {
        return TransportAddress.parse(text);
    }

    private TransportAddress toPeer() {
        return at("127.0.0.1:" + peer().getLocalPort());
    }

    private <T> T on(Callable<T> work) throws Exception {
        try {
            return group.submit(work).get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Exception cause) throw cause;
            throw e;
        }
    }

    private Datagram data(int value, int bytes) {
        byte[] data = new byte[bytes];
        if (bytes > 0) data[0] = (byte) value;
        return loop.copyOf(ByteBuffer.wrap(data));
    }

    /** All in one wake-up. */
    private void send(int... sizes) throws Exception {
        on(() -> {
            for (int i = 0; i < sizes.length; i++) socket().send(data(i, sizes[i]), toPeer());
            return true;
        });
    }

    private List<String> atPeer(int count) throws IOException {
        List<String> came = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            DatagramPacket each = new DatagramPacket(new byte[65_536], 65_536);
            peer().receive(each);
            came.add(each.getData()[0] + ":" + each.getLength());
        }
        return came;
    }

    /** Waits until the receiver was told of so many. */
    private void dropped(int count) throws InterruptedException {
        int told = 0;
        while (told < count) told += drops.take();
        assertThat(told).isEqualTo(count);
    }

    @Test
    void theKernelMakesTheDatagramsOfARowAgain() throws Exception {
        send(200, 200, 200, 70, 200, 1400, 1400, 0, 200);
        assertThat(atPeer(7))
                .containsExactly("0:200", "1:200", "2:200", "3:70", "4:200", "5:1400", "6:1400");
        // Netty sends no empty ones
        if (isNative) assertThat(atPeer(2)).containsExactly("0:0", "8:200");
        else assertThat(atPeer(1)).containsExactly("8:200");
    }

    @Test
    void theOrderOfEachPeerIsKept() throws Exception {
        try (DatagramSocket second = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            on(() -> {
                for (int i = 0; i < 5; i++) {
                    socket().send(data(i, 100), toPeer());
                    socket().send(data(i, 100), toPeer());
                    socket().send(data(i, 50), at("127.0.0.1:" + second.getLocalPort()));
                }
                return true;
            });
            assertThat(atPeer(4)).containsExactly("0:100", "0:100", "1:100", "1:100");
            DatagramPacket last = new DatagramPacket(new byte[100], 100);
            for (int i = 0; i < 5; i++) second.receive(last);
            assertThat(last.getData()[0]).isEqualTo((byte) 4);
            assertThat(last.getLength()).isEqualTo(50);
        }
    }

    @Test
    void moreThanTheMemoryHoldsGoesOutInBetween() throws Exception {
        int[] sizes = new int[300];
        java.util.Arrays.fill(sizes, 300);
        send(sizes);
        assertThat(atPeer(300)).contains("127:300", "-128:300").doesNotContain("0:0");
        assertThat(drops).isEmpty();
    }

    @Test
    void whereTheKernelWillNotCutARowEachGoesAlone() throws Exception {
        assumeTrue(isNative);
        // UDP_SEGMENT needs checksums: EINVAL without
        on(() -> ((KernelUdpSocket) socket()).set(1, SO_NO_CHECK, 1));
        send(200, 200, 200);
        assertThat(atPeer(3)).containsExactly("0:200", "1:200", "2:200");
        send(300, 300);
        assertThat(atPeer(2)).containsExactly("0:300", "1:300");
        assertThat(drops).isEmpty();
    }

    @Test
    void whatCannotBeSentIsDroppedAndTheOthersAreNot() throws Exception {
        assumeTrue(isNative);
        on(() -> {
            socket().send(data(1, 100), toPeer());
            socket().send(data(2, 65_520), toPeer()); // IPv4 ends at 65,507
            socket().send(data(3, 100), at("[2001:db8::1]:9")); // a socket of IPv4
            socket().send(data(4, 100), toPeer());
            return true;
        });
        assertThat(atPeer(2)).containsExactly("1:100", "4:100");
        dropped(2);
        send(65_507);
        assertThat(atPeer(1)).containsExactly("0:65507");
    }

    @Test
    void oneThatMayNotBeCutGoesOutAmongOthers() throws Exception {
        assumeTrue(isNative);
        on(() -> {
            for (int i = 0; i < 4; i++) {
                Datagram each = data(i, 100);
                if (i == 1) each.keepWhole();
                socket().send(each, toPeer());
            }
            return true;
        });
        assertThat(atPeer(4)).containsExactlyInAnyOrder("0:100", "1:100", "2:100", "3:100");
    }

    private void sendHere(int value, int bytes) throws IOException {
        byte[] data = new byte[bytes];
        data[0] = (byte) value;
        InetAddress here = InetAddress.getLoopbackAddress();
        peer().send(new DatagramPacket(data, bytes, here, socket().local().port()));
    }

    @Test
    void allThatComeAreReadWithTheirSender() throws Exception {
        for (int i = 0; i < 200; i++) sendHere(i, 100 + i);
        for (int i = 0; i < 200; i++)
            assertThat(received.take()).isEqualTo(toPeer() + " " + (byte) i + ":" + (100 + i));
    }

    @Test
    void whatCameGoesOutFromWhereItLies() throws Exception {
        then =
                in -> {
                    assertThat(in.unsignedByte(1)).isZero();
                    assertThat(in.unsignedShort(0)).isEqualTo(7 << 8);
                    in.cut(0, 9);
                    in.prepend(0x7F000000);
                    in.prepend(ByteBuffer.wrap(new byte[] {99, 5, 6}, 1, 2));
                    in.pad(3);
                    socket().send(in, in.address());
                };
        sendHere(7, 40);
        assertThat(atPeer(1)).containsExactly("5:18");
    }

    @Test
    void noMoreIsTakenThanIsThere() throws Exception {
        on(() -> {
            Datagram data = data(1, 10);
            assertThatThrownBy(() -> data.cut(2, 9)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> data.prepend(ByteBuffer.allocate(65)))
                    .isInstanceOf(IndexOutOfBoundsException.class);
            data.release();
            assertThatThrownBy(() -> data(1, 65_528)).isInstanceOf(IllegalArgumentException.class);
            return true;
        });
    }

    @Test
    void aReaderThatFailsLosesOneDatagram() throws Exception {
        then =
                in -> {
                    if (in.length() == 13) throw new IllegalStateException("thirteen");
                };
        sendHere(1, 13);
        sendHere(2, 14);
        assertThat(received.take()).endsWith("1:13");
        assertThat(received.take()).endsWith("2:14");
        dropped(1);
    }

    @Test
    void anIpv4PeerOfAnIpv6SocketHasItsIpv4Address() throws Exception {
        UdpSocket both = on(() -> loop.open(at("[::]:0"), UdpOptions.FOR_FEW, receiver));
        try {
            then = in -> both.send(in, in.address());
            byte[] data = {3, 0};
            InetAddress here = InetAddress.getLoopbackAddress();
            peer().send(new DatagramPacket(data, 2, here, both.local().port()));
            assertThat(received.take()).isEqualTo(toPeer() + " 3:2");
            assertThat(atPeer(1)).containsExactly("3:2");
        } finally {
            both.close();
        }
    }

    @Test
    void anIpv6PeerIsAnswered() throws Exception {
        UdpSocket here = on(() -> loop.open(at("[::1]:0"), UdpOptions.FOR_FEW, receiver));
        try (DatagramSocket there = new DatagramSocket(0, InetAddress.ofLiteral("::1"))) {
            then = in -> here.send(in, in.address());
            byte[] data = {3, 0};
            there.send(new DatagramPacket(data, 2, there.getLocalAddress(), here.local().port()));
            there.receive(new DatagramPacket(new byte[10], 10));
            assertThat(received.take()).isEqualTo("[::1]:" + there.getLocalPort() + " 3:2");
        } finally {
            here.close();
        }
    }

    @Test
    void aPortIsHadOnceAndFreeAgainAfterItsEnd() throws Exception {
        TransportAddress taken = socket().local();
        assertThatThrownBy(() -> on(() -> loop.open(taken, UdpOptions.FOR_FEW, receiver)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("in use");
        socket().close();
        on(() -> {
            assertThat(socket().isOpen()).isFalse();
            socket().send(data(1, 10), toPeer());
            return true;
        });
        dropped(1); // a closed socket sends nothing
        if (!isNative) return; // the JDK gives it back when it looks at its selector again
        on(() -> {
            UdpSocket next = loop.open(taken, UdpOptions.FOR_FEW, receiver);
            next.send(data(2, 10), toPeer());
            next.close();
            return true;
        });
        assertThat(atPeer(1)).containsExactly("2:10");
        InetSocketAddress at =
                new InetSocketAddress(InetAddress.getLoopbackAddress(), taken.port());
        try (DatagramSocket last = new DatagramSocket(at)) {
            assertThat(last.isBound()).isTrue();
        }
    }
}
