package dev.cardea.rtc.turn;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.cardea.wire.stun.StunAttribute;
import dev.cardea.wire.stun.StunType;
import dev.cardea.wire.stun.TransportAddress;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class PeersTest {
    private static final String PEER = "192.0.2.9:9000";

    private final SimulatedServer server = new SimulatedServer();
    private final ScriptedClient alice = new ScriptedClient(server, "192.0.2.5:4000").allocated();

    @Test
    void aPermissionIsForAnAddressWithAnyPortAndEndsAfterFiveMinutes() {
        assertThat(alice.say(PEER, "hi")).isEmpty();
        assertThat(alice.hears(PEER)).isNull();
        assertThat(alice.permit(PEER).kind()).isEqualTo(StunType.SUCCESS);
        assertThat(alice.say(PEER, "hi")).containsExactly(PEER + " hi");
        assertThat(alice.say("192.0.2.9:1", "hi")).containsExactly("192.0.2.9:1 hi");
        assertThat(alice.say("192.0.2.10:9000", "hi")).isEmpty();
        assertThat(alice.hears("192.0.2.9:77")).isNotNull();
        server.pass(Duration.ofSeconds(299));
        assertThat(alice.say(PEER, "hi")).hasSize(1);
        server.pass(Duration.ofSeconds(2));
        assertThat(alice.say(PEER, "hi")).as("sending is no refresh").isEmpty();
        assertThat(alice.hears(PEER)).isNull();
        assertThat(alice.held().permissionCount()).isZero();
    }

    @Test
    void whatMayNotBeCutIsSentSoOrNotAtAll() {
        alice.permit(PEER);
        assertThat(alice.say(PEER, "hi", StunAttribute.DONT_FRAGMENT))
                .containsExactly(PEER + " hi whole");
        assertThat(alice.say(PEER, "hi")).as("it is of one datagram").hasSize(1);
        server.hasDontFragment = false;
        assertThat(alice.say(PEER, "hi", StunAttribute.DONT_FRAGMENT)).isEmpty();
    }

    @Test
    void aChannelCarriesDataForTenMinutesAndItsPermissionForFive() {
        assertThat(alice.bind(0x4001, PEER).kind()).isEqualTo(StunType.SUCCESS);
        assertThat(alice.held().toChannel(0x4001, 5, server.nowNanos)).isNotNull();
        assertThat(alice.held().toChannel(0x4002, 5, server.nowNanos)).isNull();
        server.pass(Duration.ofSeconds(301));
        assertThat(alice.held().toChannel(0x4001, 5, server.nowNanos)).isNull();
        alice.permit(PEER);
        assertThat(alice.held().toChannel(0x4001, 5, server.nowNanos)).isNotNull();
        Peer peer = Objects.requireNonNull(alice.hears(PEER));
        assertThat(peer.channel(server.nowNanos)).isEqualTo(0x4001);
        alice.refresh(3600);
        server.pass(Duration.ofMinutes(5));
        alice.permit(PEER);
        assertThat(alice.held().toChannel(0x4001, 5, server.nowNanos)).isNull();
        assertThat(alice.bind(0x4002, PEER).kind()).isEqualTo(StunType.SUCCESS);
    }

    @Test
    void aChannelHasOnePeerAndAPeerOneChannel() {
        alice.bind(0x4001, PEER);
        assertThat(alice.bind(0x4001, PEER).kind()).isEqualTo(StunType.SUCCESS);
        assertThat(alice.bind(0x4001, "192.0.2.9:9001").errorCode()).isEqualTo(400);
        assertThat(alice.bind(0x4002, PEER).errorCode()).isEqualTo(400);
        for (int number : new int[] {0, 0x3FFF, 0x8000, 0xFFFF}) {
            assertThat(alice.bind(number, "192.0.2.8:1").errorCode()).isEqualTo(400);
        }
        assertThat(alice.bind(0x7FFF, "192.0.2.8:1").kind())
                .as("RFC 5766")
                .isEqualTo(StunType.SUCCESS);
        assertThat(alice.request(StunType.CHANNEL_BIND, _ -> {}).errorCode()).isEqualTo(400);
        assertThat(alice.request(StunType.CREATE_PERMISSION, _ -> {}).errorCode()).isEqualTo(400);
    }

    @Test
    void peersThatAreNotPublicAreDeniedHoweverTheyAreWritten() {
        for (String denied :
                new String[] {
                    "10.0.0.1:80",
                    "127.0.0.1:80",
                    "169.254.169.254:80",
                    "192.168.1.1:80",
                    "172.31.0.1:80",
                    "100.64.0.1:80",
                    "0.0.0.0:80",
                    "224.0.0.1:80",
                    "255.255.255.255:80",
                    "[::ffff:10.0.0.1]:80",
                    "[::ffff:127.0.0.1]:80",
                    "198.51.100.1:22",
                    "203.0.113.66:80"
                }) {
            assertThat(alice.permit(denied).errorCode()).as(denied).isEqualTo(403);
            assertThat(alice.bind(0x4000, denied).errorCode()).as(denied).isEqualTo(403);
            assertThat(alice.say(denied, "hi")).isEmpty();
        }
        assertThat(server.reports)
                .contains(
                        "alice 403: the peer 10.0.0.1:80 is a private address, and not in peers.allow",
                        "alice 403: the peer 198.51.100.1:22 is the server itself, and not in"
                                + " peers.allow",
                        "alice 403: the peer 203.0.113.66:80 is in peers.deny");
        assertThat(alice.permit("10.9.1.1:80").kind()).as("allowed").isEqualTo(StunType.SUCCESS);

        ScriptedClient six = new ScriptedClient(server, "192.0.2.5:4001");
        six.request(
                StunType.ALLOCATE,
                out -> {
                    ScriptedClient.udp(out);
                    out.putFirstOfFour(StunAttribute.REQUESTED_ADDRESS_FAMILY, 2);
                });
        for (String denied :
                new String[] {
                    "[::1]:80",
                    "[::]:80",
                    "[fe80::1]:80",
                    "[fc00::1]:80",
                    "[fdff::1]:80",
                    "[ff02::1]:80",
                    "[64:ff9b::a00:1]:80",
                    "[2002:a00:1::]:80",
                    "[2001::1]:80",
                    "[2001:db8:1::1]:22"
                }) {
            assertThat(six.permit(denied).errorCode()).as(denied).isEqualTo(403);
        }
        assertThat(six.permit("192.0.2.9:80").errorCode()).isEqualTo(443);
        assertThat(six.permit("[::ffff:127.0.0.1]:80").errorCode()).isEqualTo(443);
    }

    @Test
    void aLiveRelayOfOursIsNoDeniedPeerButItsPortsAreNoWayIn() {
        ScriptedClient bob =
                new ScriptedClient(server, "192.0.2.6:4000").as("bob", "pw2").allocated();
        String relay = bob.relay().address().toString();
        assertThat(alice.permit(relay).kind()).isEqualTo(StunType.SUCCESS);
        alice.say(relay, "hi");
        TransportAddress own = TransportAddress.parse("198.51.100.1:22");
        Peer other =
                Objects.requireNonNull(
                        alice.held()
                                .outbound(own.ip().high(), own.ip().low(), 22, 1, server.nowNanos));
        assertThat(other.isOwn()).isTrue();
        assertThat(other.mayLeave()).as("only a live relay is reached there").isFalse();
        bob.refresh(0);
        assertThat(alice.permit(relay).errorCode()).isEqualTo(403);
    }

    @Test
    void aPeerThatIsNoAddressIsABadRequest() {
        byte[][] none = {
            {},
            {0, 1, 0, 80},
            "localhost:80".getBytes(StandardCharsets.US_ASCII),
            {0, 3, 0, 80, 10, 0, 0, 1},
            {0, 1, 0, 80, 10, 0, 0, 1, 0, 0, 0, 0},
            {0, 2, 0, 80, 10, 0, 0, 1}
        };
        for (byte[] each : none) {
            for (int method : new int[] {StunType.CREATE_PERMISSION, StunType.CHANNEL_BIND}) {
                var answer =
                        alice.request(
                                method,
                                out ->
                                        out.putFirstTwoOfFour(StunAttribute.CHANNEL_NUMBER, 0x4000)
                                                .putBytes(StunAttribute.XOR_PEER_ADDRESS, each));
                assertThat(answer.errorCode()).isEqualTo(400);
            }
        }
        assertThat(alice.held().permissionCount()).isZero();
        assertThat(alice.held().peerCount()).isZero();
    }

    @Test
    void allPeersOfAPermissionOrNone() {
        var answer =
                alice.request(
                        StunType.CREATE_PERMISSION,
                        out ->
                                out.putAddress(
                                                StunAttribute.XOR_PEER_ADDRESS,
                                                TransportAddress.parse(PEER))
                                        .putAddress(
                                                StunAttribute.XOR_PEER_ADDRESS,
                                                TransportAddress.parse("10.0.0.1:1")));
        assertThat(answer.errorCode()).isEqualTo(403);
        assertThat(alice.held().permissionCount()).isZero();
    }

    @Test
    void aFloodOfPermissionsPortsAndChannelsIsBounded() {
        for (int i = 0; i < 100; i++) {
            int code = i < 8 ? 0 : 508;
            var answer = alice.permit("192.0.2." + (10 + i) + ":9");
            assertThat(answer.kind() == StunType.SUCCESS ? 0 : answer.errorCode()).isEqualTo(code);
        }
        assertThat(alice.held().permissionCount()).isEqualTo(8);
        for (int port = 1; port < 10_000; port++) alice.hears("192.0.2.10:" + port);
        assertThat(alice.held().peerCount()).isLessThanOrEqualTo(32);
        int bound = 0;
        for (int i = 0; i < 100; i++) {
            if (alice.bind(0x4000 + i, "192.0.2.11:" + (i + 1)).kind() == StunType.SUCCESS) bound++;
        }
        assertThat(bound).isEqualTo(8);
        server.pass(Duration.ofSeconds(301));
        assertThat(alice.permit(PEER).kind()).as("room again").isEqualTo(StunType.SUCCESS);
    }

    @Test
    void bandwidthIsLimitedBothWaysTogether() {
        SimulatedServer slow =
                new SimulatedServer(
                        new SimulatedServer.Limits(9, 9, 8, 1000, 0, List.of(), List.of()));
        ScriptedClient client = new ScriptedClient(slow, "192.0.2.5:4000").allocated();
        client.bind(0x4000, PEER);
        int passed = 0;
        for (int i = 0; i < 100; i++) {
            if (client.held().toChannel(0x4000, 50, slow.nowNanos) != null) passed += 50;
            if (client.hears(PEER) != null) passed += 10;
        }
        assertThat(passed).isLessThanOrEqualTo(1000).isGreaterThan(900);
        slow.pass(Duration.ofMillis(500));
        passed = 0;
        for (int i = 0; i < 100; i++) {
            if (client.held().toChannel(0x4000, 50, slow.nowNanos) != null) passed += 50;
        }
        assertThat(passed).isBetween(450, 550);
    }

    @Test
    void aPacketMakesNoGarbage() {
        alice.bind(0x4000, PEER);
        TransportAddress peer = TransportAddress.parse(PEER);
        alice.writer
                .begin(StunType.SEND_INDICATION, 1, 2)
                .putAddress(StunAttribute.XOR_PEER_ADDRESS, peer)
                .putBytes(StunAttribute.DATA, new byte[170]);
        ByteBuffer message = alice.writer.finish();
        Allocation allocation = alice.held();
        ThreadMXBean thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = 0;
        for (int i = 0; i < 11_000; i++) {
            if (i == 1_000) before = thread.getCurrentThreadAllocatedBytes();
            var _ = allocation.toChannel(0x4000, 170, server.nowNanos);
            var _ =
                    allocation.inbound(
                            peer.ip().high(), peer.ip().low(), 9000, 170, server.nowNanos);
            var _ =
                    allocation.outbound(
                            peer.ip().high(), peer.ip().low(), 9000, 170, server.nowNanos);
        }
        assertThat(thread.getCurrentThreadAllocatedBytes() - before).isLessThan(10_000);
        assertThat(message.remaining()).isGreaterThan(170);
    }

    @Test
    void aDataIndicationSaysWhoSentWhat() {
        alice.permit(PEER);
        Peer peer = Objects.requireNonNull(alice.hears(PEER));
        ByteBuffer header = server.engine.dataHeader(peer, 5);
        ByteBuffer whole = ByteBuffer.allocate(header.remaining() + 8);
        whole.put(header).put(new byte[] {1, 2, 3, 4, 5, 0, 0, 0}).flip();
        var reader = new dev.cardea.wire.stun.StunReader().read(whole);
        assertThat(reader.type()).isEqualTo(StunType.DATA_INDICATION);
        assertThat(reader.address(StunAttribute.XOR_PEER_ADDRESS)).hasToString(PEER);
        assertThat(reader.bytes(StunAttribute.DATA)).containsExactly(1, 2, 3, 4, 5);
    }
}
