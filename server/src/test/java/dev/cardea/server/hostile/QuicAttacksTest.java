package dev.cardea.server.hostile;

import static io.netty.handler.codec.quic.QuicStreamType.BIDIRECTIONAL;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cardea.testkit.websocket.CentrifugeSocket;
import dev.cardea.wire.centrifuge.Push;
import dev.cardea.wire.centrifuge.Reply;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(90)
class QuicAttacksTest {
    private static final String PATH = "/connection/webtransport";
    private static final String CONNECT = "{\"id\":1,\"connect\":{}}\n";
    private static final long SOON_SECONDS = AttackedServer.SOON.toSeconds();
    private static final int MEBIBYTE = 1 << 20;

    private static AttackedServer server() throws Exception {
        return AttackedServer.start(
                """
                client: {insecure: true}
                http_server: {http3: {enabled: true, development_certificate: true}}
                webtransport: {enabled: true}
                """);
    }

    /** The session's number as a varint: streams of clients are numbered by fours. */
    private static ByteBuf prefix(long session) {
        return Unpooled.directBuffer().writeShort(0x4041).writeShort((int) session | 0x4000);
    }

    private static void speaks(QuicPeer peer, QuicPeer.Session session) throws Exception {
        QuicPeer.Stream stream = peer.stream(BIDIRECTIONAL);
        stream.write(prefix(session.stream().streamId())).write(CONNECT);
        assertThat(stream.incoming().texts.poll(SOON_SECONDS, TimeUnit.SECONDS))
                .startsWith("{\"id\":1,\"connect\":");
    }

    @Test
    void tenThousandCapsulesAreReadAndForgotten() throws Exception {
        try (AttackedServer server = server();
                QuicPeer peer = QuicPeer.to(server.port())) {
            QuicPeer.Session session = peer.session(PATH);
            assertThat(session.status.get(SOON_SECONDS, TimeUnit.SECONDS)).isEqualTo("200");
            Memory memory = new Memory();
            SplittableRandom random = new SplittableRandom(1);
            for (int i = 0; i < 10_000; i++) {
                int length = random.nextInt(60);
                ByteBuf capsule = Unpooled.directBuffer(70);
                capsule.writeInt(0x80000000 | (0x10000 + random.nextInt(1 << 20)));
                capsule.writeByte(length).writeZero(length);
                session.capsules(capsule);
            }
            speaks(peer, session);
            assertThat(memory.grownBytes()).isLessThan(16 * MEBIBYTE);
        }
    }

    @Test
    void aCloseCapsuleThatIsTooLongEndsItsSession() throws Exception {
        try (AttackedServer server = server();
                QuicPeer peer = QuicPeer.to(server.port())) {
            QuicPeer.Session session = peer.session(PATH);
            assertThat(session.status.get(SOON_SECONDS, TimeUnit.SECONDS)).isEqualTo("200");
            session.capsules(Unpooled.directBuffer().writeShort(0x6843).writeInt(0xbfffffff));
            assertThat(session.ended.get(SOON_SECONDS, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void streamsThatNeverSayWhatTheyAreAreReset() throws Exception {
        try (AttackedServer server = server();
                QuicPeer peer = QuicPeer.to(server.port())) {
            List<QuicPeer.Stream> silent = new ArrayList<>();
            // the first of the two bytes that a session's stream begins with
            for (int i = 0; i < 50; i++) {
                silent.add(peer.stream(BIDIRECTIONAL).write(0x40));
            }
            try (QuicPeer other = QuicPeer.to(server.port())) {
                QuicPeer.Session session = other.session(PATH);
                speaks(other, session);
            }
            for (QuicPeer.Stream stream : silent) {
                assertThat(stream.incoming().ended.get(SOON_SECONDS, TimeUnit.SECONDS)).isTrue();
            }
        }
    }

    @Test
    void streamsOfASessionThatNobodyAskedForWaitInSmallNumbers() throws Exception {
        try (AttackedServer server = server();
                QuicPeer peer = QuicPeer.to(server.port())) {
            List<QuicPeer.Stream> early = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                early.add(peer.stream(BIDIRECTIONAL).write(prefix(4000)));
            }
            // those past the eighth are refused at once
            for (QuicPeer.Stream stream : early.subList(8, 40)) {
                assertThat(stream.incoming().ended.get(SOON_SECONDS, TimeUnit.SECONDS)).isTrue();
            }
            assertThat(early.getFirst().incoming().ended).isNotDone();
        }
    }

    @Test
    void aStreamThatComesBeforeItsSessionIsServedOnceThatIsThere() throws Exception {
        try (AttackedServer server = server();
                QuicPeer peer = QuicPeer.to(server.port())) {
            QuicPeer.Stream first = peer.stream(BIDIRECTIONAL);
            long session = first.channel().streamId() + 4; // the next one
            first.write(prefix(session)).write(CONNECT);
            QuicPeer.Session request = peer.session(PATH);
            assertThat(request.stream().streamId()).isEqualTo(session);
            assertThat(first.incoming().texts.poll(SOON_SECONDS, TimeUnit.SECONDS))
                    .startsWith("{\"id\":1,\"connect\":");
        }
    }

    @Test
    void datagramsOfAnySizeAreDropped() throws Exception {
        try (AttackedServer server = server();
                QuicPeer peer = QuicPeer.to(server.port())) {
            QuicPeer.Session session = peer.session(PATH);
            assertThat(session.status.get(SOON_SECONDS, TimeUnit.SECONDS)).isEqualTo("200");
            Memory memory = new Memory();
            for (int i = 0; i < 20_000; i++) {
                int length = i % 1200;
                var _ = peer.connection().write(Unpooled.directBuffer(length).writeZero(length));
                if (i % 50 == 0) peer.connection().flush();
            }
            peer.connection().flush();
            speaks(peer, session);
            assertThat(memory.grownBytes()).isLessThan(16 * MEBIBYTE);
        }
    }

    @Test
    void otherPathsAreRefusedAndTheConnectionGoesOn() throws Exception {
        try (AttackedServer server = server();
                QuicPeer peer = QuicPeer.to(server.port())) {
            assertThat(peer.session("/other").status.get(SOON_SECONDS, TimeUnit.SECONDS))
                    .isEqualTo("404");
            assertThat(
                            peer.session(PATH + "?streams=many")
                                    .status
                                    .get(SOON_SECONDS, TimeUnit.SECONDS))
                    .isEqualTo("400");
            speaks(peer, peer.session(PATH));
        }
    }

    @Test
    void sessionsPastTheSixteenthOfAConnectionAreRefused() throws Exception {
        try (AttackedServer server = server();
                QuicPeer peer = QuicPeer.to(server.port())) {
            List<QuicPeer.Session> sessions = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                sessions.add(peer.session(PATH));
                assertThat(sessions.getLast().status.get(SOON_SECONDS, TimeUnit.SECONDS))
                        .isEqualTo("200");
            }
            for (int i = 0; i < 20; i++) {
                assertThat(peer.session(PATH).status.get(SOON_SECONDS, TimeUnit.SECONDS))
                        .isEqualTo("429");
            }
            speaks(peer, sessions.getFirst());
            speaks(peer, sessions.getLast());
        }
    }

    @Test
    void streamsPastTheHundredthAreNotOpened() throws Exception {
        try (AttackedServer server = server();
                QuicPeer peer = QuicPeer.to(server.port())) {
            int opened = 0;
            while (opened < 200) {
                var stream = peer.connection().createStream(BIDIRECTIONAL, new QuicPeer.Incoming());
                if (!stream.await().isSuccess()) break;
                stream.getNow().writeAndFlush(Unpooled.directBuffer().writeByte(0x40)).await();
                opened++;
            }
            assertThat(opened).isEqualTo(100);
            try (QuicPeer other = QuicPeer.to(server.port())) {
                speaks(other, other.session(PATH));
            }
        }
    }

    @Test
    void aMessageOverTheLimitEndsItsSessionAndNoOther() throws Exception {
        try (AttackedServer server = server();
                QuicPeer peer = QuicPeer.to(server.port())) {
            QuicPeer.Session session = peer.session(PATH);
            QuicPeer.Session other = peer.session(PATH);
            assertThat(session.status.get(SOON_SECONDS, TimeUnit.SECONDS)).isEqualTo("200");
            assertThat(other.status.get(SOON_SECONDS, TimeUnit.SECONDS)).isEqualTo("200");
            QuicPeer.Stream stream = peer.stream(BIDIRECTIONAL);
            stream.write(prefix(session.stream().streamId())).write(CONNECT);
            assertThat(stream.incoming().texts.poll(SOON_SECONDS, TimeUnit.SECONDS))
                    .startsWith("{\"id\":1,\"connect\":");
            var _ = stream.channel().writeAndFlush(Unpooled.directBuffer().writeZero(MEBIBYTE));
            assertThat(stream.incoming().texts.poll(SOON_SECONDS, TimeUnit.SECONDS))
                    .contains("\"code\":3501");
            assertThat(session.ended.get(SOON_SECONDS, TimeUnit.SECONDS)).isTrue();
            speaks(peer, other);
        }
    }

    @Test
    void aFloodOfFirstPacketsIsAnsweredWithLessThanItIs() throws Exception {
        try (AttackedServer server = server();
                DatagramSocket socket =
                        new DatagramSocket(
                                new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0))) {
            try (QuicPeer warm = QuicPeer.to(server.port())) {
                speaks(warm, warm.session(PATH));
            }
            Memory memory = new Memory();
            SplittableRandom random = new SplittableRandom(2);
            InetSocketAddress to =
                    new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), server.port());
            long sent = 0;
            long received = 0;
            socket.setSoTimeout(1);
            for (int i = 0; i < 20_000; i++) {
                int length = i % 4 == 0 ? 60 + random.nextInt(1100) : 1200;
                byte[] packet = initial(random, length);
                socket.send(new DatagramPacket(packet, length, to));
                sent += length;
                if (i % 20 == 0) received += receiveAll(socket);
            }
            assertThat(memory.grownBytes()).isLessThan(64 * MEBIBYTE);
            try (QuicPeer legitimate = QuicPeer.to(server.port())) {
                speaks(legitimate, legitimate.session(PATH));
            }
            received += receiveAll(socket);
            assertThat(received).isPositive().isLessThan(sent / 3);
        }
    }

    /** A client's first packet, of version 1, with nothing sensible in it. */
    private static byte[] initial(SplittableRandom random, int length) {
        byte[] packet = new byte[length];
        random.nextBytes(packet);
        ByteBuf head = Unpooled.wrappedBuffer(packet).writerIndex(0);
        head.writeByte(0xc3).writeInt(random.nextInt(10) == 0 ? 0x1a2a3a4a : 1);
        head.writeByte(8).writeLong(random.nextLong()); // destination
        head.writeByte(8).writeLong(random.nextLong()); // source
        head.writeByte(0); // no token
        head.writeShort(0x4000 | Math.max(20, length - 26));
        return packet;
    }

    private static long receiveAll(DatagramSocket socket) throws IOException {
        long bytes = 0;
        DatagramPacket packet = new DatagramPacket(new byte[2000], 2000);
        try {
            while (true) {
                socket.receive(packet);
                bytes += packet.getLength();
                packet.setLength(2000);
            }
        } catch (SocketTimeoutException _) {
            return bytes;
        }
    }

    @Test
    void aPeerThatVanishesWhileItIsSentToIsGoneLongBeforeItsNextPing() throws Exception {
        try (AttackedServer server =
                        AttackedServer.start(
                                """
                                client: {insecure: true, slow_consumer_timeout: 1h}
                                channel:
                                  namespaces: [{name: watched, presence: true, join_leave: true, force_push_join_leave: true}]
                                http_server: {http3: {enabled: true, development_certificate: true}}
                                webtransport: {enabled: true}
                                """);
                QuicPeer peer = QuicPeer.to(server.port());
                CentrifugeSocket watcher = server.connected()) {
            watcher.send(AttackedServer.subscribe(2, "watched:door"));
            watcher.answer(2, AttackedServer.SOON);
            QuicPeer.Session session = peer.session(PATH);
            QuicPeer.Stream stream = peer.stream(BIDIRECTIONAL);
            stream.write(prefix(session.stream().streamId())).write(CONNECT);
            stream.write("{\"id\":2,\"subscribe\":{\"channel\":\"watched:door\"}}\n");
            stream.incoming().await("{\"id\":2,\"subscribe\":");

            peer.vanish();

            watcher.send(AttackedServer.publish(3, "watched:door", "{}"));
            watcher.answer(3, AttackedServer.SOON);
            long nanos = System.nanoTime();
            watcher.await(
                    reply -> reply instanceof Reply.Pushed(Push push) && push instanceof Push.Leave,
                    AttackedServer.SOON);
            // not before: a network may be away for a moment
            assertThat(Duration.ofNanos(System.nanoTime() - nanos))
                    .isGreaterThan(Duration.ofSeconds(5));
        }
    }
}
