package dev.cardea.testkit.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class LossyRelayTest {
    private static DatagramSocket socket() throws Exception {
        DatagramSocket socket = new DatagramSocket(0, InetAddress.ofLiteral("127.0.0.1"));
        socket.setSoTimeout(300);
        return socket;
    }

    private static void send(DatagramSocket by, int number, InetSocketAddress to) throws Exception {
        byte[] bytes = ByteBuffer.allocate(4).putInt(number).array();
        by.send(new DatagramPacket(bytes, bytes.length, to));
    }

    private static DatagramPacket receive(DatagramSocket by) throws Exception {
        DatagramPacket packet = new DatagramPacket(new byte[100], 100);
        by.receive(packet);
        return packet;
    }

    private static List<Integer> arrived(long seed) throws Exception {
        List<Integer> numbers = new ArrayList<>();
        try (DatagramSocket server = socket();
                DatagramSocket client = socket();
                LossyRelay relay = LossyRelay.start(0, server.getLocalPort(), 0.2, 0, seed)) {
            for (int i = 0; i < 200; i++) {
                send(
                        client,
                        i,
                        new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), relay.port()));
            }
            while (relay.seen() < 200) Thread.onSpinWait();
            for (long left = 200 - relay.dropped(); left > 0; left--) {
                numbers.add(ByteBuffer.wrap(receive(server).getData()).getInt());
            }
        }
        return numbers;
    }

    @Test
    void theSameSeedLosesTheSamePackets() throws Exception {
        List<Integer> first = arrived(7);
        assertThat(first).hasSizeBetween(130, 190).isSorted();
        assertThat(arrived(7)).isEqualTo(first);
        assertThat(arrived(8)).isNotEqualTo(first);
    }

    @Test
    void anAnswerFindsItsClientAndTakesTheDelayTwice() throws Exception {
        try (DatagramSocket server = socket();
                DatagramSocket one = socket();
                DatagramSocket other = socket();
                LossyRelay relay = LossyRelay.start(0, server.getLocalPort(), 0, 30, 1)) {
            InetSocketAddress front =
                    new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), relay.port());
            long began = System.nanoTime();
            send(one, 1, front);
            send(other, 2, front);
            for (int i = 0; i < 2; i++) {
                DatagramPacket question = receive(server);
                int number = ByteBuffer.wrap(question.getData()).getInt();
                send(server, 10 * number, (InetSocketAddress) question.getSocketAddress());
            }
            assertThat(ByteBuffer.wrap(receive(one).getData()).getInt()).isEqualTo(10);
            assertThat(ByteBuffer.wrap(receive(other).getData()).getInt()).isEqualTo(20);
            assertThat(Duration.ofNanos(System.nanoTime() - began))
                    .isGreaterThanOrEqualTo(Duration.ofMillis(60));
        }
    }
}
