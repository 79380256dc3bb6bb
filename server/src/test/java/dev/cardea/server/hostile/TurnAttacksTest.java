package dev.cardea.server.hostile;

import static dev.cardea.server.hostile.AttackedServer.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cardea.server.TestTls;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whoever sends rubbish to TURN's ports; what its messages may not say is {@code rtc}'s tests. */
@Timeout(120)
class TurnAttacksTest {
    private static final byte[] BINDING =
            HexFormat.of().parseHex("000100002112a442000102030405060708090a0b");
    private static final int[] METHODS = {1, 3, 4, 6, 8, 9, 10, 11, 0x101, 0x110, 0x17};

    @SuppressWarnings("NullAway.Init")
    private AttackedServer attacked;

    @BeforeEach
    void start() throws Exception {
        attacked =
                AttackedServer.start(
                        "client: {insecure: true}\n"
                                + "turn:\n"
                                + "  enabled: true\n"
                                + "  address: 127.0.0.1\n"
                                + "  port: 0\n"
                                + "  secrets: [sesame]\n"
                                + "  tls: {enabled: true, port: 0, cert_pem: \""
                                + TestTls.file("server-cert.pem")
                                + "\", key_pem: \""
                                + TestTls.file("server-key.pem")
                                + "\"}\n");
    }

    @AfterEach
    void stop() throws Exception {
        attacked.close();
    }

    private DatagramChannel client(String from) throws IOException {
        return DatagramChannel.open()
                .bind(new InetSocketAddress(from, 0))
                .connect(
                        new InetSocketAddress(
                                InetAddress.getLoopbackAddress(), attacked.turn().port()));
    }

    /** Rubbish, as it comes and with a header that lets it pass as a message. */
    private static void fill(ByteBuffer datagram, SplittableRandom random) {
        datagram.clear();
        int bytes = random.nextInt(200);
        for (int i = 0; i < bytes; i++) datagram.put((byte) random.nextInt());
        if (bytes >= 20 && random.nextBoolean()) {
            int body = (bytes - 20) & ~3;
            datagram.putShort(0, (short) METHODS[random.nextInt(METHODS.length)]);
            datagram.putShort(2, (short) body).putInt(4, 0x2112A442);
            datagram.position(20 + body);
        }
        datagram.flip();
    }

    @Test
    void aMillionRandomDatagramsLeaveNothingBehind() throws Exception {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        List<DatagramChannel> sources = new ArrayList<>();
        for (int i = 0; i < 8; i++) sources.add(client("127.0.0." + (10 + i)));
        ByteBuffer datagram = ByteBuffer.allocateDirect(256);
        for (int i = 0; i < 20_000; i++) flood(sources, datagram, random, i);
        Memory memory = new Memory();
        for (int i = 0; i < 1_000_000; i++) flood(sources, datagram, random, i);
        for (DatagramChannel each : sources) each.close();
        try (DatagramChannel late = client("127.0.0.99")) {
            late.socket().setSoTimeout((int) SOON.toMillis());
            late.write(ByteBuffer.wrap(BINDING));
            ByteBuffer answer = ByteBuffer.allocate(256);
            late.socket().receive(new java.net.DatagramPacket(answer.array(), 256));
            assertThat(answer.getShort(0)).as("seed " + seed).isEqualTo((short) 0x101);
        }
        assertThat(memory.grownBytes()).as("seed " + seed).isLessThan(8 << 20);
    }

    private static void flood(
            List<DatagramChannel> sources, ByteBuffer datagram, SplittableRandom random, int i)
            throws IOException {
        fill(datagram, random);
        sources.get(i & 7).write(datagram);
    }

    @Test
    void aTlsClientThatNeverFinishesIsCutOff() throws Exception {
        byte[] half = HexFormat.of().parseHex("1603010200010001fc0303000102030405060708090a0b");
        List<Socket> slow = new ArrayList<>();
        try {
            for (int i = 0; i < 50; i++) {
                Socket socket = tls();
                slow.add(socket);
                if (i % 2 == 0) socket.getOutputStream().write(half);
            }
            try (SSLSocket good =
                    (SSLSocket)
                            TestTls.trustful()
                                    .getSocketFactory()
                                    .createSocket(tls(), "localhost", 1, true)) {
                good.getOutputStream().write(BINDING);
                assertThat(good.getInputStream().readNBytes(32)).startsWith(1, 1, 0, 12);
            }
            for (Socket each : slow) {
                each.setSoTimeout((int) SOON.toMillis());
                // perhaps it is told by an alert; then it is over
                while (each.getInputStream().read() >= 0) {}
            }
        } finally {
            for (Socket each : slow) each.close();
        }
    }

    private Socket tls() throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), attacked.turn().tlsPort());
    }
}
